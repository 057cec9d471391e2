/** Bytes as lines, whatever the chunks: what stands between two LFs, and whether the last one had its LF. */

export type RawLine = { bytes: Uint8Array; row: number; hasEnd: boolean };

export class LineSplitter {
  private rest: Uint8Array[] = [];
  private row = 0;

  *push(chunk: Uint8Array): Generator<RawLine> {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      yield { bytes: this.complete(chunk.subarray(from, end)), row: ++this.row, hasEnd: true };
      from = end + 1;
    }
    if (from < chunk.length) this.rest.push(chunk.slice(from));
  }

  *end(): Generator<RawLine> {
    if (this.rest.length > 0) yield { bytes: this.complete(new Uint8Array()), row: ++this.row, hasEnd: false };
  }

  private complete(tail: Uint8Array): Uint8Array {
    if (this.rest.length === 0) return tail;
    const whole = Buffer.concat([...this.rest, tail]);
    this.rest = [];
    return whole;
  }
}
