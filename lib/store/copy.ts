/** COPY: the fast way in (about ten times createMany on rows of 1 kB). */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type Cell = string | number | bigint | boolean | null | Date | Uint8Array | readonly string[];

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escapeText = (text: string): string => text.replace(/[\\\t\n\r]/g, (char) => ESCAPES[char]!);
const arrayText = (items: readonly string[]): string =>
  `{${items.map((item) => `"${item.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;

/** One cell in COPY's text format. */
export function copyCell(cell: Cell): string {
  if (cell === null) return '\\N';
  if (typeof cell === 'string') return escapeText(cell);
  if (typeof cell === 'boolean') return cell ? 't' : 'f';
  if (typeof cell === 'number' || typeof cell === 'bigint') return String(cell);
  if (cell instanceof Date) return cell.toISOString();
  if (cell instanceof Uint8Array)
    return `\\\\x${Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString('hex')}`;
  return escapeText(arrayText(cell));
}

/**
 * Copies rows into a table inside the caller's transaction.
 * @param table with its schema, a constant of ours @param columns constants of ours, in the order of the cells
 */
export async function copyInto(
  client: pg.PoolClient,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  const large = rows.filter((row) => row.some(isLarge));
  for (const row of large) await insertRow(client, table, columns, row);
  const small = large.length === 0 ? rows : rows.filter((row) => !row.some(isLarge));
  if (small.length === 0) return;
  const stream = client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  const chunks = function* () {
    let text = '';
    for (const row of small) {
      text += `${row.map(copyCell).join('\t')}\n`;
      if (text.length < CHUNK_CHARS) continue;
      yield text;
      text = '';
    }
    if (text !== '') yield text;
  };
  await pipeline(Readable.from(chunks()), stream);
}

/** Lines sent at a time: one by one they cost more than what is in them. */
const CHUNK_CHARS = 1 << 17;

/** From here on the text form of bytes (two characters each, several times in memory) costs more than a statement. */
const LARGE_BYTES = 1 << 18;
const isLarge = (cell: Cell): boolean => cell instanceof Uint8Array && cell.byteLength >= LARGE_BYTES;

/** Bytes go as they are: a parameter of the statement is sent in binary. */
async function insertRow(client: pg.PoolClient, table: string, columns: readonly string[], row: readonly Cell[]) {
  const places = columns.map((_, n) => `$${n + 1}`).join(', ');
  const values = row.map((cell) =>
    cell instanceof Uint8Array ? Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength) : cell,
  );
  await client.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`, values);
}
