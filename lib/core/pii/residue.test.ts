import { describe, expect, it } from 'vitest';
import { residueIn } from './residue.ts';

const needles = [{ value: 'Mara Quist', aliases: ['mquist'] }, { value: 'Will' }];
const rules = (text: string, config = {}): string[] => residueIn(text, needles, config).map((hit) => hit.rule);

describe('the last look at what leaves', () => {
  it.each([
    ['a known value in a text', '{"messages":[{"content":"as mara  QUIST said"}]}'],
    ['an alias in a key', '{"mquist":1}'],
    ['a value in base64', `{"a":"${Buffer.from('for Mara Quist').toString('base64')}"}`],
    ['a value percent-encoded', '{"a":"q=Mara%20Quist"}'],
    ['a word that is a name, where it stands as one', '{"a":"please ask Will today"}'],
  ])('blocks %s', (_, row) => {
    expect(rules(row)).toContain('known-value');
  });

  it('blocks what only a detector knows, and names the rule and the place in code points, never the value', () => {
    const [hit] = residueIn('{"a":{"b":"👩‍🚀 jon@tallow.example"}}', []);
    expect(hit).toEqual({ path: '#json/a/b', start: 4, end: 22, type: 'EMAIL', rule: 'rule:email@1', view: 'source' });
  });

  it.each([
    ['our placeholders', '{"content":"Hi [PERSON_1], password: [SECRET_1], mail [EMAIL_12]"}'],
    ['a word in lower case that is somebody’s name', '{"content":"it will be fine"}'],
  ])('lets %s pass', (_, row) => {
    expect(rules(row)).toEqual([]);
  });

  it('lets kept types and declared surrogates pass, known values never', () => {
    const row = '{"content":"Born on 12 March 1984, jon@reserved.example"}';
    const exempt = (_: string, value: string) => value === 'jon@reserved.example';
    expect(rules(row, { quasi: { DATE: 'keep' }, exempt })).toEqual([]);
    expect(rules('{"content":"mquist"}', { exempt: () => true, isOurs: () => true })).toEqual(['known-value']);
  });
});
