/** The account of one source's records (docs/formats.md). */
import { createHash } from 'node:crypto';
import type { RawRef } from '../trajectory/event.ts';
import type { Trajectory } from '../trajectory/trajectory.ts';
import { type QuarantineReason, type RecordRef, refOf } from './adapter.ts';
import type { UnreadField } from './unread-fields.ts';

export type Quarantined = {
  reason: QuarantineReason;
  byteStart: number;
  byteEnd: number;
  recordNo: number;
  message?: string;
};

export type MemberSummary = {
  member?: string;
  /** A name of the table, or `mixed`, `unknown`, `empty`. */
  adapter: string;
  adapters?: { [name: string]: number };
  records: number;
  mapped: number;
  duplicates: number;
  quarantined: Quarantined[];
  trajectories: number;
  events: number;
  bytes: number;
  sha256: string;
  /** Only when asked for: fields of the first records that nothing was made of, and how many of these hold them. */
  unread?: UnreadField[];
};
export type ParseSummary = Omit<MemberSummary, 'member'> & { path: string; members?: MemberSummary[] };

const READ = 0;
const MIRRORED = 1;
const MAPPED = 2;
const REFUSED = 3;

export class Tally {
  private readonly member: string | undefined;
  /** Fate of each record by its number, one byte each. */
  private fates = new Uint8Array(1024);
  private routes = new Uint8Array(1024);
  private readonly names: string[] = [''];
  /** Only of records without a fate yet. */
  private readonly places = new Map<number, RecordRef>();
  private records = 0;
  private readonly quarantined: Quarantined[] = [];
  private trajectories = 0;
  private events = 0;
  private bytes = 0;
  private unread: UnreadField[] | undefined;
  private readonly digest = createHash('sha256');

  constructor(member: string | undefined) {
    this.member = member;
  }

  addUnread(fields: readonly UnreadField[]): void {
    this.unread = [...(this.unread ?? []), ...fields];
  }

  get count(): number {
    return this.records;
  }

  async *counting(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.bytes += chunk.length;
      if (this.member !== undefined) this.digest.update(chunk);
      yield chunk;
    }
  }

  read(record: RecordRef): void {
    this.records = record.recordNo;
    if (this.records >= this.fates.length) {
      this.fates = grown(this.fates);
      this.routes = grown(this.routes);
    }
    this.places.set(this.records, refOf(record));
  }

  route(record: RecordRef, adapter: string): void {
    let name = this.names.indexOf(adapter);
    if (name < 0) name = this.names.push(adapter) - 1;
    this.routes[record.recordNo] = name;
  }

  /** @returns false for a record that already has another fate */
  quarantine({ recordNo, byteStart, byteEnd }: RecordRef, reason: QuarantineReason, message?: string): boolean {
    if (this.fates[recordNo] === REFUSED || this.fates[recordNo] === MAPPED) return false;
    this.settle(recordNo, REFUSED);
    this.quarantined.push({ reason, byteStart, byteEnd, recordNo, ...(message !== undefined && { message }) });
    return true;
  }

  add(trajectory: Trajectory): void {
    this.trajectories++;
    this.events += trajectory.events.length;
    for (const event of trajectory.events) {
      this.mark(event.raw, MAPPED);
      for (const mirror of event.mirrors ?? []) this.mark(mirror, MIRRORED);
    }
  }

  /** Records that no event, mirror or refusal names: an adapter forgot them. */
  unaccounted(): RecordRef[] {
    const lost: RecordRef[] = [];
    for (let recordNo = 1; recordNo <= this.records; recordNo++) {
      if (this.fates[recordNo] === READ) lost.push(this.places.get(recordNo)!);
    }
    return lost;
  }

  summary(): MemberSummary {
    const counts = new Map<string, number>();
    let mapped = 0;
    let duplicates = 0;
    for (let recordNo = 1; recordNo <= this.records; recordNo++) {
      const fate = this.fates[recordNo];
      if (fate === MAPPED) mapped++;
      if (fate === MIRRORED) duplicates++;
      const name = this.names[this.routes[recordNo]!]!;
      if (name !== '' && fate !== REFUSED) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const routed = new Set(
      [...this.routes.subarray(1, this.records + 1)].map((route) => this.names[route]!).filter((name) => name !== ''),
    );
    return {
      ...(this.member !== undefined && { member: this.member }),
      ...adapterOf(counts, routed, this.records),
      records: this.records,
      mapped,
      duplicates,
      quarantined: this.quarantined,
      trajectories: this.trajectories,
      events: this.events,
      bytes: this.bytes,
      ...(this.unread && { unread: this.unread }),
      sha256: this.member === undefined ? '' : this.digest.digest('hex'),
    };
  }

  private mark(ref: RawRef, fate: number): void {
    for (let recordNo = ref.recordNo; recordNo <= (ref.recordEnd ?? ref.recordNo); recordNo++) {
      if (this.fates[recordNo] !== REFUSED) this.settle(recordNo, Math.max(fate, this.fates[recordNo]!));
    }
  }

  private settle(recordNo: number, fate: number): void {
    this.fates[recordNo] = fate;
    this.places.delete(recordNo);
  }
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}

/** One name when all records that were read are of one format; a format that refused all of its records is still told. */
function adapterOf(
  counts: Map<string, number>,
  routed: Set<string>,
  records: number,
): Pick<MemberSummary, 'adapter' | 'adapters'> {
  if (records === 0) return { adapter: 'empty' };
  if (counts.size > 1)
    return { adapter: 'mixed', adapters: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))) };
  if (counts.size === 1) return { adapter: [...counts.keys()][0]! };
  return { adapter: routed.size === 1 ? [...routed][0]! : 'unknown' };
}

/** The summary of the source as given: sums over members for an archive of several. */
export function totalOf(
  path: string,
  members: readonly MemberSummary[],
  isArchive: boolean,
  packed: { bytes: number; sha256: string },
): ParseSummary {
  const source = { bytes: packed.bytes, sha256: packed.sha256 };
  const only = members[0];
  if (only && members.length === 1 && !isArchive) {
    return { path, ...only, ...source };
  }
  const sum = (pick: (member: MemberSummary) => number) => members.reduce((total, member) => total + pick(member), 0);
  const names = [...new Set(members.map(({ adapter }) => adapter).filter((name) => name !== 'empty'))];
  const counts: { [name: string]: number } = {};
  for (const { adapter, adapters, mapped, duplicates } of members) {
    for (const [name, count] of Object.entries(adapters ?? { [adapter]: mapped + duplicates })) {
      if (count > 0) counts[name] = (counts[name] ?? 0) + count;
    }
  }
  const adapter = names.length === 0 ? 'empty' : names.length === 1 ? names[0]! : 'mixed';
  return {
    path,
    adapter,
    ...(adapter === 'mixed' && { adapters: counts }),
    records: sum(({ records }) => records),
    mapped: sum(({ mapped }) => mapped),
    duplicates: sum(({ duplicates }) => duplicates),
    quarantined: members.flatMap(({ quarantined }) => quarantined),
    trajectories: sum(({ trajectories }) => trajectories),
    events: sum(({ events }) => events),
    ...source,
    members: [...members],
  };
}
