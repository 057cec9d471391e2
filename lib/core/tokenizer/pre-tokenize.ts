/** Cuts a text into the words that are encoded each by itself. */
import { compilePattern } from './split-pattern.ts';
import { type PreStep, TokenizerRefusal } from './tokenizer-file.ts';

/** The pattern of GPT-2, which `ByteLevel` brings along. */
const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

export type PreTokenizer = {
  /** Ends of the words, one behind the other; a word may not be part of the text (`Removed`): then null. */
  cut: (text: string, word: (word: string, from: number) => void) => void;
  byteLevel: boolean;
};

type Cutter = (text: string, from: number, word: (word: string, from: number) => void) => void;

export function makePreTokenizer(steps: readonly PreStep[]): PreTokenizer {
  const cutters: Cutter[] = [];
  let byteLevel = false;
  for (const step of steps) {
    if (step.type === 'ByteLevel') {
      byteLevel = true;
      if (step.add_prefix_space) throw new TokenizerRefusal('a blank put before the text is not known here');
      if (step.use_regex ?? true) cutters.push(isolating(compilePattern({ Regex: GPT2 })));
    } else if (step.type === 'Digits') {
      cutters.push(isolating(compilePattern({ Regex: step.individual_digits ? '\\p{Nd}' : '\\p{Nd}+' })));
    } else if (step.type === 'Split') {
      cutters.push(splitting(step));
    } else throw new TokenizerRefusal('the pre-tokenizer Metaspace is not known here');
  }
  return { cut: chain(cutters), byteLevel };
}

function chain(cutters: readonly Cutter[]): PreTokenizer['cut'] {
  if (cutters.length === 0) return (text, word) => word(text, 0);
  if (cutters.length === 1) return (text, word) => cutters[0]!(text, 0, word);
  const step = (at: number, word: (word: string, from: number) => void): ((text: string, from: number) => void) => {
    if (at === cutters.length) return word;
    const next = step(at + 1, word);
    return (text, from) => cutters[at]!(text, from, next);
  };
  return (text, word) => step(0, word)(text, 0);
}

/** What matches and what lies between are words each. */
function isolating(pattern: RegExp): Cutter {
  return (text, offset, word) => {
    let done = 0;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const { index } = match;
      const [whole] = match;
      if (whole === '') {
        pattern.lastIndex++;
        continue;
      }
      if (index > done) word(text.slice(done, index), offset + done);
      word(whole, offset + index);
      done = index + whole.length;
    }
    if (done < text.length) word(text.slice(done), offset + done);
  };
}

function splitting(step: Extract<PreStep, { type: 'Split' }>): Cutter {
  const pattern = compilePattern(step.pattern);
  const { behavior } = step;
  if (behavior === 'Isolated') return isolating(pattern);
  if (step.invert && behavior === 'Removed') {
    // What matches is kept, the rest is dropped.
    return (text, offset, word) => {
      for (const { 0: whole, index } of text.matchAll(pattern)) if (whole !== '') word(whole, offset + index);
    };
  }
  if (step.invert) throw new TokenizerRefusal('an inverted split is not known here');
  return (text, offset, word) => {
    let start = 0;
    let last = 0;
    const give = (from: number, to: number) => {
      if (to > from) word(text.slice(from, to), offset + from);
    };
    for (const { 0: whole, index } of text.matchAll(pattern)) {
      if (whole === '') continue;
      const end = index + whole.length;
      if (behavior === 'Removed') {
        give(start, index);
        start = end;
      } else if (behavior === 'MergedWithPrevious') {
        give(start, end);
        start = end;
      } else if (behavior === 'MergedWithNext') {
        give(start, index);
        start = index;
      } else if (index !== last || index === 0) {
        // Contiguous: matches that touch are one word.
        give(start, index);
        start = index;
      }
      if (behavior === 'Contiguous' && !touches(text, pattern, end)) {
        give(start, end);
        start = end;
      }
      last = end;
    }
    give(start, text.length);
  };
}

function touches(text: string, pattern: RegExp, at: number): boolean {
  const sticky = new RegExp(pattern.source, 'uy');
  sticky.lastIndex = at;
  return sticky.test(text);
}
