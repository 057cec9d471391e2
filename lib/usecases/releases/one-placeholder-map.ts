/**
 * A proposed pair as what a preference row is made of. Its sides may come from two units, each with placeholders of its
 * own: they are brought under one map, so that a placeholder means one value in prompt, chosen and rejected.
 */
import { type PairContent, pairOfUnits } from '#lib/core/export/dpo-row.ts';
import { parseJson } from '#lib/core/ingest/parse-json.ts';
import { findPlaceholders, placeholderOf } from '#lib/core/pii/placeholder.ts';
import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import type { LogEvent } from '#lib/core/trajectory/event.ts';
import { stringify } from '#lib/core/trajectory/json.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import type { PairContent as SidesOfPair } from '../pairs/pair-content.ts';

/** Placeholder of a unit -> keyed code of the entity behind it. */
export type EntityNames = ReadonlyMap<string, string>;
/** @param of prompt and both answers, each inside its unit */
export function toOneMap(of: SidesOfPair, namesOf: (unitId: string) => EntityNames): Redacted<PairContent> {
  const align = aligner(of.prompt.events, namesOf(of.prompt.id));
  const aligned = (side: Redacted<Unit>) =>
    side.id === of.prompt.id ? side.events : align(side.events, namesOf(side.id));
  return { ...pairOfUnits(of.a, of.b), prompt: of.prompt.events, chosen: aligned(of.a), rejected: aligned(of.b) };
}

/** Renames placeholders of another unit: the prompt's stay, the rest follow their entity or get a number of their own. */
function aligner(prompt: readonly LogEvent[], names: EntityNames) {
  const fixed = new Set(findPlaceholders(stringify(prompt)).map(({ text }) => text));
  const ofEntity = new Map([...names].map(([placeholder, entity]) => [entity, placeholder]));
  const highest = new Map<PiiType, number>();
  const seen = (type: PiiType, n: number) => highest.set(type, Math.max(highest.get(type) ?? 0, n));
  for (const { type, n } of findPlaceholders([...fixed, ...names.keys()].join(' '))) seen(type, n);
  return (events: LogEvent[], own: EntityNames): LogEvent[] => {
    const json = stringify(events);
    for (const { type, n } of findPlaceholders(json)) seen(type, n);
    const renamed = new Map<string, string>();
    for (const { text, type } of findPlaceholders(json)) {
      if (fixed.has(text) || renamed.has(text)) continue;
      const entity = own.get(text);
      const known = entity === undefined ? undefined : ofEntity.get(entity);
      const name = known ?? placeholderOf(type, (highest.get(type) ?? 0) + 1);
      for (const made of findPlaceholders(name)) seen(made.type, made.n);
      if (entity !== undefined) ofEntity.set(entity, name);
      renamed.set(text, name);
    }
    let at = 0;
    let text = '';
    for (const found of findPlaceholders(json)) {
      text += json.slice(at, found.start) + (renamed.get(found.text) ?? found.text);
      at = found.end;
    }
    const reading = parseJson(text + json.slice(at));
    if (!reading.ok) throw new Error('renamed events are not readable');
    return reading.value as unknown as LogEvent[];
  };
}
