import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CORPORA, lowered, readCorpus, type Sentence } from '../../../../scripts/tagger/sentences.ts';
import { findNames } from '../names/find-names.ts';
import { nameRule } from '../names/name-rule.ts';
import { tokensOf } from '../names/tokens.ts';
import { traitsOf } from '../traits.ts';
import { COUNT, emissionsOf, isPlain, labelsOf, mayFollow } from './model.ts';
import { readWords, tagWords, trainedModel } from './tag-names.ts';
import { TAGGER_VERSION } from './weights.ts';

const read = (text: string) => {
  const tokens = tokensOf(text);
  return readWords(text, tokens, findNames(text, '', tokens));
};
const named = (text: string, from = 0.6) =>
  nameRule
    .find({ text, key: '', kind: 'string', view: 'source', traits: traitsOf(text) })
    .filter((hit) => hit.score >= from)
    .map((hit) => `${hit.type} ${text.slice(hit.start, hit.end)}`);

describe('the tagger', () => {
  it('is the one that its card describes', () => {
    const card = JSON.parse(readFileSync(new URL('../../../../docs/tagger.json', import.meta.url), 'utf8'));
    const { weights } = trainedModel();
    expect(card.version).toBe(TAGGER_VERSION);
    expect(
      createHash('sha256')
        .update(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength))
        .digest('hex'),
    ).toBe(card.weightsSha256);
  });

  it.each([
    ['my name is Mara Quist and I moved from Lyon to Ghent', ['PERSON Mara Quist', 'LOCATION Lyon']],
    ['hi im mara quist, my order is late', ['PERSON mara quist']],
    ['Ich habe gestern mit Jonas Vetterli gesprochen.', ['PERSON Jonas Vetterli']],
    ['Me llamo Lucía Ferreiro y vivo en Sevilla.', ['PERSON Lucía Ferreiro']],
  ])('names people and places: %s', (text, expected) => {
    expect(named(text)).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    'Error: Cannot find module in Object.<anonymous>',
    'Use Times New Roman for the heading and save the file.',
    'import React from "react"; class UserController extends BaseController {}',
    'Step 1: Open the Settings page and click Save Changes.',
  ])('leaves alone: %s', (text) => {
    expect(named(text).filter((name) => name.startsWith('PERSON'))).toEqual([]);
  });

  it('parts names where a sentence ends', () => {
    expect(named('I will ask Mara. Quist answered.')).not.toContain('PERSON Mara. Quist');
  });

  it('names at least as much with a lower bias on nothing, sorted and disjoint, in any text', () => {
    const word = fc.constantFrom(
      'Mara',
      'Quist',
      'the',
      'in',
      'Lyon',
      'Bank',
      'said',
      'dr',
      'Acme GmbH',
      '.',
      ',',
      '\n',
      '—',
      '9',
      'von',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const text = words.join(' ');
        const [strict, loose] = tagWords(text, read(text), trainedModel(), [0, -300]);
        for (const list of [strict!, loose!])
          for (const [i, name] of list.entries()) {
            expect(name.end).toBeGreaterThan(name.start);
            if (i > 0) expect(name.start).toBeGreaterThanOrEqual(list[i - 1]!.end);
          }
        const covered = (list: typeof strict) => list!.reduce((sum, { start, end }) => sum + end - start, 0);
        expect(covered(loose)).toBeGreaterThanOrEqual(covered(strict));
      }),
      { numRuns: 80 },
    );
  });

  it('skips the search for a path only where the path would be empty, and lets nothing follow what it may not', () => {
    const { weights, transitions } = trainedModel();
    for (const text of ['Mara Quist went home', 'The Report is in the Folder', 'ask Will']) {
      for (const { slots, count } of read(text).runs) {
        const emissions = emissionsOf(weights, slots, count);
        for (const bias of [-200, 0, 200]) {
          const labels = labelsOf(emissions, transitions, bias);
          if (isPlain(emissions, transitions, bias)) expect([...labels].every((label) => label === 0)).toBe(true);
          for (let i = 0; i < labels.length; i++)
            expect(mayFollow(i === 0 ? 0 : labels[i - 1]!, labels[i]!)).toBe(true);
          expect(Math.max(0, ...labels)).toBeLessThan(COUNT);
        }
      }
    }
  });
});

const folder = new URL('../../../../../shared/pii/', import.meta.url);

/** People named whole, and hits on people among all, both tiers told apart by `from`. */
function measure(sentences: readonly Sentence[], from: number): { full: number; precision: number } {
  let gold = 0;
  let full = 0;
  let flagged = 0;
  let right = 0;
  for (const { text, spans } of sentences) {
    const hits = nameRule
      .find({ text, key: '', kind: 'string', view: 'source', traits: traitsOf(text) })
      .filter((hit) => hit.score >= from);
    const people = spans.filter((span) => span.type === 'PERSON');
    gold += people.length;
    for (const one of people) if (hits.some((hit) => hit.start <= one.start && hit.end >= one.end)) full++;
    for (const hit of hits.filter((hit) => hit.type === 'PERSON')) {
      flagged++;
      if (people.some((one) => hit.start < one.end && hit.end > one.start)) right++;
    }
  }
  return { full: full / gold, precision: right / flagged };
}

/** Documents and templates that the weights have never seen. The floors stand a little below what was measured. */
describe.skipIf(!existsSync(folder))('people in held-out public texts', () => {
  const held = (name: string): Sentence[] =>
    readCorpus(fileURLToPath(folder), CORPORA.find((corpus) => corpus.name === name)!).filter(
      (sentence) => sentence.held,
    );
  it.each([
    ['wikigold', { auto: [0.78, 0.75], suggest: [0.86, 0.66] }],
    ['wnut17', { auto: [0.65, 0.55], suggest: [0.74, 0.36] }],
    ['presidio-synth', { auto: [0.82, 0.78], suggest: [0.88, 0.68] }],
  ] as const)('%s: whole names and precision', (name, floors) => {
    for (const [tier, from] of [
      ['auto', 0.6],
      ['suggest', 0.3],
    ] as const) {
      const { full, precision } = measure(held(name), from);
      expect(full, tier).toBeGreaterThan(floors[tier][0]);
      expect(precision, tier).toBeGreaterThan(floors[tier][1]);
    }
  });

  it('finds most of them without a capital anywhere', () => {
    const { full, precision } = measure(held('wikigold').map(lowered), 0.6);
    expect(full).toBeGreaterThan(0.55);
    expect(precision).toBeGreaterThan(0.68);
  });
});
