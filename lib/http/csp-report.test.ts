import { describe, expect, it } from 'vitest';
import { directiveOf, readReport } from './csp-report.ts';

const sent = (body: string) => readReport(new Request('http://localhost/', { method: 'POST', body }));

describe('a report of a broken policy', () => {
  it('is named by its directive, whichever way the browser says it', async () => {
    const byUri = { 'csp-report': { 'violated-directive': 'script-src-elem https://a.example', 'blocked-uri': 'x' } };
    expect(directiveOf(await sent(JSON.stringify(byUri)))).toBe('script-src-elem');
    expect(directiveOf([{ type: 'csp-violation', body: { effectiveDirective: 'img-src' } }])).toBe('img-src');
  });

  it('is nothing when it is no report, names no directive of ours, or is too long', async () => {
    for (const body of ['', 'null', '[]', '7', '{', '{"csp-report":{"violated-directive":"Bea Thorn"}}'])
      expect(directiveOf(await sent(body))).toBeUndefined();
    const long = { 'csp-report': { 'violated-directive': 'img-src', original: 'x'.repeat(20_000) } };
    expect(directiveOf(await sent(JSON.stringify(long)))).toBeUndefined();
  });
});
