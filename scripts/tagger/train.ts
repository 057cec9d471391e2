/** Averaged perceptron over the runs of sentences (Collins 2002), in fixed order and without chance but the seed's. */
import { findNames } from '../../lib/core/pii/names/find-names.ts';
import { tokensOf } from '../../lib/core/pii/names/tokens.ts';
import { FEATURES, SLOT_BITS } from '../../lib/core/pii/tagger/features.ts';
import { COUNT, emissionsOf, LABELS, labelsOf, type Model } from '../../lib/core/pii/tagger/model.ts';
import { type Read, readWords } from '../../lib/core/pii/tagger/tag-names.ts';
import { chanceOf, type Sentence } from './sentences.ts';

type Example = { slots: Int32Array; count: number; gold: Uint8Array };

export const readSentence = (text: string): Read => {
  const tokens = tokensOf(text);
  return readWords(text, tokens, tokens.length === 0 ? [] : findNames(text));
};

export function goldLabels(read: Read, sentence: Sentence): Uint8Array {
  const { tokens, count } = read.words;
  const gold = new Uint8Array(count);
  for (const { start, end, type } of [...sentence.spans].sort((a, b) => a.start - b.start)) {
    const begin = LABELS.indexOf(`B-${type}` as (typeof LABELS)[number]);
    if (begin < 0) continue;
    let label = begin;
    for (let i = 0; i < count; i++) {
      const token = tokens[i]!;
      if (token.start >= end || token.end <= start) continue;
      // a title labelled apart goes on into the name behind it
      if (
        label === begin &&
        i > 0 &&
        type === 'PERSON' &&
        (gold[i - 1] === begin || gold[i - 1] === begin + 1) &&
        tokens[i - 1]!.endAll + 2 >= token.start
      )
        label = begin + 1;
      gold[i] = label;
      label = begin + 1;
    }
  }
  return gold;
}

export function examplesOf(sentences: readonly Sentence[]): Example[] {
  return sentences.flatMap((sentence) => {
    const read = readSentence(sentence.text);
    const gold = goldLabels(read, sentence);
    return read.runs.map(({ start, count, slots }) => ({ slots, count, gold: gold.slice(start, start + count) }));
  });
}

const ROWS = 1 << SLOT_BITS;

export type Trained = { weights: Float64Array; transitions: Float64Array };

export function train(
  examples: readonly Example[],
  epochs: number,
  seed: number,
  report: (line: string) => void,
): Trained {
  const weights = new Float64Array(ROWS * COUNT);
  const sums = new Float64Array(ROWS * COUNT);
  const transitions = new Float64Array(COUNT * COUNT);
  const transitionSums = new Float64Array(COUNT * COUNT);
  const order = new Uint32Array(examples.length).map((_, i) => i);
  const chance = chanceOf(seed);
  let step = 1;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(chance() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    let wrong = 0;
    for (const n of order) {
      const { slots, count, gold } = examples[n]!;
      const guess = labelsOf(emissionsOf(weights, slots, count), transitions, 0);
      for (let i = 0; i < count; i++) {
        const right = gold[i]!;
        const taken = guess[i]!;
        const rightBefore = i === 0 ? 0 : gold[i - 1]!;
        const takenBefore = i === 0 ? 0 : guess[i - 1]!;
        if (right !== taken || rightBefore !== takenBefore) {
          transitions[rightBefore * COUNT + right]! += 1;
          transitionSums[rightBefore * COUNT + right]! += step;
          transitions[takenBefore * COUNT + taken]! -= 1;
          transitionSums[takenBefore * COUNT + taken]! -= step;
        }
        if (right === taken) continue;
        wrong++;
        for (let f = i * FEATURES; f < (i + 1) * FEATURES; f++) {
          const row = slots[f]! * COUNT;
          weights[row + right]! += 1;
          sums[row + right]! += step;
          weights[row + taken]! -= 1;
          sums[row + taken]! -= step;
        }
      }
      step++;
    }
    report(`epoch ${epoch + 1}: ${wrong} labels wrong`);
  }
  for (let i = 0; i < weights.length; i++) weights[i]! -= sums[i]! / step;
  for (let i = 0; i < transitions.length; i++) transitions[i]! -= transitionSums[i]! / step;
  return { weights, transitions };
}

/** Eight bits a weight, in steps of 1/`scale`; what lies beyond is cut, what rounds to nothing is nothing. */
export function quantised({ weights, transitions }: Trained, scale: number): Model {
  const small = new Int8Array(weights.length);
  for (let i = 0; i < weights.length; i++) small[i] = Math.max(-127, Math.min(127, Math.round(weights[i]! * scale)));
  return { weights: small, transitions: Int16Array.from(transitions, (value) => Math.round(value * scale)) };
}
