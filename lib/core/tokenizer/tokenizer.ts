/**
 * Token ids exactly as Hugging Face's tokenizers give them for a `tokenizer.json` of the kind BPE, byte-level (Qwen, Llama 3,
 * gpt-oss) or over characters with bytes to fall back on (Gemma, Mistral). No special tokens are added: templates write them.
 */
import { AddedTokenFinder } from './added-tokens.ts';
import { MergeTable, merge } from './bpe.ts';
import { isAscii, tokenBytes, utf8Bytes } from './byte-alphabet.ts';
import { makeNormaliser, type Normalise, type Normalised } from './normalise.ts';
import { makePreTokenizer, type PreTokenizer } from './pre-tokenize.ts';
import { type AddedToken, readTokenizerFile, type TokenizerFile, TokenizerRefusal } from './tokenizer-file.ts';

/** Ids with the part of the text each stands for, UTF-16, half open; the parts of one character all hold it. */
export type Tokens = { ids: Int32Array; starts: Int32Array; ends: Int32Array };

/** Words kept with their ids; texts repeat themselves. Long ones rarely do. */
const CACHE_WORDS = 200_000;
const CACHE_LENGTH = 40;

class Sink {
  ids = new Int32Array(1024);
  starts = new Int32Array(0);
  ends = new Int32Array(0);
  length = 0;
  readonly withOffsets: boolean;
  constructor(withOffsets: boolean) {
    this.withOffsets = withOffsets;
    if (withOffsets) {
      this.starts = new Int32Array(1024);
      this.ends = new Int32Array(1024);
    }
  }
  push(id: number): void {
    if (this.length === this.ids.length) this.grow();
    this.ids[this.length++] = id;
  }
  place(id: number, from: number, to: number): void {
    if (this.length === this.ids.length) this.grow();
    this.starts[this.length] = from;
    this.ends[this.length] = to;
    this.ids[this.length++] = id;
  }
  private grow(): void {
    this.ids = enlarged(this.ids);
    if (!this.withOffsets) return;
    this.starts = enlarged(this.starts);
    this.ends = enlarged(this.ends);
  }
}

function enlarged(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

export class Tokenizer {
  private readonly raw: AddedTokenFinder;
  private readonly normal: AddedTokenFinder;
  private readonly normalise: Normalise;
  private readonly preTokenizer: PreTokenizer;
  private readonly model: WordEncoder;
  private readonly added: ReadonlyMap<string, AddedToken>;

  /** @param text of `tokenizer.json` @throws TokenizerRefusal */
  constructor(text: string) {
    const file = readTokenizerFile(text);
    this.normalise = makeNormaliser(file.normalizers);
    this.preTokenizer = makePreTokenizer(file.preTokenizers);
    this.raw = new AddedTokenFinder(file.addedTokens.filter(({ normalized }) => !normalized));
    // These are looked for in the changed text, in their own changed form.
    this.normal = new AddedTokenFinder(
      file.addedTokens
        .filter(({ normalized }) => normalized)
        .map((token) => ({ ...token, content: this.normalise(token.content, false).text })),
    );
    this.model = this.preTokenizer.byteLevel ? new ByteWords(file) : new CharacterWords(file);
    this.added = new Map(file.addedTokens.map((token) => [token.content, token]));
  }

  /** The id of an added token; undefined when the tokenizer has none of that content. */
  idOf(content: string): number | undefined {
    return this.added.get(content)?.id;
  }

  /** Where added tokens stand in a text, UTF-16. */
  addedIn(text: string): [number, number][] {
    const found: [number, number][] = [];
    this.raw.split(
      text,
      () => {},
      (_token, from, to) => found.push([from, to]),
    );
    return found;
  }

  encode(text: string): Int32Array {
    const sink = new Sink(false);
    this.run(text, sink);
    return sink.ids.slice(0, sink.length);
  }

  count(text: string): number {
    const sink = new Sink(false);
    this.run(text, sink);
    return sink.length;
  }

  encodeWithOffsets(text: string): Tokens {
    const sink = new Sink(true);
    this.run(text, sink);
    const { length } = sink;
    return { ids: sink.ids.slice(0, length), starts: sink.starts.slice(0, length), ends: sink.ends.slice(0, length) };
  }

  private run(text: string, sink: Sink): void {
    this.raw.split(
      text,
      (from, to) => this.part(from === 0 && to === text.length ? text : text.slice(from, to), from, sink),
      (token, from, to) => (sink.withOffsets ? sink.place(token.id, from, to) : sink.push(token.id)),
    );
  }

  /** Text without raw added tokens. */
  private part(text: string, offset: number, sink: Sink): void {
    const changed = this.normalise(text, sink.withOffsets);
    if (this.normal.isEmpty) {
      this.words(changed.text, 0, changed, offset, sink);
      return;
    }
    this.normal.split(
      changed.text,
      (from, to) => this.words(changed.text.slice(from, to), from, changed, offset, sink),
      (token, from, to) => {
        if (!sink.withOffsets) sink.push(token.id);
        else sink.place(token.id, offset + startOf(changed, from), offset + endOf(changed, to));
      },
    );
  }

  private words(text: string, shift: number, changed: Normalised, offset: number, sink: Sink): void {
    const { model } = this;
    if (!sink.withOffsets) {
      this.preTokenizer.cut(text, (word) => {
        const ids = model.encode(word);
        if (typeof ids === 'number') sink.push(ids);
        else for (let at = 0; at < ids.length; at++) sink.push(ids[at]!);
      });
      return;
    }
    this.preTokenizer.cut(text, (word, from) => {
      const ids = model.encode(word);
      const list = typeof ids === 'number' ? [ids] : ids;
      model.offsets(word, list, (at, start, end) => {
        const base = shift + from;
        sink.place(list[at]!, offset + startOf(changed, base + start), offset + endOf(changed, base + end));
      });
    });
  }
}

const startOf = ({ starts }: Normalised, at: number) => (starts ? starts[at]! : at);
const endOf = ({ ends }: Normalised, at: number) => (ends ? ends[at - 1]! : at);

type Ids = number | readonly number[];

abstract class WordEncoder {
  private readonly cache = new Map<string, Ids>();

  /** One id, or several. */
  encode(word: string): Ids {
    const known = this.cache.get(word);
    if (known !== undefined) return known;
    const ids = this.work(word);
    if (word.length <= CACHE_LENGTH) {
      if (this.cache.size >= CACHE_WORDS) this.cache.clear();
      // A word cut out of a text keeps all of the text alive: the key is a copy of its own.
      this.cache.set(Buffer.from(word, 'utf16le').toString('utf16le'), ids);
    }
    return ids;
  }

  protected abstract work(word: string): Ids;
  /** Calls back with each token's part of the word, UTF-16. */
  abstract offsets(word: string, ids: readonly number[], each: (at: number, start: number, end: number) => void): void;
}

const shorten = (ids: number[]): Ids => (ids.length === 1 ? ids[0]! : ids);

function buildMerges(
  file: TokenizerFile,
  vocabulary: ReadonlyMap<string, number>,
  bytes: (token: string) => string | null,
) {
  const table = new MergeTable(file.merges.length);
  file.merges.forEach((pair, rank) => {
    const blank = typeof pair === 'string' ? pair.indexOf(' ') : -1;
    const left = bytes(typeof pair === 'string' ? pair.slice(0, blank) : pair[0]);
    const right = bytes(typeof pair === 'string' ? pair.slice(blank + 1) : pair[1]);
    const result = left === null || right === null ? undefined : vocabulary.get(left + right);
    const [leftId, rightId] = [vocabulary.get(left ?? ''), vocabulary.get(right ?? '')];
    if (leftId === undefined || rightId === undefined || result === undefined) {
      throw new TokenizerRefusal('a merge names a token that is not in the vocabulary');
    }
    table.set(leftId, rightId, rank, result);
  });
  return table;
}

class ByteWords extends WordEncoder {
  private readonly vocabulary = new Map<string, number>();
  private readonly table: MergeTable;
  private readonly byteIds = new Int32Array(256);
  private readonly sizes: Int32Array;
  private readonly whole: boolean;

  constructor(file: TokenizerFile) {
    super();
    let last = 0;
    for (const [token, id] of Object.entries(file.vocabulary)) {
      const bytes = tokenBytes(token);
      if (bytes !== null) this.vocabulary.set(bytes, id);
      last = Math.max(last, id);
    }
    this.sizes = new Int32Array(last + 1);
    for (const [bytes, id] of this.vocabulary) this.sizes[id] = bytes.length;
    for (let byte = 0; byte < 256; byte++) {
      const id = this.vocabulary.get(String.fromCharCode(byte));
      if (id === undefined) throw new TokenizerRefusal('a byte has no token');
      this.byteIds[byte] = id;
    }
    this.table = buildMerges(file, this.vocabulary, tokenBytes);
    this.whole = file.model.ignore_merges ?? false;
  }

  protected work(word: string): Ids {
    const bytes = utf8Bytes(word);
    if (this.whole) {
      const id = this.vocabulary.get(bytes);
      if (id !== undefined) return id;
    }
    const symbols = new Array<number>(bytes.length);
    for (let at = 0; at < bytes.length; at++) symbols[at] = this.byteIds[bytes.charCodeAt(at)]!;
    return shorten(merge(symbols, this.table));
  }

  offsets(word: string, ids: readonly number[], each: (at: number, start: number, end: number) => void): void {
    if (isAscii(word)) {
      let from = 0;
      for (let at = 0; at < ids.length; at++) {
        const to = from + this.sizes[ids[at]!]!;
        each(at, from, to);
        from = to;
      }
      return;
    }
    // For every byte, the character it belongs to.
    const starts: number[] = [];
    const ends: number[] = [];
    let unit = 0;
    for (const char of word) {
      const code = char.codePointAt(0)!;
      const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      for (let byte = 0; byte < size; byte++) {
        starts.push(unit);
        ends.push(unit + char.length);
      }
      unit += char.length;
    }
    let from = 0;
    for (let at = 0; at < ids.length; at++) {
      const to = from + this.sizes[ids[at]!]!;
      each(at, starts[from]!, ends[to - 1]!);
      from = to;
    }
  }
}

/** SentencePiece's kind: characters merge, and one that has no token becomes its bytes or the unknown token. */
class CharacterWords extends WordEncoder {
  private readonly vocabulary: ReadonlyMap<string, number>;
  private readonly table: MergeTable;
  private readonly sizes = new Map<number, number>();
  private readonly byteIds: (number | undefined)[];
  private readonly unknown: number | undefined;
  private readonly fuse: boolean;
  private readonly whole: boolean;

  constructor(file: TokenizerFile) {
    super();
    this.vocabulary = new Map(Object.entries(file.vocabulary));
    for (const [token, id] of this.vocabulary) this.sizes.set(id, token.length);
    this.table = buildMerges(file, this.vocabulary, (token) => token);
    const { model } = file;
    this.byteIds = Array.from({ length: 256 }, (_, byte) =>
      model.byte_fallback ? this.vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`) : undefined,
    );
    this.unknown = model.unk_token ? this.vocabulary.get(model.unk_token) : undefined;
    this.fuse = model.fuse_unk ?? false;
    this.whole = model.ignore_merges ?? false;
  }

  /** The smallest parts of a word: ids, and the UTF-16 units that each stands for. */
  private parts(word: string): { symbols: number[]; sizes: number[] } {
    const symbols: number[] = [];
    const sizes: number[] = [];
    for (const char of word) {
      const id = this.vocabulary.get(char);
      if (id !== undefined) {
        symbols.push(id);
        sizes.push(char.length);
        continue;
      }
      const bytes = [...Buffer.from(char)].map((byte) => this.byteIds[byte]);
      if (bytes.every((byte) => byte !== undefined)) {
        bytes.forEach((byte, at) => {
          symbols.push(byte);
          sizes.push(at === 0 ? char.length : 0);
        });
      } else if (this.unknown !== undefined) {
        if (this.fuse && symbols.at(-1) === this.unknown) sizes[sizes.length - 1]! += char.length;
        else {
          symbols.push(this.unknown);
          sizes.push(char.length);
        }
      }
    }
    return { symbols, sizes };
  }

  protected work(word: string): Ids {
    if (this.whole) {
      const id = this.vocabulary.get(word);
      if (id !== undefined) return id;
    }
    return shorten(merge(this.parts(word).symbols, this.table));
  }

  offsets(word: string, ids: readonly number[], each: (at: number, start: number, end: number) => void): void {
    const { symbols, sizes } = this.parts(word);
    let from = 0;
    let part = 0;
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!;
      const isSmallest = symbols[part] === id;
      let to = from + (isSmallest ? sizes[part]! : this.sizes.get(id)!);
      // The bytes of one character all hold that character.
      if (isSmallest && sizes[part] === 0) {
        to = from;
        each(at, from - lastSize(sizes, part), from);
      } else each(at, from, to);
      let covered = 0;
      do covered += sizes[part++] ?? 0;
      while (covered < to - from && part < sizes.length);
      from = to;
    }
  }
}

function lastSize(sizes: readonly number[], part: number): number {
  let at = part;
  while (at > 0 && sizes[at] === 0) at--;
  return sizes[at]!;
}
