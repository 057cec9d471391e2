/**
 * Anchor rows: those that must come first in a split, so that the types a loader infers from its first chunk fit every
 * row of the config (docs/decisions/0006-rows.md). A split that has no such row gets one by saying outright what holds
 * anyway, `"train":true` on one answer; where even that does not help, rows are left out and named.
 */
import type { Json } from '../trajectory/json.ts';
import { type Frozen, findMisfit, freeze, type SampleIssue, Shape } from './loader-sample.ts';
import type { AssistantMessage, Level, Message, Row, Split } from './row.ts';
import type { RowEntry } from './serialise.ts';

export type Line = { entry: RowEntry; line: Buffer };
export type LevelLines = { level: Level; lines: Line[] };
export type SplitLines = { split: Split; levels: LevelLines[] };
/** Makes a line of an entry. */
export type ToLine = (entry: RowEntry) => Line;

const ANCHORS_AT_MOST = 8;

type Fit = { misfits: { line: Line; column: string }[]; issues: SampleIssue[] };

/** How the types of a split's first chunk fit all rows. */
function fitOf(first: readonly Line[], all: readonly Line[], sampleBytes: number): Fit {
  const issues: SampleIssue[] = [];
  const frozen: Frozen = freeze(sampleOf(first, sampleBytes), issues);
  const misfits = all.flatMap((line) => {
    const misfit = findMisfit(frozen, asJson(line));
    return misfit ? [{ line, column: String(misfit.path[0]) }] : [];
  });
  return { misfits, issues };
}

const asJson = ({ entry }: Line): Json => entry.row as unknown as Json;

function sampleOf(lines: readonly Line[], sampleBytes: number): Shape {
  const shape = new Shape();
  let bytes = 0;
  for (const line of lines) {
    if (bytes >= sampleBytes) break;
    bytes += line.line.length;
    shape.add(asJson(line), { file: '', row: 0 });
  }
  return shape;
}

/** Moves or makes the anchor rows of one split. A row that comes from another level keeps its level in its metadata. */
export function anchorSplit(levels: LevelLines[], all: readonly Line[], sampleBytes: number, toLine: ToLine): void {
  const first = levels[0]!;
  const inFirst = new Set(first.lines);
  const inSplit = new Set(levels.flatMap((level) => level.lines));
  for (let tries = 0; tries < ANCHORS_AT_MOST; tries++) {
    const { misfits, issues } = fitOf(first.lines, all, sampleBytes);
    const column = misfits[0]?.column ?? issues[0]?.path[0];
    if (column === undefined) return;
    const own = misfits.find(({ line }) => inFirst.has(line)) ?? misfits.find(({ line }) => inSplit.has(line));
    if (own) moveToFront(own.line, levels);
    else if (!markTrained(first.lines, column, toLine)) return;
  }
}

function moveToFront(line: Line, levels: LevelLines[]): void {
  for (const level of levels) {
    const at = level.lines.indexOf(line);
    if (at >= 0) level.lines.splice(at, 1);
  }
  levels[0]!.lines.unshift(line);
}

/** Writes `"train":true` on an answer of the first row that has one in this column, and puts that row first. */
function markTrained(lines: Line[], column: string, toLine: ToLine): boolean {
  const messagesOf = (row: Row): Message[] => (row as unknown as Record<string, Message[]>)[column] ?? [];
  const isList = (row: Row) => Array.isArray(messagesOf(row));
  const isMarked = lines.some(({ entry }) => isList(entry.row) && messagesOf(entry.row).some(saysTrained));
  // One message alone is mixed only beside another row's.
  const isAlone = lines.length < 2 && (column === 'chosen' || column === 'rejected');
  if (isMarked || isAlone) return false;
  const at = lines.findIndex(({ entry }) => isList(entry.row) && messagesOf(entry.row).some(canSayTrained));
  if (at < 0) return false;
  const { entry } = lines[at]!;
  const messages = messagesOf(entry.row);
  const index = messages.findLastIndex(canSayTrained);
  const marked = messages.with(index, { ...(messages[index] as AssistantMessage), train: true });
  lines.splice(at, 1);
  lines.unshift(toLine({ ...entry, row: { ...entry.row, [column]: marked } as Row }));
  return true;
}

const canSayTrained = (message: Message): boolean => message.role === 'assistant' && message.train === undefined;
const saysTrained = (message: Message): boolean => message.role === 'assistant' && message.train === true;

/**
 * Rows that no loader could read beside the others, after anchoring: a first row that would be misread and has nothing
 * beside it, or else those that do not fit the first split's types.
 */
export function findUnfit(splits: readonly SplitLines[], all: readonly Line[], sampleBytes: number): RowEntry[] {
  const first = splits[0]?.levels[0];
  if (!first) return [];
  const { misfits, issues } = fitOf(first.lines, all, sampleBytes);
  if (issues.length > 0 && first.lines.length === 1) return [first.lines[0]!.entry];
  return misfits.map(({ line }) => line.entry);
}
