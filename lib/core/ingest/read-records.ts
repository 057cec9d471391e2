/**
 * Cuts a source into records (docs/formats.md): one at a time, with the bytes each stands on, whatever the size of
 * the source. A record that can't be read is handed out with the reason and never stops the next one.
 */
import { isUtf8 } from 'node:buffer';
import { createHash, hash } from 'node:crypto';
import type { EventFlag } from '../trajectory/event.ts';
import type { Json, JsonObject } from '../trajectory/json.ts';
import type { Encoding } from '../trajectory/trajectory.ts';
import type { QuarantineReason, SourceRecord } from './adapter.ts';
import { RowCutter, readHeader, readRow } from './csv-columns.ts';
import { isBlank, ValueCutter } from './cut-values.ts';
import { parseJson, sanitise } from './parse-json.ts';
import { readYaml } from './read-yaml.ts';
import { type Container, PEEK_BYTES, recordingLead, sniffContainer } from './sniff-container.ts';
import { Tape } from './tape.ts';
import { type Stretch, Window } from './window.ts';

export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** `bytes` as logged; undefined when the record is too large to be held. */
export type ReadRecord = {
  record: SourceRecord;
  bytes: Uint8Array | undefined;
  refused?: { reason: QuarantineReason; message?: string };
};

export type OpenSource = {
  container: Container;
  encoding: Encoding;
  /** Text of the first lines, for telling text formats apart before anything is cut. */
  headText: string;
  tape: Tape;
  /** Every record in order, as many at a time as are at hand. To be called once, or `whole`. */
  records(): AsyncGenerator<ReadRecord[]>;
  /** The source as one record that is refused. */
  whole(reason: QuarantineReason): AsyncGenerator<ReadRecord[]>;
};

export async function openRecords(
  bytes: AsyncIterable<Uint8Array>,
  limits: { recordBytes: number; firstNo?: number } = { recordBytes: MAX_RECORD_BYTES },
): Promise<OpenSource> {
  const window = new Window(bytes);
  await window.open();
  let container = sniffContainer(window.held.subarray(window.at), window.ended);
  for (let wanted = 64 * 1024; container === undefined; wanted *= 4) {
    const sooner = Math.min(wanted, PEEK_BYTES);
    if (window.left < sooner) await window.fill(sooner);
    container = sniffContainer(window.held.subarray(window.at), window.ended);
  }
  const known = container;
  const tape = new Tape(window.offset);
  window.onTake = (taken) => tape.append(taken);
  const cutter = new RecordCutter(window, limits.recordBytes, limits.firstNo);
  return {
    container,
    encoding: window.encoding,
    headText: container === 'lines' ? sanitise(window.held.toString('utf8', window.at, window.at + 256 * 1024)) : '',
    tape,
    records: () => closing(window, cutter, recordsOf(known, cutter)),
    whole: (reason) => closing(window, cutter, oneByOne(cutter.rest(reason))),
  };
}

async function* closing(
  window: Window,
  cutter: RecordCutter,
  records: AsyncGenerator<ReadRecord[]>,
): AsyncGenerator<ReadRecord[]> {
  try {
    for await (const batch of records) yield batch;
    if (window.fault && !cutter.faultTold) yield* oneByOne(cutter.rest(window.fault.reason));
  } finally {
    await window.close();
  }
}

async function* oneByOne(records: AsyncGenerator<ReadRecord>): AsyncGenerator<ReadRecord[]> {
  for await (const record of records) yield [record];
}

function recordsOf(container: Container, cutter: RecordCutter): AsyncGenerator<ReadRecord[]> {
  switch (container) {
    case 'json-lines':
      return cutter.lines(true);
    case 'lines':
      return cutter.lines(false);
    case 'array':
      return oneByOne(cutter.items());
    case 'recording':
      return oneByOne(cutter.recording());
    case 'events':
      return oneByOne(cutter.events());
    case 'yaml':
      return oneByOne(cutter.yaml());
    case 'csv':
      return oneByOne(cutter.rows());
    case 'binary':
      return oneByOne(cutter.rest('binary'));
    case 'unsupported':
      return oneByOne(cutter.rest('unsupported_container'));
    case 'values':
    case 'empty':
      return oneByOne(cutter.values());
  }
}

/** Finds where a record ends; `undefined` until more bytes are there. Called with the same start until it answers. */
type Finder = (held: Buffer, from: number, isLast: boolean) => { length: number; broken?: boolean } | undefined;
type Cut = { stretch: Stretch; broken: boolean; ended: boolean } | { oversize: ReadRecord };

class RecordCutter {
  faultTold = false;
  private recordNo = 0;
  private readonly window: Window;
  private readonly maxBytes: number;

  constructor(window: Window, maxBytes: number, firstNo = 1) {
    this.window = window;
    this.maxBytes = maxBytes;
    this.recordNo = firstNo - 1;
  }

  async *lines(asJson: boolean): AsyncGenerator<ReadRecord[]> {
    for (;;) {
      const batch = this.heldLines(asJson);
      if (batch.length > 0) yield batch;
      let hasEnd = false;
      const cut = await this.cut((held, from) => {
        const end = held.indexOf(0x0a, Math.max(0, from));
        hasEnd = end >= 0;
        return hasEnd ? { length: end - from } : undefined;
      });
      if (cut === undefined) return;
      if ('oversize' in cut) yield [cut.oversize];
      else {
        const stretch = withoutReturn(cut.stretch);
        if (!isAllBlank(stretch.utf8)) yield [asJson ? this.json(stretch, !hasEnd) : this.line(stretch)];
      }
      if (!hasEnd && this.window.ended && this.window.left === 0) return;
      if (this.window.left > 0 && this.window.held[this.window.at] === 0x0a) this.window.take(1);
    }
  }

  /** Whole lines that are at hand, without waiting for more: most of a log is read so. */
  private heldLines(asJson: boolean): ReadRecord[] {
    const { window } = this;
    const records: ReadRecord[] = [];
    for (;;) {
      const end = window.held.indexOf(0x0a, window.at);
      if (end < 0 || end - window.at > this.maxBytes) return records;
      const stretch = withoutReturn(window.take(end - window.at));
      window.take(1);
      if (!isAllBlank(stretch.utf8)) records.push(asJson ? this.json(stretch, false) : this.line(stretch));
    }
  }

  /** Items of one array; whatever comes after its end is read as further values. */
  async *items(goesOn = true): AsyncGenerator<ReadRecord> {
    await this.skip(isBlank);
    const open = this.window.take(1);
    let seen = 0;
    for (;;) {
      const next = await this.skip((byte) => isBlank(byte) || byte === 0x2c);
      if (next === undefined) {
        if (seen === 0) yield this.refuse(open, this.window.fault ? this.faultReason() : 'truncated');
        return;
      }
      if (next === 0x5d) break;
      seen++;
      yield* this.value(this.lineMark());
    }
    this.window.take(1);
    if (goesOn) yield* this.values();
  }

  /** Exchanges in the list of a recording; what stands around the list says nothing of them. */
  async *recording(): AsyncGenerator<ReadRecord> {
    this.window.take(recordingLead(this.window.held.subarray(this.window.at)) ?? 0);
    yield* this.items(false);
    while (this.window.left > 0 || (await this.window.fill())) this.window.take(this.window.left);
  }

  /** Read as a whole: where an item ends is only known once it is understood. */
  async *yaml(): AsyncGenerator<ReadRecord> {
    const { window } = this;
    while (window.left <= this.maxBytes && (await window.fill(window.left + 1024 * 1024)));
    if (window.left > this.maxBytes) {
      yield* this.rest('too_large');
      return;
    }
    const text = window.held.toString('utf8', window.at);
    const items = window.fault ? undefined : readYaml(text);
    if (!items || !isUtf8(window.held.subarray(window.at))) {
      yield* this.rest('bad_yaml');
      return;
    }
    let at = 0;
    for (const item of items) {
      window.take(Buffer.byteLength(text.slice(at, item.start)));
      const stretch = window.take(Buffer.byteLength(text.slice(item.start, item.end)));
      at = item.end;
      if (item.isTooDeep) yield this.refuse(stretch, 'too_deep');
      else {
        const record = this.number(stretch, sha256Of(stretch.bytes));
        record.value = item.value;
        record.isPlain = true;
        yield { record, bytes: stretch.bytes };
      }
    }
    window.take(window.left);
  }

  /** Rows of a table; the header is none of them. */
  async *rows(): AsyncGenerator<ReadRecord> {
    let header: ReturnType<typeof readHeader>;
    for (;;) {
      const cutter = new RowCutter(header?.delimiter ?? ',');
      const cut = await this.cut((held, from, isLast) =>
        header ? cutter.find(held, from, isLast) : lineEnd(held, from, isLast),
      );
      if (cut === undefined) return;
      if (this.window.left > 0 && this.window.held[this.window.at] === 0x0a) this.window.take(1);
      if ('oversize' in cut) {
        yield cut.oversize;
        continue;
      }
      const stretch = withoutReturn(cut.stretch);
      if (isAllBlank(stretch.utf8)) continue;
      if (header) yield this.row(stretch, header, cut.broken);
      else {
        header = readHeader(this.decode(stretch).text);
        if (!header) {
          yield this.refuse(stretch, 'bad_csv', 'no header');
          return;
        }
      }
    }
  }

  private row(
    stretch: Stretch,
    { delimiter, columns }: { delimiter: string; columns: string[] },
    isOpen: boolean,
  ): ReadRecord {
    const { text, flags } = this.decode(stretch);
    const fields = isOpen ? undefined : readRow(text, delimiter);
    if (!fields)
      return this.refuse(stretch, 'bad_csv', isOpen ? 'a quote that is never closed' : 'a quote out of place');
    if (fields.length !== columns.length)
      return this.refuse(stretch, 'bad_csv', `${fields.length} fields under ${columns.length} names`);
    const value: JsonObject = Object.create(null);
    for (const [index, name] of columns.entries()) value[name] = sanitise(fields[index]!);
    const isClean = fields.every((field) => sanitise(field) === field);
    const record = this.number(stretch, sha256Of(stretch.bytes), isClean ? flags : [...flags, 'sanitised']);
    return { record: { ...record, value, columns, isPlain: true }, bytes: stretch.bytes };
  }

  async *values(): AsyncGenerator<ReadRecord> {
    // Record separators (RFC 7464) stand between values like blanks do.
    while ((await this.skip((byte) => isBlank(byte) || byte === 0x1e)) !== undefined) yield* this.value('\n');
  }

  async *events(): AsyncGenerator<ReadRecord> {
    let event: { stretches: Stretch[]; data: string[] } | undefined;
    const flush = (): ReadRecord | undefined => {
      const done = event;
      event = undefined;
      if (!done || done.data.length === 0 || done.data.join('\n').trim() === '[DONE]') return undefined;
      return this.event(done.stretches, done.data.join('\n'));
    };
    for (;;) {
      const cut = await this.cut((held, from) => {
        const end = held.indexOf(0x0a, Math.max(0, from));
        return end >= 0 ? { length: end + 1 - from } : undefined;
      });
      if (cut === undefined) break;
      if ('oversize' in cut) {
        const before = flush();
        if (before) yield before;
        yield cut.oversize;
        continue;
      }
      const line = cut.stretch.utf8.toString('utf8').replace(/\r?\n$/, '');
      if (line.trim() === '') {
        const record = flush();
        if (record) yield record;
        continue;
      }
      if (line.startsWith(':') && event === undefined) continue;
      const data = line.startsWith('data:') ? line.slice(line.startsWith('data: ') ? 6 : 5) : undefined;
      // Loggers drop the blank lines between events: a further complete value starts a new one.
      const startsNew =
        (data !== undefined && event && event.data.length > 0 && event.data.length < 200 && isWhole(event.data)) ||
        line.startsWith('event:');
      if (startsNew) {
        const record = flush();
        if (record) yield record;
      }
      event ??= { stretches: [], data: [] };
      event.stretches.push(cut.stretch);
      if (data !== undefined) event.data.push(data);
    }
    const last = flush();
    if (last) yield last;
  }

  /** Everything that is left, as one refused record. */
  async *rest(reason: QuarantineReason): AsyncGenerator<ReadRecord> {
    const cut = await this.cut(() => undefined);
    if (cut === undefined) {
      if (this.window.fault) yield this.refuse(this.window.take(0), this.faultReason());
      return;
    }
    if ('oversize' in cut)
      yield { ...cut.oversize, refused: { reason: this.window.fault ? this.faultReason() : reason } };
    else yield this.refuse(cut.stretch, this.window.fault ? this.faultReason() : reason);
  }

  private async *value(mark: string | undefined): AsyncGenerator<ReadRecord> {
    const cutter = new ValueCutter();
    let brokenAt = -1;
    let ended = false;
    const cut = await this.cut((held, from, isLast) => {
      if (brokenAt < 0) {
        const found = cutter.find(held, from, isLast);
        if (found === undefined || !found.broken) {
          ended = found !== undefined;
          return found;
        }
        brokenAt = found.length;
      }
      const next = mark === undefined ? -1 : nextAtMark(held, Math.max(0, from + brokenAt), mark);
      if (next >= 0) return { length: next - from, broken: true };
      // The mark itself may still be arriving in pieces.
      if (mark !== undefined) brokenAt = Math.max(brokenAt, held.length - from - mark.length - 1);
      return undefined;
    });
    if (cut === undefined) return;
    if ('oversize' in cut) yield cut.oversize;
    else if (cut.broken || brokenAt >= 0) yield this.json(trimEnd(cut.stretch), false);
    else yield this.json(ended ? cut.stretch : trimEnd(cut.stretch), !ended);
  }

  /** Takes the next record, or all that is left; what is over the limit is hashed and let go. */
  private async cut(find: Finder): Promise<Cut | undefined> {
    const window = this.window;
    for (;;) {
      if (window.left === 0 && !(await window.fill())) return undefined;
      const found = find(window.held, window.at, window.ended);
      if (found) {
        if (found.length <= this.maxBytes)
          return { stretch: window.take(found.length), broken: found.broken === true, ended: true };
        return { oversize: this.oversize(window.take(found.length)) };
      }
      if (window.left > this.maxBytes) return { oversize: await this.skim(find) };
      if (!(await window.fill()) && window.ended) {
        const last = find(window.held, window.at, true);
        return { stretch: window.take(last ? last.length : window.left), broken: last?.broken === true, ended: false };
      }
    }
  }

  /** Goes on to the end of a record without holding it: the finder only ever sees the newest bytes again. */
  private async skim(find: Finder): Promise<ReadRecord> {
    const window = this.window;
    const digest = createHash('sha256');
    const byteStart = window.offset;
    let byteEnd = byteStart;
    const drop = (length: number) => {
      const stretch = window.take(length);
      digest.update(stretch.bytes);
      byteEnd = stretch.byteEnd;
    };
    // The finder counts from the start of its record: what was dropped is kept in mind as a virtual offset.
    let dropped = 0;
    for (;;) {
      const length = window.left;
      drop(length);
      dropped += length;
      if (!(await window.fill(1 << 20))) break;
      const found = find(window.held, window.at - dropped, window.ended);
      if (found) {
        drop(found.length - dropped);
        break;
      }
    }
    const record = this.number({ byteStart, byteEnd }, digest.digest('hex'));
    return { record, bytes: undefined, refused: { reason: 'too_large' } };
  }

  private async skip(passes: (byte: number) => boolean): Promise<number | undefined> {
    const window = this.window;
    for (;;) {
      let at = window.at;
      while (at < window.held.length && passes(window.held[at]!)) at++;
      if (at > window.at) window.take(at - window.at);
      if (window.left > 0) return window.held[window.at];
      if (!(await window.fill())) return undefined;
    }
  }

  /** Line break and indent in front of the current item, when it begins its line: where to go on after a broken one. */
  private lineMark(): string | undefined {
    const { held, at } = this.window;
    let start = at;
    while (start > 0 && (held[start - 1] === 0x20 || held[start - 1] === 0x09)) start--;
    return start > 0 && held[start - 1] === 0x0a ? held.toString('latin1', start - 1, at) : undefined;
  }

  private number(place: { byteStart: number; byteEnd: number }, sha256: string, flags: EventFlag[] = []): SourceRecord {
    this.recordNo++;
    return {
      recordNo: this.recordNo,
      byteStart: place.byteStart,
      byteEnd: place.byteEnd,
      sha256,
      value: undefined,
      flags,
    };
  }

  private oversize(stretch: Stretch): ReadRecord {
    return {
      record: this.number(stretch, sha256Of(stretch.bytes)),
      bytes: undefined,
      refused: { reason: 'too_large' },
    };
  }

  private refuse(stretch: Stretch, reason: QuarantineReason, message?: string): ReadRecord {
    const refused = message === undefined ? { reason } : { reason, message };
    return { record: this.number(stretch, sha256Of(stretch.bytes)), bytes: stretch.bytes, refused };
  }

  private faultReason(): QuarantineReason {
    this.faultTold = true;
    return this.window.fault!.reason;
  }

  private line(stretch: Stretch): ReadRecord {
    const { text, flags } = this.decode(stretch);
    const record = this.number(stretch, sha256Of(stretch.bytes), flags);
    const clean = sanitise(text);
    if (clean !== text) flags.push('sanitised');
    record.text = clean;
    return { record, bytes: stretch.bytes };
  }

  /** @param isOpen nothing says that the record ends here: when it is incomplete, it is still being written */
  private json(stretch: Stretch, isOpen: boolean): ReadRecord {
    const { text, flags } = this.decode(stretch);
    return this.parsed(stretch, text, flags, isOpen);
  }

  private parsed(stretch: Stretch, text: string, flags: EventFlag[], isOpen: boolean): ReadRecord {
    const reading = parseJson(text);
    if (!reading.ok) {
      if (reading.reason === 'too_deep') return this.refuse(stretch, 'too_deep');
      if (isOpen && reading.atEnd) return this.refuse(stretch, this.window.fault ? this.faultReason() : 'truncated');
      return this.refuse(stretch, 'bad_json', `not JSON at character ${reading.at} of the record`);
    }
    const record = this.number(stretch, sha256Of(stretch.bytes), [...flags, ...reading.flags]);
    record.value = reading.value as Json;
    return { record, bytes: stretch.bytes };
  }

  private event(stretches: Stretch[], data: string): ReadRecord {
    const last = withoutReturn(withoutFeed(stretches.at(-1)!));
    const parts = [...stretches.slice(0, -1), last];
    const stretch: Stretch = {
      byteStart: parts[0]!.byteStart,
      byteEnd: last.byteEnd,
      bytes: Buffer.concat(parts.map((part) => part.bytes)),
      utf8: Buffer.concat(parts.map((part) => part.utf8)),
      asciiWidth: last.asciiWidth,
    };
    return this.parsed(stretch, data, this.decode(stretch).flags, true);
  }

  private decode(stretch: Stretch): { text: string; flags: EventFlag[] } {
    const text = stretch.utf8.toString('utf8');
    if (this.window.encoding.startsWith('utf-16')) {
      return { text, flags: text.includes('\uFFFD') ? ['sanitised'] : [] };
    }
    return { text, flags: isUtf8(stretch.utf8) ? [] : ['invalid_utf8'] };
  }
}

function lineEnd(held: Buffer, from: number, isLast: boolean): { length: number } | undefined {
  const end = held.indexOf(0x0a, from);
  return end >= 0 ? { length: end - from } : isLast ? { length: held.length - from } : undefined;
}

const sha256Of = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

const isWhole = (data: string[]): boolean => parseJson(data.join('\n')).ok;

function isAllBlank(utf8: Buffer): boolean {
  for (const byte of utf8) if (!isBlank(byte)) return false;
  return true;
}

function nextAtMark(held: Buffer, from: number, mark: string): number {
  for (let at = held.indexOf(mark, from, 'latin1'); at >= 0; at = held.indexOf(mark, at + 1, 'latin1')) {
    const byte = held[at + mark.length];
    if (byte === 0x7b || byte === 0x5b) return at + mark.length;
  }
  return -1;
}

/** Cuts `count` ASCII characters off the end. */
function shorten(stretch: Stretch, count: number): Stretch {
  if (count === 0) return stretch;
  const size = count * stretch.asciiWidth;
  return {
    byteStart: stretch.byteStart,
    byteEnd: stretch.byteEnd - size,
    bytes: stretch.bytes.subarray(0, stretch.bytes.length - size),
    utf8: stretch.utf8.subarray(0, stretch.utf8.length - count),
    asciiWidth: stretch.asciiWidth,
  };
}

const withoutReturn = (stretch: Stretch): Stretch => shorten(stretch, stretch.utf8.at(-1) === 0x0d ? 1 : 0);
const withoutFeed = (stretch: Stretch): Stretch => shorten(stretch, stretch.utf8.at(-1) === 0x0a ? 1 : 0);

function trimEnd(stretch: Stretch): Stretch {
  let blanks = 0;
  while (blanks < stretch.utf8.length && isBlank(stretch.utf8.at(-1 - blanks))) blanks++;
  return shorten(stretch, blanks);
}
