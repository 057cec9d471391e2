/**
 * Redaction of the units of one trajectory, taken together: a value found in one is masked in all, in texts, tool JSON,
 * keys, tool definitions, settings and ids. Pure; the key of the keyed ids is handed in.
 */
import type { LogEvent } from '../trajectory/event.ts';
import { type Json, stringify } from '../trajectory/json.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { Unit } from '../trajectory/unit.ts';
import { compileDictionary, type Dictionary } from './dictionary.ts';
import { foldValue } from './fold-text.ts';
import { leavesOf } from './leaves.ts';
import type { PluginFinds } from './plugin/plugin.ts';
import { type EntityValue, pseudonymise, type WrittenEntity, type WrittenSpan } from './pseudonymise.ts';
import { type Doc, newLeaf, type ReadConfig, readLeaves } from './read-leaves.ts';
import { makeReceipt, type ScanReceipt } from './receipt.ts';
import { compilePathRules, type PathRules } from './source-paths.ts';
import { classOf, type PiiType } from './taxonomy.ts';
import { policyOfUnitLeaf } from './unit-paths.ts';

/** What a reviewer said of a value: `mask` it (missed), or `keep` it (wrongly masked). Without unit: everywhere. */
export type ReviewDecision = { unitId?: string; action: 'mask' | 'keep'; type: PiiType; value: string };

export type RedactionConfig = {
  dictionary: Dictionary;
  pathRules?: PathRules;
  decisions?: readonly ReviewDecision[];
  /** Quasi-identifiers that the source's policy keeps; the default is to mask. */
  quasi?: Partial<Record<PiiType, 'mask' | 'keep'>>;
  /** What detectors from outside found in the texts of these units (`textsOfUnits`). */
  plugins?: readonly PluginFinds[];
  /** Keyed hash (HMAC) of type and normalised value. */
  keyOf(type: PiiType, normalised: string): string;
};

export type UnitRedaction = {
  unit: Redacted<Unit>;
  spans: WrittenSpan[];
  entities: WrittenEntity[];
  /** For the vault only. */
  values: EntityValue[];
  receipt: ScanReceipt;
  /** Content hash of `unit`, as `restoreRedacted` asks for it. */
  hash: string;
};

/**
 * @param units all units of one trajectory, in order
 * @throws ScanGapError when a text of a unit was not read: the record is to be quarantined, nothing of it kept
 */
export function redactTrajectory(units: readonly Unit[], config: RedactionConfig): UnitRedaction[] {
  const docs = units.map((unit): Doc => {
    const leaves = leavesOf(unit as unknown as Json);
    return { id: unit.id, leaves: leaves.map((leaf) => newLeaf(leaf, policyOfUnitLeaf(leaf.path, leaf.text))) };
  });
  const graph = readLeaves(docs, readConfigOf(config));
  return units.map((unit, i) => {
    const doc = docs[i]!;
    const done = pseudonymise(unit, doc.leaves, graph, config.keyOf, agreeArguments);
    const isOurs = (path: string, text: string): boolean => policyOfUnitLeaf(path, text) === 'fixed';
    const receipt = makeReceipt(doc, unit as unknown as Json, isOurs, done);
    return {
      unit: done.redacted,
      spans: done.spans,
      entities: done.entities,
      values: done.values,
      receipt,
      hash: done.hash,
    };
  });
}

/** Every text that a detector from outside has to read before `redactTrajectory`. */
export const textsOfUnits = (units: readonly Unit[]): string[] =>
  units.flatMap((unit) =>
    leavesOf(unit as unknown as Json)
      .filter(({ path, text, kind }) => kind !== 'number' && policyOfUnitLeaf(path, text) !== 'fixed')
      .map(({ text }) => text),
  );

export function readConfigOf(config: RedactionConfig): ReadConfig {
  const decisions = config.decisions ?? [];
  const marks = decisions.filter((decision) => decision.action === 'mask');
  const marksOf = new Map<string, Dictionary>();
  for (const unitId of new Set(marks.flatMap((mark) => mark.unitId ?? [])))
    marksOf.set(unitId, compileMarks(marks.filter((mark) => mark.unitId === unitId)));
  const released = new Set<string>();
  for (const { action, unitId, value } of decisions)
    if (action === 'keep') released.add(`${unitId ?? ''}\0${foldValue(value)}`);
  const secretsReleased = decisions.some((d) => d.action === 'keep' && classOf(d.type) === 'secret');
  return {
    dictionary: config.dictionary,
    plugins: config.plugins ?? [],
    pathMatch: compilePathRules(config.pathRules),
    marks: compileMarks(marks.filter((mark) => mark.unitId === undefined)),
    marksOf,
    stands(docId, type, value) {
      if (released.size > 0 && (classOf(type) !== 'secret' || secretsReleased)) {
        const folded = foldValue(value);
        if (released.has(`\0${folded}`) || released.has(`${docId}\0${folded}`)) return 'released';
      }
      return classOf(type) === 'quasi' && config.quasi?.[type] === 'keep' ? 'kept' : undefined;
    },
  };
}

/** Below this a mark is searched where it stands alone only, else "Ann" would cut "Announcement". */
const MARK_ANYWHERE_FROM = 6;

function compileMarks(marks: readonly ReviewDecision[]): Dictionary {
  const entries = marks.map(({ type, value }, i) => ({
    id: String(i),
    value,
    type,
    mode: [...value].length >= MARK_ANYWHERE_FROM ? ('folded' as const) : ('word' as const),
  }));
  return compileDictionary(entries, 1);
}

/**
 * `argumentsRaw` and `arguments` are two writings of one value and must stay so. Both were redacted leaf by leaf; should
 * they differ all the same (a shadowed key, another reading of a number), the parsed value is written out again.
 */
function agreeArguments(redacted: Unit, source: Unit): Unit {
  let changed = false;
  const events = redacted.events.map((event, i): LogEvent => {
    const before = source.events[i];
    if (event.kind !== 'tool_call' || before?.kind !== 'tool_call' || event.toolCall.arguments === undefined)
      return event;
    if (!saysSame(before.toolCall.argumentsRaw, before.toolCall.arguments)) return event;
    if (saysSame(event.toolCall.argumentsRaw, event.toolCall.arguments)) return event;
    changed = true;
    return { ...event, toolCall: { ...event.toolCall, argumentsRaw: stringify(event.toolCall.arguments) } };
  });
  return changed ? { ...redacted, events } : redacted;
}

function saysSame(raw: string, value: Json | undefined): boolean {
  if (value === undefined) return false;
  const own = leavesOf(raw);
  const parsed = leavesOf(typeof value === 'string' ? value : stringify(value));
  return (
    own.length === parsed.length &&
    own.every((leaf, i) => leaf.kind === parsed[i]!.kind && leaf.text === parsed[i]!.text)
  );
}
