import { describe, expect, it } from 'vitest';
import { type Entity, linkMentions } from './link.ts';
import { buildPropagator } from './propagate.ts';
import type { PiiType } from './taxonomy.ts';

const entities = (...values: [PiiType, string][]): Entity[] =>
  linkMentions(values.map(([type, value]) => ({ type, value, score: 0.9, count: 1 }))).entities;
const found = (values: [PiiType, string][], text: string, tier?: string): string[] =>
  buildPropagator(entities(...values))
    .search(text)
    .filter((hit) => tier === undefined || hit.tier === tier)
    .map((hit) => text.slice(hit.start, hit.end));
const longest = (hits: string[]): string => hits.reduce((best, hit) => (hit.length > best.length ? hit : best), '');

describe('carrying a value to every place', () => {
  it.each([
    ['mara  QUIST', 'mara  QUIST'],
    ['see mara.quist there', 'mara.quist'],
    ['/home/mquist/app', 'mquist'],
    ['quist_mara.pdf', 'quist_mara'],
    ['“Quist, Mara”', 'Quist, Mara'],
    ['the Quists came', 'Quist'],
    ['für Maras Konto', 'Mara'],
  ])('Mara Quist in "%s"', (text, value) => {
    expect(longest(found([['PERSON', 'Mara Quist']], text))).toBe(value);
  });

  it.each(['marathon', 'quistian', 'samara', 'maraud'])('but not inside the word %s', (text) => {
    expect(found([['PERSON', 'Mara Quist']], text)).toEqual([]);
  });

  it('takes a name that is a word only where it is written as a name', () => {
    const will: [PiiType, string][] = [['PERSON', 'Will']];
    expect(found(will, 'it will do', 'auto')).toEqual([]);
    expect(found(will, 'we asked Will today', 'auto')).toEqual(['Will']);
    expect(found(will, 'Will you come?')).toEqual(['Will']);
    expect(found(will, 'Will you come?', 'auto')).toEqual([]);
    expect(found([['PERSON', 'Bo']], 'the bo command, then Bo came')).toEqual(['Bo']);
  });

  it('does not chase short numbers', () => {
    expect(found([['AGE', '34']], 'page 34 of 340')).toEqual([]);
    expect(found([['SECRET', '4931']], 'pin 4931, not 49310')).toEqual(['4931']);
  });

  it('finds a telephone number by its digits, and a key inside a longer run', () => {
    expect(found([['PHONE', '+44 20 7946 0139']], '{442079460139}')).toEqual(['442079460139']);
    expect(found([['SECRET', 'Plum-river-77']], 'xPlum-river-77x')).toEqual(['Plum-river-77']);
  });

  it('searches each needle once, and local values not at all', () => {
    const searched = new Set<string>();
    const mara = entities(['PERSON', 'Mara Quist']);
    expect(buildPropagator(mara, searched).needles).toBeGreaterThan(5);
    expect(buildPropagator(mara, searched).needles).toBe(0);
    expect(buildPropagator(mara, new Set(), new Set(['Mara Quist'])).needles).toBe(0);
  });
});
