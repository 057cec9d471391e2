/**
 * Where trajectories wait that are still open. They stay in memory up to a budget; what comes on top goes to a place
 * that the caller hands in (a temporary file), so that memory stays flat however long a log is.
 */

/** Written from its start to its end, read anywhere; both at once, without waiting. */
export type Scratch = { append(bytes: Uint8Array): number; read(offset: number, length: number): Uint8Array };

/** Bytes that were put away. */
export type Kept = { read(): Buffer };

export const OPEN_BYTES = 12 * 1024 * 1024;

export class Keeper {
  private held = 0;
  private readonly scratch: Scratch | undefined;
  private readonly budget: number;

  /** @param scratch without it everything stays in memory */
  constructor(scratch?: Scratch, budget = OPEN_BYTES) {
    this.scratch = scratch;
    this.budget = budget;
  }

  keep(bytes: Buffer): Kept {
    if (!this.scratch || this.held + bytes.length <= this.budget) {
      this.held += bytes.length;
      return { read: () => bytes };
    }
    const scratch = this.scratch;
    const offset = scratch.append(bytes);
    const { length } = bytes;
    return { read: () => Buffer.from(scratch.read(offset, length)) };
  }
}
