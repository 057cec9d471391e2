/** A rendered text cut into pieces to be drawn: trained on or not, special tokens apart; and its tokens counted. */
import { lossMask } from '../tokenizer/mask.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Branch } from './rendered-row.ts';

/** `at`: UTF-16 place in the text. */
export type Piece = { at: number; text: string; isTrained: boolean; isSpecial: boolean };

export type PaintedBranch = {
  name: Branch['name'];
  pieces: Piece[];
  characters: number;
  tokens: { all: number; trained: number } | null;
  /** Characters that are not drawn: the text is longer than a page can show. */
  cutCharacters: number;
};

/** A page of this size still scrolls smoothly; the file has all of it. */
const MAX_DRAWN = 200_000;

/** Looks like a special token where no tokenizer tells. */
const SPECIAL =
  /<\|[^<>|\s]{1,40}\|>|<\/?(?:think|tools?|tool_call|tool_response|start_of_turn|end_of_turn|bos|eos|s)>/g;

export function paint(branch: Branch, tokenizer: Tokenizer | null): PaintedBranch {
  const { text, assistantSpans } = branch;
  const drawn = text.slice(0, MAX_DRAWN).toWellFormed();
  const specials = tokenizer
    ? tokenizer.addedIn(drawn)
    : [...drawn.matchAll(SPECIAL)].map(({ 0: whole, index }) => [index, index + whole.length] as const);
  return {
    name: branch.name,
    pieces: cut(drawn, trainedUnits(drawn, assistantSpans), specials),
    characters: [...text].length,
    tokens: tokenizer ? countTokens(branch, tokenizer) : null,
    cutCharacters: text.length - drawn.length,
  };
}

function countTokens({ text, assistantSpans }: Branch, tokenizer: Tokenizer): { all: number; trained: number } {
  const tokens = tokenizer.encodeWithOffsets(text);
  return { all: tokens.ids.length, trained: lossMask(text, tokens, assistantSpans).reduce((sum, on) => sum + on, 0) };
}

type Range = readonly [number, number];

/** Spans of code points as UTF-16 ranges, in order. */
function trainedUnits(text: string, spans: readonly Range[]): Range[] {
  const sorted = [...spans].sort(([a], [b]) => a - b);
  const ranges: Range[] = [];
  let unit = 0;
  let point = 0;
  const unitAt = (wanted: number): number => {
    while (point < wanted && unit < text.length) {
      unit += text.codePointAt(unit)! > 0xffff ? 2 : 1;
      point++;
    }
    return unit;
  };
  for (const [start, end] of sorted) if (end > point || point === 0) ranges.push([unitAt(start), unitAt(end)]);
  return ranges;
}

function cut(text: string, trained: readonly Range[], specials: readonly Range[]): Piece[] {
  const edges = new Set<number>([0, text.length]);
  for (const [from, to] of [...trained, ...specials]) {
    edges.add(from);
    edges.add(to);
  }
  const sorted = [...edges].filter((edge) => edge <= text.length).sort((a, b) => a - b);
  const within = (ranges: readonly Range[]) => {
    let next = 0;
    return (at: number): boolean => {
      while (next < ranges.length && ranges[next]![1] <= at) next++;
      return next < ranges.length && ranges[next]![0] <= at;
    };
  };
  const isTrained = within(trained);
  const isSpecial = within(specials);
  return sorted.slice(0, -1).map((from, at) => ({
    at: from,
    text: text.slice(from, sorted[at + 1]),
    isTrained: isTrained(from),
    isSpecial: isSpecial(from),
  }));
}
