/** Sets of many rows in few large arrays: an array of its own costs 200 bytes a row, as much as a short prompt's set. */
const BLOCK = 1 << 17;

export class ShingleStore {
  private readonly blocks: Float64Array[] = [];
  private used = BLOCK;
  private block = new Int32Array(1_024);
  private start = new Int32Array(1_024);
  private length = new Int32Array(1_024);
  private rows = 0;

  /** @returns the row's number, from 0 */
  add(shingles: Float64Array): number {
    const row = this.rows++;
    if (row === this.block.length) {
      this.block = doubled(this.block);
      this.start = doubled(this.start);
      this.length = doubled(this.length);
    }
    if (this.used + shingles.length > BLOCK) {
      this.blocks.push(new Float64Array(Math.max(BLOCK, shingles.length)));
      this.used = 0;
    }
    this.blocks.at(-1)!.set(shingles, this.used);
    this.block[row] = this.blocks.length - 1;
    this.start[row] = this.used;
    this.length[row] = shingles.length;
    this.used += shingles.length;
    return row;
  }

  /** A view of the row's set. */
  at(row: number): Float64Array {
    const start = this.start[row]!;
    return this.blocks[this.block[row]!]!.subarray(start, start + this.length[row]!);
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
