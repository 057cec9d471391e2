/**
 * PERSON of the name detector alone on public texts, when they lie beside the checkout. The floors stand a little below
 * what was measured, so that a loss shows; they are no goals (those are docs/privacy.md section 9, with a trained tagger).
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codePointsOf } from '../code-points.ts';
import { findNames } from './find-names.ts';

const folder = new URL('../../../../../shared/pii/', import.meta.url);
type Row = { text: string; spans: { start: number; end: number; type: string }[] };

/** Shares: of gold persons masked whole, and of what was flagged that touches a person or title. */
function measure(file: string, from: number): { full: number; precision: number } {
  let gold = 0;
  let full = 0;
  let flagged = 0;
  let right = 0;
  for (const line of readFileSync(new URL(file, folder), 'utf8').trim().split('\n')) {
    const row = JSON.parse(line) as Row;
    const toPoint = codePointsOf(row.text);
    const hits = findNames(row.text)
      .filter((hit) => hit.type === 'PERSON' && hit.score >= from)
      .map((hit) => ({ start: toPoint(hit.start), end: toPoint(hit.end) }));
    const people = row.spans.filter((span) => span.type === 'PERSON');
    const allowed = row.spans.filter((span) => span.type === 'PERSON' || span.type === 'TITLE');
    gold += people.length;
    flagged += hits.length;
    for (const one of people) if (hits.some((hit) => hit.start <= one.start && hit.end >= one.end)) full++;
    for (const hit of hits) if (allowed.some((one) => hit.start < one.end && hit.end > one.start)) right++;
  }
  return { full: full / gold, precision: right / flagged };
}

describe.skipIf(!existsSync(folder))('names in public texts', () => {
  it.each([
    ['wikigold/dev.jsonl', { auto: [0.58, 0.8], suggest: [0.76, 0.58] }],
    ['presidio-synth/dev.jsonl', { auto: [0.63, 0.84], suggest: [0.81, 0.69] }],
    ['wnut17/train.jsonl', { auto: [0.4, 0.69], suggest: [0.59, 0.44] }],
  ] as const)('%s: whole names and precision, auto and suggest', (file, floors) => {
    for (const [tier, from] of [
      ['auto', 0.6],
      ['suggest', 0.3],
    ] as const) {
      const { full, precision } = measure(file, from);
      const [leastFull, leastPrecision] = floors[tier];
      expect(full, tier).toBeGreaterThan(leastFull);
      expect(precision, tier).toBeGreaterThan(leastPrecision);
    }
  });
});
