/**
 * The validator of one config: streams the bytes of its files in the order in which a loader reads them and finds
 * everything of docs/exports.md that needs no template and no tokenizer. Memory is that of one line and the sample.
 */
import { isUtf8 } from 'node:buffer';
import { canonicalJson, isObject, type Json, type JsonObject } from '../trajectory/json.ts';
import { checkEvalRow } from './check-eval.ts';
import { checkMessages, checkOrder, type Report, type RowContext, ToolsReader } from './check-messages.ts';
import type { FindingBook } from './findings.ts';
import { LineSplitter, type RawLine } from './line-splitter.ts';
import {
  type Frozen,
  findMisfit,
  findShapeMisfits,
  freeze,
  type Place,
  SAMPLE_BYTES,
  type SampleIssue,
  Shape,
} from './loader-sample.ts';
import { readLine } from './read-line.ts';
import { SPLITS, type Split } from './row.ts';
import { escapePointer } from './tool-schemas.ts';

export type Kind = 'sft' | 'dpo' | 'eval';

/** Ids and groups over everything that is checked together: a release, or the files given. */
export class SeenRows {
  readonly ids = new Map<string, { file: string; row: number; split: Split | 'gold' }>();
  readonly groups = new Map<string, Split>();
}

/** A further look at each row that can be read, as its line. */
export type LookAtRow = (line: string, report: Report) => void;

export type CheckedFile = { file: string; kind: Kind; split: Split; rows: number };

const PAYLOADS: Record<Kind, readonly string[]> = {
  sft: ['messages'],
  dpo: ['prompt', 'chosen', 'rejected'],
  eval: ['question'],
};
const COLUMNS: Record<Kind, ReadonlySet<string>> = {
  sft: new Set(['id', 'messages', 'tools', 'chat_template_kwargs', 'meta_json']),
  dpo: new Set(['id', 'prompt', 'chosen', 'rejected', 'tools', 'chat_template_kwargs', 'meta_json']),
  eval: new Set(['id', 'category', 'level', 'question', 'function', 'ground_truth', 'teacher', 'group', 'meta_json']),
};
/** Names that trainers take for something of theirs. */
const RESERVED = new Set(
  `prompt completion chosen rejected messages conversations text label labels image images input_ids attention_mask
   position_ids assistant_masks completion_mask seq_lengths`.split(/\s+/),
);
/** Columns by which a loader recognises agent traces and converts them. */
const TRACE_MARKS = [
  ['id', 'source', 'model', 'system_prompt', 'messages'],
  ['type', 'message'],
  ['type', 'payload'],
  ['type', 'id', 'version', 'cwd'],
];
/** Columns whose absence has a code of its own. */
const OWN_CODE = new Set(['id', 'meta_json', 'chat_template_kwargs', 'messages', 'prompt', 'chosen', 'rejected']);

/** Which split a file belongs to, by the words of its name; `clash`: words of two. */
export function splitOfName(name: string): { split: Split; clash: boolean } {
  const base = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const words = new Set(base.split(/[^a-z]+/));
  const found = SPLITS.filter((split) => SPLIT_WORDS[split].some((word) => words.has(word)));
  return { split: found[0] ?? 'train', clash: found.length > 1 };
}
const SPLIT_WORDS: Record<Split, readonly string[]> = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'val', 'dev'],
  test: ['test', 'testing', 'eval', 'evaluation'],
};

/** Files of one config in the order of a loader: train, validation, test, each by name. */
export function inLoaderOrder<F extends { file: string }>(files: readonly F[]): F[] {
  const rank = (file: string) => SPLITS.indexOf(splitOfName(file).split);
  return [...files].sort((a, b) => rank(a.file) - rank(b.file) || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** All rows of a split, and the types that its first shard would freeze when this split is named first. */
type Sample = { shape: Shape; bytes: number; file: string; frozen?: Frozen };

/** Checks the files of one config, given in loader order: `open`, `push`… , `close` for each, `finish` at the end. */
export class RowChecker {
  private readonly kind: Kind;
  private readonly book: FindingBook;
  private readonly seen: SeenRows;
  private readonly sampleBytes: number;
  private readonly look: LookAtRow | undefined;
  private readonly toolsReader = new ToolsReader();
  private readonly samples = new Map<Split, Sample>();
  private readonly files: CheckedFile[] = [];
  private frozen: Frozen | undefined;
  private firstKeys: readonly string[] | undefined;
  private firstPayloads: JsonObject | undefined;
  private firstKwargs: string | undefined;
  private hasKwargs = false;
  /** Rows without `chat_template_kwargs`, until some row has them. */
  private readonly withoutKwargs: Place[] = [];
  private splitter = new LineSplitter();
  private file = '';
  private split: Split = 'train';
  private row = 0;
  private columns = new Map<string, number>();

  constructor(kind: Kind, book: FindingBook, seen = new SeenRows(), sampleBytes = SAMPLE_BYTES, look?: LookAtRow) {
    this.look = look;
    this.kind = kind;
    this.book = book;
    this.seen = seen;
    this.sampleBytes = sampleBytes;
  }

  /** @returns false when the file is none that can be checked: it is not opened then */
  open(file: string): boolean {
    if (!/\.jsonl(?:\.gz)?$/.test(file)) {
      this.book.add('T20', file, null, '', 'the name ends in neither .jsonl nor .jsonl.gz');
      return false;
    }
    const { split, clash } = splitOfName(file);
    this.file = file;
    this.split = split;
    this.row = 0;
    this.columns = new Map();
    this.splitter = new LineSplitter();
    if (clash && split === 'train') this.book.add('T20', file, null, '', 'the name has words of two splits');
    if (this.kind !== 'eval' && !this.samples.has(split)) {
      this.samples.set(split, { shape: new Shape(), bytes: 0, file });
    }
    return true;
  }

  push(chunk: Uint8Array): void {
    for (const line of this.splitter.push(chunk)) this.take(line);
  }

  close(): void {
    for (const line of this.splitter.end()) this.take(line);
    const sample = this.samples.get(this.split);
    if (sample && !sample.frozen && sample.file === this.file) this.closeSample(sample);
    this.checkColumns();
    this.files.push({ file: this.file, kind: this.kind, split: this.split, rows: this.row });
  }

  /** @returns what was read, for counts */
  finish(): CheckedFile[] {
    if (this.hasKwargs) {
      for (const { file, row } of this.withoutKwargs) {
        this.book.add('T07', file, row, '/chat_template_kwargs', 'other rows have them');
      }
    }
    if (this.kind !== 'eval') this.tryOtherOrders();
    return this.files;
  }

  private take({ bytes, row, hasEnd }: RawLine): void {
    this.row = row;
    const report: Report = (code, path, why) =>
      this.book.add(code, this.file, row, path, why, code === 'X06' ? 'warning' : 'error');
    let line = bytes;
    if (row === 1 && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf) {
      report('F01', '', 'the file starts with a BOM');
      line = line.subarray(3);
    }
    if (!hasEnd) report('F02', '', 'no LF at the end of the file');
    if (line.at(-1) === 0x0d) {
      report('F02', '', 'the line ends in CR LF');
      line = line.subarray(0, -1);
    }
    if (line.length === 0) {
      if (bytes.length === 0) report('F02', '', 'a blank line');
      return;
    }
    if (!isUtf8(line)) {
      report('F01', '', 'bytes that are not UTF-8');
      return;
    }
    const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8');
    if (text.trim() === '') {
      report('F02', '', 'a blank line');
      return;
    }
    const reading = readLine(text);
    if (!reading.ok) report('F03', '', reading.why);
    else if (!isObject(reading.value)) report('F03', '', 'a JSON value that is no object');
    else {
      this.takeRow(reading.value, bytes.length + 1, report);
      if (this.kind !== 'eval') this.look?.(text, report);
    }
  }

  private takeRow(row: JsonObject, bytes: number, report: Report): void {
    const keys = Object.keys(row);
    for (const key of keys) if (!this.columns.has(key)) this.columns.set(key, this.row);
    if (this.kind !== 'eval') this.sample(row, bytes);
    this.checkKeys(keys, report);
    this.checkId(row, report);
    const meta = this.checkMeta(row, report);
    this.checkGroup(this.kind === 'eval' ? row.group : meta.group, report);
    if (this.kind === 'eval') {
      checkEvalRow(row, report);
      return;
    }
    this.checkKwargs(row, report);
    const tools = this.toolsReader.of(row.tools, report);
    const context: RowContext = { tools, meta, kind: this.kind, report };
    if (this.hasPayload(row, report)) this.checkPayload(row, context);
  }

  /** The first sample of all decides the types; every row behind it must fit them. */
  private sample(row: JsonObject, bytes: number): void {
    const sample = this.samples.get(this.split)!;
    sample.shape.add(row, { file: this.file, row: this.row });
    const misfit = this.frozen && findMisfit(this.frozen, row);
    if (misfit) this.book.add('T02', this.file, this.row, toPointer(misfit.path), misfit.why);
    if (sample.frozen || sample.file !== this.file) return;
    sample.bytes += bytes;
    if (sample.bytes >= this.sampleBytes) this.closeSample(sample);
  }

  private closeSample(sample: Sample): void {
    if (sample.shape.kinds.size === 0) return;
    const issues: SampleIssue[] = [];
    sample.frozen = freeze(sample.shape, issues);
    if (this.frozen) return;
    this.frozen = sample.frozen;
    for (const issue of issues) this.reportSample(issue, sample.file);
  }

  private reportSample(issue: SampleIssue, file: string): void {
    const { path, at } = issue;
    const pointer = toPointer(path);
    const isPayload = path.length === 1 && PAYLOADS[this.kind].includes(path[0]!);
    if (issue.kind === 'mixed') {
      // Payload columns, contents and arguments have codes of their own.
      const isOwn =
        isPayload || path.at(-1) === 'content' || path.at(-1) === 'arguments' || path[0] === 'chat_template_kwargs';
      if (!isOwn && at) this.book.add('T03', at.file, at.row, pointer, "another type than the first row's");
    } else if (issue.kind === 'untyped') {
      const isOwn = isPayload || path[0] === 'chat_template_kwargs' || path.at(-1) === 'content';
      if (!isOwn) this.book.add('T19', file, null, pointer, 'null or an empty list in the whole first chunk');
    } else this.book.add('T21', file, null, pointer, 'all values of the first chunk look like dates');
  }

  private checkKeys(keys: readonly string[], report: Report): void {
    this.firstKeys ??= keys;
    if (this.firstKeys === keys) return;
    const first = this.firstKeys;
    const differing = [...keys.filter((key) => !first.includes(key)), ...first.filter((key) => !keys.includes(key))];
    const [unexplained] = differing.filter((key) => !OWN_CODE.has(key));
    if (unexplained !== undefined) report('F04', `/${escapePointer(unexplained)}`, 'a key more or less');
  }

  private checkId(row: JsonObject, report: Report): void {
    const { id } = row;
    if (typeof id !== 'string' || id === '') {
      report('F06', '/id', id === undefined ? 'it is missing' : 'a string is due');
      return;
    }
    const known = this.seen.ids.get(id);
    const split = this.kind === 'eval' ? 'gold' : this.split;
    if (!known) {
      this.seen.ids.set(id, { file: this.file, row: this.row, split });
    } else if ((known.split === 'gold') === (split === 'gold'))
      report(
        'F06',
        '/id',
        `row ${known.row} of ${known.file === this.file ? 'this file' : 'another file'} has it already`,
      );
    else if (known.split === 'train' || split === 'train')
      report('E03', '/id', 'the same id stands in the training rows');
    else report('F06', '/id', 'it stands in the eval set already');
  }

  private checkMeta(row: JsonObject, report: Report): JsonObject {
    const { meta_json: text } = row;
    const reading = typeof text === 'string' ? readLine(text) : undefined;
    if (reading?.ok && isObject(reading.value)) return reading.value;
    const isTwice = reading && !reading.ok && /twice|surrogate/.test(reading.why);
    if (isTwice) report('F03', '/meta_json', reading.why);
    else
      report('F07', '/meta_json', text === undefined ? 'it is missing' : 'a string that holds one JSON object is due');
    return {};
  }

  private checkGroup(group: Json | undefined, report: Report): void {
    if (typeof group !== 'string') return;
    const split = this.kind === 'eval' ? 'test' : this.split;
    const known = this.seen.groups.get(group);
    if (known === undefined) this.seen.groups.set(group, split);
    else if (known !== split)
      report('S01', this.kind === 'eval' ? '/group' : '/meta_json', `its group stands in ${known} too`);
  }

  private checkKwargs(row: JsonObject, report: Report): void {
    const { chat_template_kwargs: kwargs } = row;
    if (kwargs === undefined) {
      if (this.withoutKwargs.length < 1000) this.withoutKwargs.push({ file: this.file, row: this.row });
      return;
    }
    this.hasKwargs = true;
    if (!isObject(kwargs)) {
      report('T07', '/chat_template_kwargs', 'an object is due in every row');
      return;
    }
    const keys = Object.keys(kwargs).sort().join('\0');
    this.firstKwargs ??= keys;
    if (keys !== this.firstKwargs) report('T07', '/chat_template_kwargs', "other keys than row 1's");
  }

  /** @returns whether every payload is a list with something in it */
  private hasPayload(row: JsonObject, report: Report): boolean {
    this.firstPayloads ??= row;
    let isFine = true;
    for (const column of PAYLOADS[this.kind]) {
      const payload = row[column];
      if (Array.isArray(payload) && payload.length > 0) continue;
      isFine = false;
      const first = this.firstPayloads[column];
      const isOther = Array.isArray(first) !== Array.isArray(payload);
      const why = Array.isArray(payload)
        ? 'an empty list'
        : isOther
          ? "another shape than row 1's"
          : 'a list of messages is due';
      report('T09', `/${column}`, why);
    }
    return isFine;
  }

  private checkPayload(row: JsonObject, context: RowContext): void {
    const { report, meta } = context;
    const ids = new Set<string>();
    const place = (column: string) => (message: Json, index: number) => ({ message, path: `/${column}/${index}` });
    if (this.kind === 'sft') {
      const messages = row.messages as Json[];
      checkMessages(messages, 'messages', context, ids);
      checkOrder(messages.map(place('messages')), meta.cut === 'step' ? 'step' : 'answer', report);
      const answers = messages.filter((message) => isObject(message) && message.role === 'assistant');
      if (answers.length > 0 && answers.every((message) => (message as JsonObject).train === false)) {
        report('M11', '', 'every answer has train:false');
      }
      return;
    }
    const prompt = row.prompt as Json[];
    checkMessages(prompt, 'prompt', context, ids);
    checkOrder(prompt.map(place('prompt')), 'prompt', report);
    for (const column of ['chosen', 'rejected']) {
      const side = row[column] as Json[];
      // Both sides go on from the prompt: each may use the ids that follow.
      checkMessages(side, column, context, new Set(ids));
      const isAnswer = side.length === 1 && isObject(side[0]!) && side[0].role === 'assistant';
      const isUnknownRole =
        side.length === 1 && isObject(side[0]!) && !['system', 'user', 'tool'].includes(String(side[0].role));
      if (!isAnswer && !isUnknownRole) report('T13', `/${column}`, 'exactly one assistant message is due');
    }
    this.checkSides(row.chosen as Json[], row.rejected as Json[], report);
  }

  private checkSides(chosen: readonly Json[], rejected: readonly Json[], report: Report): void {
    const isEmpty = (side: readonly Json[]) =>
      side.every((message) => isObject(message) && isBlank(message.content) && !Array.isArray(message.tool_calls));
    const empty = [isEmpty(chosen) ? 'chosen' : undefined, isEmpty(rejected) ? 'rejected' : undefined].filter(
      (side) => side !== undefined,
    );
    for (const side of empty) report('P02', `/${side}`, 'neither text nor call');
    if (empty.length === 0 && saidBy(chosen) === saidBy(rejected))
      report('P01', '', 'chosen and rejected say the same');
  }

  private checkColumns(): void {
    const { file, columns, kind } = this;
    if (kind === 'eval') {
      for (const [column, row] of columns) {
        if (!COLUMNS.eval.has(column))
          this.book.add('F05', file, row, `/${escapePointer(column)}`, 'an eval row has no such key');
      }
      return;
    }
    const explained = new Set<string>();
    for (const marks of TRACE_MARKS) {
      if (!marks.every((mark) => columns.has(mark))) continue;
      for (const mark of marks) explained.add(mark);
      this.book.add('T06', file, null, '', `columns ${marks.join(', ')}`);
    }
    for (const [column, row] of columns) {
      if (COLUMNS[kind].has(column)) continue;
      if (RESERVED.has(column))
        this.book.add('T10', file, null, `/${column}`, 'trainers give this name a meaning of their own');
      else if (!explained.has(column))
        this.book.add('F05', file, row, `/${escapePointer(column)}`, 'metadata belongs into meta_json');
    }
  }

  /** A user may list the splits in any order; the one named first freezes the types. */
  private tryOtherOrders(): void {
    const seen = new Set<string>();
    const [first] = this.samples.keys();
    for (const [split, { frozen }] of this.samples) {
      if (split === first || !frozen) continue;
      for (const { shape } of this.samples.values()) {
        for (const { path, why, at } of findShapeMisfits(frozen, shape)) {
          const pointer = toPointer(path);
          const key = `${at.file}\n${at.row}\n${pointer}`;
          if (seen.has(key)) continue;
          seen.add(key);
          this.book.add('T02', at.file, at.row, pointer, `${why}, when ${split} is listed first`, 'warning');
        }
      }
    }
  }
}

/** Shapes know list items only as `[]`; the pointer names the first. */
const toPointer = (path: readonly (string | number)[]): string =>
  path.map((key) => `/${key === '[]' ? 0 : escapePointer(String(key))}`).join('');

const isBlank = (content: Json | undefined): boolean =>
  content === undefined || content === null || (typeof content === 'string' && content.trim() === '');

/** What a side says, white space folded; ids of calls do not count. */
function saidBy(side: readonly Json[]): string {
  return canonicalJson(
    side.map((message) => {
      if (!isObject(message)) return message;
      const { content, tool_calls: calls } = message;
      const text = typeof content === 'string' ? content.replace(/\s+/g, ' ').trim() : content;
      const called = Array.isArray(calls) ? calls.map((call) => (isObject(call) ? call.function : call)) : [];
      return [message.role, text, message.reasoning_content ?? null, called] as Json;
    }),
  );
}
