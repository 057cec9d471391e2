/**
 * A linear chain over the labels of words (BIO). Weights are eight-bit integers, `LABELS` to a slot; a bias on `O` sets
 * how much the tagger must see before it names anything.
 */
import { FEATURES, SLOT_BITS } from './features.ts';

export const LABELS = ['O', 'B-PERSON', 'I-PERSON', 'B-LOCATION', 'I-LOCATION', 'B-ORG', 'I-ORG'] as const;
export const COUNT = LABELS.length;

export type Model = {
  /** `weights[slot * COUNT + label]`. */
  weights: Int8Array;
  /** `transitions[before * COUNT + label]`, on the scale of the weights. */
  transitions: Int16Array;
};

export const emptyModel = (): Model => ({
  weights: new Int8Array((1 << SLOT_BITS) * COUNT),
  transitions: new Int16Array(COUNT * COUNT),
});

/** Whether `O` wins at every word by more than any transitions could make good: then no path needs to be looked for. */
export function isPlain(emissions: Float64Array, transitions: ArrayLike<number>, bias: number): boolean {
  let most = 0;
  for (let i = 0; i < COUNT * COUNT; i++) most = Math.max(most, transitions[i]! - transitions[0]!);
  for (let at = 0; at < emissions.length; at += COUNT) {
    const least = emissions[at]! + bias - 2 * most;
    for (let label = 1; label < COUNT; label++) if (emissions[at + label]! >= least) return false;
  }
  return true;
}

const NEVER = -1e9;
/** A name goes on only as what it began. */
export const mayFollow = (before: number, label: number): boolean =>
  label === 0 || label % 2 === 1 || before === label || before === label - 1;

/** What each word alone says for each label: `COUNT` figures a word. @param slots `FEATURES` a word */
export function emissionsOf(weights: ArrayLike<number>, slots: Int32Array, count: number): Float64Array {
  const emissions = new Float64Array(count * COUNT);
  for (let i = 0; i < count; i++) {
    let [none, person, personOn, place, placeOn, org, orgOn] = [0, 0, 0, 0, 0, 0, 0];
    for (let f = i * FEATURES; f < (i + 1) * FEATURES; f++) {
      const row = slots[f]! * COUNT;
      none += weights[row]!;
      person += weights[row + 1]!;
      personOn += weights[row + 2]!;
      place += weights[row + 3]!;
      placeOn += weights[row + 4]!;
      org += weights[row + 5]!;
      orgOn += weights[row + 6]!;
    }
    const at = i * COUNT;
    emissions[at] = none;
    emissions[at + 1] = person;
    emissions[at + 2] = personOn;
    emissions[at + 3] = place;
    emissions[at + 4] = placeOn;
    emissions[at + 5] = org;
    emissions[at + 6] = orgOn;
  }
  return emissions;
}

/**
 * Labels of words in a row, those before and behind being `O` (Viterbi).
 * @param bias added to `O`: below 0 names more
 */
export function labelsOf(emissions: Float64Array, transitions: ArrayLike<number>, bias: number): Uint8Array {
  const count = emissions.length / COUNT;
  const back = new Uint8Array(count * COUNT);
  let last = new Float64Array(COUNT).fill(NEVER);
  let next = new Float64Array(COUNT);
  last[0] = 0;
  for (let i = 0; i < count; i++) {
    for (let label = 0; label < COUNT; label++) {
      let best = NEVER;
      let from = 0;
      for (let before = 0; before < COUNT; before++) {
        if (last[before]! <= NEVER || !mayFollow(before, label)) continue;
        const score = last[before]! + transitions[before * COUNT + label]!;
        if (score > best) {
          best = score;
          from = before;
        }
      }
      next[label] = best <= NEVER ? NEVER : best + emissions[i * COUNT + label]! + (label === 0 ? bias : 0);
      back[i * COUNT + label] = from;
    }
    [last, next] = [next, last];
  }
  const labels = new Uint8Array(count);
  let label = 0;
  for (let other = 1; other < COUNT; other++) if (last[other]! > last[label]!) label = other;
  for (let i = count - 1; i >= 0; i--) {
    labels[i] = label;
    label = back[i * COUNT + label]!;
  }
  return labels;
}
