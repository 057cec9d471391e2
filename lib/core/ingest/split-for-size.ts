/** A trajectory with more content than a line should hold goes on in a new one, at the next step (docs/formats.md). */
import type { Part } from '../trajectory/event.ts';
import { stringify } from '../trajectory/json.ts';
import type { DraftEvent, DraftTrajectory } from './adapter.ts';

export const MAX_TRAJECTORY_BYTES = 64 * 1024 * 1024;

/** @returns the very draft when it is small enough; else its parts in order, each continuing the one before */
export function splitForSize(draft: DraftTrajectory, maxBytes = MAX_TRAJECTORY_BYTES): DraftTrajectory[] {
  if (isSurelySmall(draft, maxBytes)) return [draft];
  const sizes = draft.events.map(sizeOf);
  if (sizes.reduce((sum, size) => sum + size, 0) <= maxBytes) return [draft];
  const parts: DraftEvent[][] = [[]];
  let bytes = 0;
  let step: DraftEvent['step'];
  for (const [index, event] of draft.events.entries()) {
    const isBoundary = event.step !== undefined ? event.step !== step : event.kind === 'user';
    if (bytes + sizes[index]! > maxBytes && isBoundary && parts.at(-1)!.length > 0) {
      parts.push([]);
      bytes = 0;
    }
    step = event.step;
    parts.at(-1)!.push(event);
    bytes += sizes[index]!;
  }
  if (parts.length === 1) return [draft];
  const first = draft.events[0]!.place.record;
  const rootKey = draft.rootKey ?? `${first.sha256}#${first.ordinal ?? 0}`;
  const keyOf = (part: number) => (part === 0 ? rootKey : `${rootKey}\npart ${part + 1}`);
  return parts.map((events, part) => ({
    ...draft,
    rootKey: keyOf(part),
    events,
    flags: [...(draft.flags ?? []), 'split_for_size' as const],
    ...(part > 0 && { continues: { rootKey: keyOf(part - 1) } }),
  }));
}

/** Told by the records alone: what is made of one is never more than a few times its bytes, unless events share it. */
function isSurelySmall({ events }: DraftTrajectory, maxBytes: number): boolean {
  let bytes = 0;
  for (const { place } of events) {
    bytes += 1000 + 4 * ((place.recordEnd ?? place.record).byteEnd - place.record.byteStart);
    if (bytes > maxBytes) return false;
  }
  return true;
}

/** About the bytes that the event takes as JSON. */
function sizeOf({ parts = [], call, error }: DraftEvent): number {
  const logged = call?.arguments;
  const given = typeof logged === 'string' ? logged.length : logged === undefined ? 0 : stringify(logged).length;
  return 300 + parts.reduce((sum, part) => sum + partSize(part), 0) + 2 * given + (error?.message.length ?? 0);
}

function partSize(part: Part): number {
  if (part.type === 'json') return stringify(part.value).length;
  return 50 + ('text' in part && part.text !== undefined ? Buffer.byteLength(part.text) : 0);
}
