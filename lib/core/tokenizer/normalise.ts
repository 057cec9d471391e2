/** What a tokenizer does to a text before it cuts it, with the way back to the places of the text. */
import { compilePattern } from './split-pattern.ts';
import type { NormalStep } from './tokenizer-file.ts';

/** `starts[i]` and `ends[i]`: where the i-th UTF-16 unit comes from; null: nothing has changed. */
export type Normalised = { text: string; starts: Int32Array | null; ends: Int32Array | null };

export type Normalise = (text: string, withOffsets: boolean) => Normalised;

export function makeNormaliser(steps: readonly NormalStep[]): Normalise {
  const changes = steps.map(changeOf);
  return (text, withOffsets) => {
    let now: Normalised = { text, starts: null, ends: null };
    for (const change of changes) {
      const after = change(now.text, withOffsets);
      now = after.starts === null || now.starts === null ? { ...after, ...keep(now, after) } : compose(now, after);
    }
    return now;
  };
}

/** Offsets of whichever step has changed something. */
const keep = (before: Normalised, after: Normalised) =>
  after.starts ? { starts: after.starts, ends: after.ends } : { starts: before.starts, ends: before.ends };

function compose(before: Normalised, after: Normalised): Normalised {
  const starts = after.starts!.map((at) => before.starts![at]!);
  const ends = after.ends!.map((at) => before.ends![at - 1]!);
  return { text: after.text, starts, ends };
}

type Change = (text: string, withOffsets: boolean) => Normalised;

function changeOf(step: NormalStep): Change {
  if (step.type === 'Prepend') {
    return (text, withOffsets) =>
      text === ''
        ? unchanged(text)
        : pieces(
            [
              [step.prepend, 0, 1],
              [text, 0, text.length],
            ],
            withOffsets,
          );
  }
  if (step.type === 'Replace') {
    const pattern = compilePattern(step.pattern);
    return (text, withOffsets) => {
      const replaced = text.replace(pattern, () => step.content);
      if (replaced === text) return unchanged(text);
      if (!withOffsets) return unchanged(replaced);
      const list: Piece[] = [];
      let done = 0;
      for (const match of text.matchAll(pattern)) {
        list.push([text.slice(done, match.index), done, match.index]);
        done = match.index + match[0].length;
        list.push([step.content, match.index, done]);
      }
      list.push([text.slice(done), done, text.length]);
      return pieces(list, true);
    };
  }
  const form = step.type;
  return (text, withOffsets) => {
    const formed = text.normalize(form);
    if (formed === text || !withOffsets) return unchanged(formed);
    // Letter by letter with what combines with it: such a cluster is normalised by itself.
    const list: Piece[] = [];
    for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
      const changed = cluster.normalize(form);
      const end = index + cluster.length;
      if (changed.length >= cluster.length) list.push([changed, index, end]);
      else {
        // What was put together counts as its first character, as in the reference; the marks that stay follow.
        const first = String.fromCodePoint(changed.codePointAt(0)!);
        const base = String.fromCodePoint(cluster.codePointAt(0)!);
        list.push([first, index, index + base.length]);
        list.push([changed.slice(first.length), end - (changed.length - first.length), end]);
      }
    }
    return pieces(list, true);
  };
}

/** A character with the marks behind it; letters of a Korean syllable. */
const CLUSTER = /[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]?|[\s\S]\p{M}*/gu;

const unchanged = (text: string): Normalised => ({ text, starts: null, ends: null });

type Piece = [text: string, from: number, to: number];

/** Units of a piece that has kept its length come from their own places, others from the whole piece. */
function pieces(list: Piece[], withOffsets: boolean): Normalised {
  const text = list.map(([part]) => part).join('');
  if (!withOffsets) return unchanged(text);
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  let at = 0;
  for (const [part, from, to] of list) {
    for (let within = 0; within < part.length; within++, at++) {
      const same = part.length === to - from;
      starts[at] = same ? from + within : from;
      ends[at] = same ? from + within + 1 : to;
    }
  }
  return { text, starts, ends };
}
