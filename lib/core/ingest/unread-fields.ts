/**
 * What of its records an adapter lets fall: fields that it neither looked at nor kept. Found by running it a second time
 * over the first records with every field watched, so no adapter has to say it, and one that learns a field stops being
 * listed for it.
 */
import { isObject, type Json, type JsonObject, stringify } from '../trajectory/json.ts';
import { type Adapter, type AdapterSink, type DraftTrajectory, refOf, type SourceRecord } from './adapter.ts';

export type UnreadField = {
  /** Pointer with `*` for items of lists and for keys that are ids. */
  at: string;
  /** Of the records looked at, how many hold it. */
  records: number;
};

/** Records that are looked at, and bytes of them. */
export const SAMPLED_RECORDS = 100;
export const SAMPLED_BYTES = 2 * 1024 * 1024;
const MOST_FIELDS = 500;

/** @param samples of one source in order, read by this adapter; their values are not changed */
export function unreadFields(adapter: Adapter, samples: readonly SourceRecord[]): UnreadField[] {
  const seen = new Set<string>();
  const run = adapter.start(silentSink());
  for (const sample of samples) {
    const value = sample.value === undefined ? undefined : watch(sample.value, '', seen);
    for (const draft of run.take({ ...sample, value })) keep(draft);
  }
  for (const draft of run.end()) keep(draft);
  const unread = new Map<string, number>();
  for (const { value } of samples) {
    const fields = new Set<string>();
    if (value !== undefined) leavesOf(value, '', fields);
    for (const at of fields) {
      if (!seen.has(at) && (unread.has(at) || unread.size < MOST_FIELDS)) unread.set(at, (unread.get(at) ?? 0) + 1);
    }
  }
  return [...unread].map(([at, records]) => ({ at, records })).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** What a draft holds is kept: writing it down looks at all of it. */
function keep(draft: DraftTrajectory): void {
  const said = draft.events.map(({ parts, call, result, error, feedback, name, step }) => [
    [parts, call, result, error, name],
    feedback && [feedback.value, feedback.comment],
    step && [step.params, step.tools, step.usage],
  ]);
  stringify([said, draft.meta, draft.tools, draft.externalIds]);
}

/** A sink that nothing comes out of: what is put away stays the value that it is. */
function silentSink(): AdapterSink {
  return {
    refuse: () => {},
    duplicate: () => {},
    span: (record) => ({ extend: () => {}, place: () => ({ record: refOf(record) }) }),
    keep: (bytes) => ({ read: () => bytes }),
    keepRecord: (record) => ({ read: () => record.value ?? null }),
    stash: (value) => ({ read: () => value }),
  };
}

/** Ids as keys are not names: what stands under them is the same field. */
const ID = /^[0-9]+$|^[0-9a-f-]{12,}$|^(?=.*\d)[A-Za-z]{1,8}[_-][A-Za-z0-9_-]{12,}$/;

const stepTo = (at: string, key: string): string =>
  `${at}/${ID.test(key) ? '*' : key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The same value, noting every scalar that is looked at. */
function watch(value: Json, at: string, seen: Set<string>): Json {
  if (Array.isArray(value)) return watched(value, () => `${at}/*`, seen) as Json[];
  if (isObject(value)) return watched(value, (key) => stepTo(at, key), seen) as JsonObject;
  seen.add(at);
  return value;
}

function watched(target: Json[] | JsonObject, placeOf: (key: string) => string, seen: Set<string>): object {
  const inner = new Map<string, Json>();
  return new Proxy(target, {
    get(_, key, receiver) {
      const value = Reflect.get(target, key, receiver) as Json;
      if (typeof key !== 'string' || !Object.hasOwn(target, key) || (Array.isArray(target) && key === 'length'))
        return value;
      const known = inner.get(key);
      if (known !== undefined) return known;
      const watching = watch(value, placeOf(key), seen);
      inner.set(key, watching);
      return watching;
    },
  });
}

/** Every scalar that says something. */
function leavesOf(value: Json, at: string, fields: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) leavesOf(item, `${at}/*`, fields);
  else if (isObject(value)) for (const key of Object.keys(value)) leavesOf(value[key]!, stepTo(at, key), fields);
  else if (value !== null && value !== '' && value !== undefined) fields.add(at);
}
