import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scratch } from '#lib/core/ingest/scratch.ts';

/**
 * A temporary file that only this user can read, for what a parse holds open. It is made when the first bytes come and
 * has no name from then on, so that nothing of it is left whatever ends the process.
 */
export class ScratchFile implements Scratch {
  private file: number | undefined;
  private size = 0;

  append(bytes: Uint8Array): number {
    this.file ??= openUnnamed();
    const offset = this.size;
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.file, bytes, done, bytes.length - done, offset + done);
    this.size += bytes.length;
    return offset;
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = Buffer.alloc(length);
    if (this.file !== undefined) readSync(this.file, bytes, 0, length, offset);
    return bytes;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}

function openUnnamed(): number {
  const folder = mkdtempSync(join(tmpdir(), 'assay-'));
  const file = openSync(join(folder, 'open'), 'wx+', 0o600);
  rmSync(folder, { recursive: true });
  return file;
}
