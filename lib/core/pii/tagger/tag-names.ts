/**
 * Names of people, places and organisations by a trained tagger (weights and where they come from: docs/tagger.md). What
 * the rules of `names/` find is a feature of it; what they are sure of stands whatever the tagger says.
 */
import { gunzipSync } from 'fflate';
import { TITLES } from '../names/cues.ts';
import type { NameHit } from '../names/find-names.ts';
import type { Token } from '../names/tokens.ts';
import { fromBase64 } from '../views/bytes.ts';
import { FEATURES, type Words, wordsOfText, writeFeatures } from './features.ts';
import { emissionsOf, isPlain, LABELS, labelsOf, type Model } from './model.ts';
import { runsOf } from './runs.ts';
import { TRANSITIONS, WEIGHTS } from './weights.ts';

export type Tagged = { start: number; end: number; type: 'PERSON' | 'LOCATION' | 'ORG' };

/** The runs of a text, to be labelled with one bias or several. */
export type Read = { words: Words; runs: { start: number; count: number; slots: Int32Array }[] };

export function readWords(text: string, tokens: readonly Token[], ruled: readonly NameHit[]): Read {
  const words = wordsOfText(text, tokens, ruled);
  const runs = runsOf(words).map(({ start, end }) => {
    const slots = new Int32Array((end - start) * FEATURES);
    for (let i = start; i < end; i++) writeFeatures(words, i, slots, (i - start) * FEATURES);
    return { start, count: end - start, slots };
  });
  return { words, runs };
}

/** Names at each operating point, sorted and disjoint. @param biases see `labelsOf` */
export function tagWords(text: string, read: Read, model: Model, biases: readonly number[]): Tagged[][] {
  const tagged: Tagged[][] = biases.map(() => []);
  for (const { start, count, slots } of read.runs) {
    const emissions = emissionsOf(model.weights, slots, count);
    for (const [n, bias] of biases.entries())
      if (!isPlain(emissions, model.transitions, bias))
        collect(text, read.words.tokens, start, labelsOf(emissions, model.transitions, bias), tagged[n]!);
  }
  return tagged;
}

function collect(text: string, tokens: readonly Token[], from: number, labels: Uint8Array, into: Tagged[]): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label === 0) continue;
    const start = i;
    while (
      i + 1 < labels.length &&
      labels[i + 1] === label + (label % 2) &&
      goesOn(text, tokens[from + i]!, tokens[from + i + 1]!)
    )
      i++;
    const type = LABELS[label]!.slice(2) as Tagged['type'];
    into.push({ start: tokens[from + start]!.start, end: tokens[from + i]!.end, type });
  }
}

/** Whether one name may hold both: nothing but a blank, a comma, a hyphen or the dot of a short form parts them. */
function goesOn(text: string, a: Token, b: Token): boolean {
  if (b.start - a.endAll > 4) return false;
  const gap = text.slice(a.endAll, b.start);
  return gap.startsWith('.')
    ? (a.shape === 'initial' || TITLES.has(a.folded)) && /^\.[ \u00a0]?$/.test(gap)
    : /^[^.!?;:\n\r]*$/.test(gap);
}

let known: Model | undefined;
/** The trained model; unpacked when first asked for. */
export function trainedModel(): Model {
  if (known !== undefined) return known;
  const bytes = gunzipSync(fromBase64(WEIGHTS));
  known = {
    weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    transitions: Int16Array.from(TRANSITIONS),
  };
  return known;
}
