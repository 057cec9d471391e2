/** Tables with a header: which delimiter, which columns, and where a row ends although a field holds line breaks. */
import { parse } from 'csv-parse/sync';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
/** A quote that stays open longer than this was no quote: its line is broken by itself. */
const LONGEST_FIELD = 1024 * 1024;

export const ROLE_COLUMNS = ['role', 'from', 'sender', 'speaker', 'author', 'author_role'];
export const TEXT_COLUMNS = ['content', 'text', 'message', 'value', 'body', 'utterance'];
export const QUESTION_COLUMNS = ['prompt', 'question', 'input', 'instruction', 'user', 'query', 'user_message'];
export const ANSWER_COLUMNS = [
  'response',
  'answer',
  'output',
  'completion',
  'assistant',
  'assistant_message',
  'model_response',
];

/** The name of the first column that is one of these, in any case. */
export const columnOf = (columns: readonly string[], names: readonly string[]): string | undefined =>
  names.flatMap((name) => columns.filter((column) => column.trim().toLowerCase() === name))[0];

/** A message a row, an exchange a row, or an export that says which trace a row belongs to. */
export const isTable = (columns: readonly string[]): boolean =>
  (columnOf(columns, ROLE_COLUMNS) !== undefined && columnOf(columns, TEXT_COLUMNS) !== undefined) ||
  (columnOf(columns, QUESTION_COLUMNS) !== undefined && columnOf(columns, ANSWER_COLUMNS) !== undefined) ||
  (columnOf(columns, ['traceid', 'trace_id']) !== undefined && columnOf(columns, ['id']) !== undefined);

/** @returns undefined for a line that is no header of a table that is known */
export function readHeader(line: string): { delimiter: string; columns: string[] } | undefined {
  if (line.length > 20_000) return undefined;
  for (const delimiter of [',', ';', '\t']) {
    const columns = line.includes(delimiter) ? readRow(line, delimiter) : undefined;
    if (columns && columns.length > 1 && isTable(columns)) return { delimiter, columns };
  }
  return undefined;
}

/** @returns the fields of one row; undefined when it is none */
export function readRow(row: string, delimiter: string): string[] | undefined {
  try {
    const rows = parse(row, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 0,
    }) as string[][];
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Finds where a row ends in bytes that are still arriving, like `ValueCutter` does for JSON. */
export class RowCutter {
  private scanned = 0;
  private quotedFrom = -1;
  private firstBreak = -1;
  private isStart = true;
  private readonly delimiter: number;

  constructor(delimiter: string) {
    this.delimiter = delimiter.charCodeAt(0);
  }

  /** @returns the length without its line end; undefined until more bytes are there */
  find(bytes: Uint8Array, from: number, isLast: boolean): { length: number; broken: boolean } | undefined {
    let at = from + this.scanned;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === LINE_FEED && this.firstBreak < 0) this.firstBreak = at - from;
      if (this.quotedFrom >= 0) {
        if (byte === QUOTE) {
          if (at + 1 >= bytes.length && !isLast) break;
          if (bytes[at + 1] === QUOTE) at++;
          else this.quotedFrom = -1;
        } else if (at - from - this.quotedFrom > LONGEST_FIELD) return this.asBroken(bytes, from);
        continue;
      }
      if (byte === LINE_FEED) return { length: at - from, broken: false };
      if (byte === QUOTE && this.isStart) this.quotedFrom = at - from;
      this.isStart = byte === this.delimiter;
    }
    this.scanned = at - from;
    if (!isLast) return undefined;
    return this.quotedFrom >= 0 ? this.asBroken(bytes, from) : { length: bytes.length - from, broken: false };
  }

  private asBroken(bytes: Uint8Array, from: number): { length: number; broken: boolean } {
    return { length: this.firstBreak >= 0 ? this.firstBreak : bytes.length - from, broken: true };
  }
}
