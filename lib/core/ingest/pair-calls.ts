/** Which result answers which call (docs/formats.md): by order, id and name. Ids are never keys. */
import { canonicalJson } from '../trajectory/json.ts';
import type { DraftEvent, DraftStep } from './adapter.ts';

export type Pairs = {
  callOf: Map<DraftEvent, DraftEvent>;
  /** Results that found no call, and second results of an answered one. */
  orphans: Set<DraftEvent>;
  repeated: Set<DraftEvent>;
  unanswered: Set<DraftEvent>;
  reusedIds: Set<DraftEvent>;
};

/** Blanks around ids are noise of the logger. */
const idOf = (id: string | undefined): string | undefined =>
  id === undefined || id.trim() === '' ? undefined : id.trim();

export function pairCalls(events: readonly DraftEvent[], stepOf: Map<DraftEvent, DraftStep>): Pairs {
  const pairs: Pairs = {
    callOf: new Map(),
    orphans: new Set(),
    repeated: new Set(),
    unanswered: new Set(),
    reusedIds: new Set(),
  };
  const open = new Set<DraftEvent>();
  const byId = new Map<string, { open: DraftEvent[]; latest: DraftEvent }>();
  for (const event of events) {
    if (event.call) {
      open.add(event);
      const id = idOf(event.call.callId);
      if (id !== undefined) {
        const same = byId.get(id);
        if (same) {
          pairs.reusedIds.add(event);
          same.open.push(event);
          same.latest = event;
        } else byId.set(id, { open: [event], latest: event });
      }
    } else if (event.kind === 'tool_result') {
      const call = findCall(event, open, byId, stepOf);
      if (call) {
        open.delete(call);
        const own = byId.get(idOf(call.call!.callId) ?? '')?.open;
        if (own) own.splice(own.indexOf(call), 1);
        pairs.callOf.set(event, call);
        continue;
      }
      const answered = byId.get(idOf(event.result?.callId) ?? '')?.latest;
      if (answered) {
        pairs.callOf.set(event, answered);
        pairs.repeated.add(event);
      } else pairs.orphans.add(event);
    }
  }
  for (const call of open) if (call.call!.origin !== 'server') pairs.unanswered.add(call);
  return pairs;
}

function findCall(
  event: DraftEvent,
  open: Set<DraftEvent>,
  byId: Map<string, { open: DraftEvent[] }>,
  stepOf: Map<DraftEvent, DraftStep>,
): DraftEvent | undefined {
  const id = idOf(event.result?.callId);
  const name = event.result?.name;
  if (id !== undefined) {
    const candidates = byId.get(id)?.open ?? [];
    return (name !== undefined && candidates.find((call) => call.call!.name === name)) || candidates[0];
  }
  if (name !== undefined) {
    for (const call of open) if (call.call!.name === name) return call;
    return undefined;
  }
  let latest: DraftStep | undefined;
  for (const call of open) latest = stepOf.get(call) ?? latest;
  for (const call of open) if (latest === undefined || stepOf.get(call) === latest) return call;
  return undefined;
}

/**
 * Moves a result that was logged before its call behind that call's answer, and folds a second, equal result of one call
 * into the first as a mirror.
 */
export function inCausalOrder(events: readonly DraftEvent[]): DraftEvent[] {
  const calls = new Map<string, number>();
  const results = new Map<string, DraftEvent[]>();
  const ordered: DraftEvent[] = [];
  const early = new Map<string, DraftEvent[]>();
  const laterCalls = countCalls(events);
  for (const event of events) {
    const id = idOf(event.call?.callId ?? event.result?.callId);
    if (event.kind === 'tool_result' && id !== undefined) {
      const called = calls.get(id) ?? 0;
      const before = results.get(id) ?? [];
      if (called > 0 && before.length >= called) {
        const same = before.find((other) => sameContent(other, event));
        if (same && laterCalls.get(id) === called) {
          same.mirrors = [...(same.mirrors ?? []), event.place];
          continue;
        }
      }
      if (called === 0 && (laterCalls.get(id) ?? 0) > 0) {
        early.set(id, [...(early.get(id) ?? []), event]);
        continue;
      }
      if (before.push(event) === 1) results.set(id, before);
    }
    ordered.push(event);
    if (event.call && id !== undefined) calls.set(id, (calls.get(id) ?? 0) + 1);
  }
  for (const [id, waiting] of early) {
    const at = ordered.findIndex((event) => idOf(event.call?.callId) === id);
    let after = at + 1;
    while (after < ordered.length && ordered[after]!.step !== undefined && ordered[after]!.step === ordered[at]!.step)
      after++;
    ordered.splice(after, 0, ...waiting);
  }
  return ordered;
}

function countCalls(events: readonly DraftEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    const id = idOf(event.call?.callId);
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

const sameContent = (a: DraftEvent, b: DraftEvent): boolean =>
  canonicalJson(a.parts ?? []) === canonicalJson(b.parts ?? []);
