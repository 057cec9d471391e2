import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findSpans } from '../find-spans.ts';
import { VENDOR_RULES } from './vendor-rules.ts';

const secrets = (text: string) =>
  findSpans({ path: '', text, kind: 'string', key: '' }, { tier: 'auto' })
    .filter((span) => span.type === 'SECRET')
    .map((span) => [...text].slice(span.start, span.end).join(''));
const RANDOM = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6';

// biome-ignore format: one case a line
const MASKED: [string, string][] = [
  [`key ghp_${RANDOM} leaked`, `ghp_${RANDOM}`],
  ['const apiKey = "7f3a9c0e5b1d48268ce4f70a2b96d153"', '7f3a9c0e5b1d48268ce4f70a2b96d153'],
  ['DB_PASSWORD=Plum-river-77', 'Plum-river-77'],
  ['postgres://app:Plum-river-77@db.invalid/prod', 'app:Plum-river-77'],
  ['Authorization: Basic bWFyYS5xdWlzdDpQbHVtLXJpdmVyLTc3', 'bWFyYS5xdWlzdDpQbHVtLXJpdmVyLTc3'],
  ['Cookie: sid=s%3Aq8aa; theme=dark', 'sid=s%3Aq8aa; theme=dark'],
  ['sk-4f…c9d2', 'sk-4f…c9d2'],
  ['the wifi password is plumriver seventy-seven', 'plumriver seventy-seven'],
  ['your code is 493 118', '493 118'],
  ['machine h login mquist password Plum-77', 'Plum-77'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXJhLnF1aXN0In0.c2ln', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXJhLnF1aXN0In0.c2ln'],
];

// biome-ignore format: one case a line
const KEPT = [
  'password: string', 'password = os.environ["DB_PASSWORD"]', 'your password is incorrect', 'The password is too short.', 'token = get_token()',
  'api_key = "YOUR_API_KEY"', 'OPENAI_API_KEY=sk-...', 'Authorization: Bearer <token>', 'max_tokens: 4096', 'author: the team', 'error code 500',
  'postgres://user:password@localhost/db', 'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'cookie policy',
];

describe('secrets', () => {
  it.each(MASKED)('are found whole, case %#', (text, value) => {
    expect(secrets(text)).toContain(value);
  });
  it.each(KEPT)('leave %s alone', (text) => {
    expect(secrets(text)).toEqual([]);
  });
  it('cover a private key to its end, on one line too', () => {
    const key = '-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END PRIVATE KEY-----';
    expect(secrets(`x ${key} y`)).toContain(key);
  });
  it('know at least 80 forms of keys, each a valid pattern', () => {
    expect(new Set(VENDOR_RULES.map((rule) => rule.id)).size).toBeGreaterThanOrEqual(80);
  });
});

const shared = new URL('../../../../../shared/pii/', import.meta.url);
type Case = { text: string; spans: { start: number; end: number }[]; meta: { positive: boolean } };

describe.skipIf(!existsSync(shared))('public test strings of secret scanners', () => {
  it.each([
    ['gitleaks', 0.95],
    ['secretlint', 0.8],
  ])('%s: recall stays above %d', (name, least) => {
    const lines = readFileSync(new URL(`${name}/cases.jsonl`, shared), 'utf8')
      .trim()
      .split('\n');
    const positives = lines.map((line) => JSON.parse(line) as Case).filter((row) => row.meta.positive);
    const hits = positives.filter((row) => {
      const spans = findSpans({ path: '', text: row.text, kind: 'string', key: '' }, { tier: 'auto' });
      return row.spans.every((gold) => spans.some((span) => span.start < gold.end && gold.start < span.end));
    });
    expect(hits.length / positives.length).toBeGreaterThanOrEqual(least);
  });
});
