/** `assay validate` on single files: those given together are one config. */
import { type CheckedFile, inLoaderOrder, type Kind, type LookAtRow, RowChecker, SeenRows } from './check-rows.ts';
import { type Finding, FindingBook } from './findings.ts';

/** A file as its reader hands it over: unpacked bytes in chunks. */
export type FileToCheck = { file: string; chunks: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array> };
export type Checked = { findings: Finding[]; files: CheckedFile[] };

/** @param look a further look at each row, with templates */
export async function checkFiles(
  files: readonly FileToCheck[],
  kind: Kind,
  book = new FindingBook(),
  look?: LookAtRow,
): Promise<Checked> {
  return { files: await checkConfig(files, kind, book, new SeenRows(), look), findings: book.list() };
}

/** One config of a release, findings into the book of all. */
export async function checkConfig(
  files: readonly FileToCheck[],
  kind: Kind,
  book: FindingBook,
  seen: SeenRows,
  look?: LookAtRow,
): Promise<CheckedFile[]> {
  const checker = new RowChecker(kind, book, seen, undefined, look);
  for (const { file, chunks } of inLoaderOrder(files)) {
    // What is no JSON Lines by its name is reported once, not line by line.
    if (!checker.open(file)) continue;
    try {
      for await (const chunk of chunks()) checker.push(chunk);
    } catch (error) {
      if (!isPackingError(error)) throw error;
      book.add('T20', file, null, '', 'it can not be unpacked');
    }
    checker.close();
  }
  return checker.finish();
}

/** What zlib says of a file that is no gzip or is cut. */
const isPackingError = (error: unknown): boolean => String((error as { code?: unknown } | null)?.code).startsWith('Z_');
