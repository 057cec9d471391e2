/**
 * What a term, a pattern or a released mask would touch, counted over the whole corpus before anybody accepts it. The job
 * keeps counts, ids and places; the value stays in the vault and the texts in their units.
 */
import { z } from 'zod';
import { compileDictionary, type Dictionary, EMPTY_DICTIONARY } from '#lib/core/pii/dictionary.ts';
import { leavesOf } from '#lib/core/pii/leaves.ts';
import { LOOK_ALIKES } from '#lib/core/pii/look-alikes.ts';
import { offsetsOf } from '#lib/core/pii/offsets.ts';
import { withPatterns } from '#lib/core/pii/patterns.ts';
import { PLACEHOLDER } from '#lib/core/pii/taxonomy.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { Json } from '#lib/core/trajectory/json.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { db, inTransaction, type Tx } from '#lib/store/db.ts';
import { type OpenEntry, openEntry } from '#lib/store/dictionaries.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { announceRun } from '#lib/store/queue.ts';
import {
  beginPreview,
  type PreviewResult,
  savePreview,
  unitsOfEntity,
  unitsThatHold,
} from '#lib/store/rule-previews.ts';
import { type Chunk, createRun, finishChunk, withFence } from '#lib/store/runs.ts';
import { findUnits } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';

export const PreviewEntry = z.strictObject({ id: z.uuid() });

/** Starts the count inside a transaction that makes or changes the entry. */
export async function startPreview(tx: Tx, projectId: string, entryId: string, createdBy: string | null) {
  const runId = await createRun(tx, {
    projectId,
    kind: 'reredact',
    refId: `preview:${entryId}`,
    createdBy,
    chunks: [{ stage: 'preview' }],
  });
  await beginPreview(tx, projectId, entryId, runId);
  await announceRun(tx, runId);
  return runId;
}

/** Counts anew what an entry touches. @throws Problem not_found */
export async function previewEntry(actor: Actor, input: z.infer<typeof PreviewEntry>): Promise<{ runId: string }> {
  await permit(actor, 'dictionary.propose');
  const projectId = projectOf(actor);
  return inTransaction(async (tx) => {
    const entry = await tx.dictionaryEntry.findFirst({ where: { id: input.id, projectId } });
    if (!entry) throw new Problem('not_found');
    const runId = await startPreview(tx, projectId, entry.id, actor.personId);
    await appendLedger(tx, actor, { action: 'dictionary.preview', object: 'dictionary', objectId: entry.id });
    return { runId };
  });
}

const AT_A_TIME = 100;
const EXAMPLES = 20;
const EXAMPLES_A_UNIT = 2;

type Found = { path: string; start: number; end: number; event: string };

/** What people and machines said: ids, counts and offsets of an event are not searched. */
const SAID = /^\/events\/\d+\/(?:parts|toolCall|error|feedback)\//;

/** Hits in the texts of a unit, in code points; what is masked already is none, unless placeholders are what is sought. */
function hitsIn(unit: Unit, search: (text: string) => { start: number; end: number }[], isForMasks = false): Found[] {
  return leavesOf(unit.events as unknown as Json, '/events').flatMap((leaf) => {
    const hits = SAID.test(leaf.path) ? search(leaf.text) : [];
    if (hits.length === 0) return [];
    const masked = isForMasks
      ? []
      : [...leaf.text.matchAll(PLACEHOLDER)].map((one) => [one.index, one.index + one[0].length] as const);
    const offsets = offsetsOf(leaf.text);
    const at = Number(leaf.path.split('/')[2]);
    return hits
      .filter((hit) => !masked.some(([from, to]) => hit.start < to && hit.end > from))
      .map((hit) => ({
        path: leaf.path,
        start: offsets.toPoint(hit.start),
        end: offsets.toPoint(hit.end),
        event: unit.events[at]?.kind ?? 'meta',
      }));
  });
}

/** Places of one placeholder in the texts of a unit. */
const placesOf = (unit: Unit, placeholder: string): Found[] =>
  hitsIn(
    unit,
    (text) =>
      [...text.matchAll(PLACEHOLDER)]
        .filter((one) => one[0] === placeholder)
        .map((one) => ({ start: one.index, end: one.index + one[0].length })),
    true,
  );

export const searcherOf = (entry: Pick<OpenEntry, 'id' | 'value' | 'type' | 'mode'>): Dictionary => {
  const { mode, ...rest } = entry;
  return mode === 'pattern' ? withPatterns(EMPTY_DICTIONARY, [rest]) : compileDictionary([{ ...rest, mode }], 0);
};

/** The stage of the job. */
export async function countPreview(chunk: Chunk, signal: AbortSignal): Promise<void> {
  const { projectId } = chunk;
  const entryId = chunk.refId.replace('preview:', '');
  const entry = await openEntry(projectId, entryId);
  const version = (await db().project.findUniqueOrThrow({ where: { id: projectId } })).dictVersion;
  const counts = { bySource: new Map<string, number>(), byEvent: new Map<string, number>() };
  const result: PreviewResult = {
    hits: 0,
    units: 0,
    bySource: [],
    byEvent: [],
    examples: [],
    lookAlikes: [],
    keptByOthers: 0,
    version,
  };
  const add = (unitId: string, source: string, found: readonly Found[]) => {
    if (found.length === 0) return;
    result.units++;
    result.hits += found.length;
    counts.bySource.set(source, (counts.bySource.get(source) ?? 0) + found.length);
    for (const { event } of found) counts.byEvent.set(event, (counts.byEvent.get(event) ?? 0) + 1);
    for (const { path, start, end } of found.slice(0, EXAMPLES_A_UNIT))
      if (result.examples.length < EXAMPLES) result.examples.push({ unitId, path, start, end });
  };
  if (entry?.action === 'keep') await countKept(projectId, entry, add);
  else if (entry) await countTerm(projectId, entry, add, signal);
  if (entry && entry.action === 'mask') {
    const searcher = searcherOf(entry);
    result.lookAlikes = LOOK_ALIKES.flatMap((text, no) => (searcher.search(text).length > 0 ? [no] : []));
    result.keptByOthers = await db().dictionaryEntry.count({
      where: { projectId, entity: entry.entity, action: 'keep', state: 'accepted' },
    });
  }
  const byCount = (map: Map<string, number>) => [...map].sort((a, b) => b[1] - a[1]);
  result.bySource = byCount(counts.bySource).map(([source, hits]) => ({ source, hits }));
  result.byEvent = byCount(counts.byEvent).map(([kind, hits]) => ({ kind, hits }));
  await withFence(chunk, async (client) => {
    await savePreview(client, entryId, result);
    await finishChunk(client, chunk);
  });
}

type Add = (unitId: string, source: string, found: readonly Found[]) => void;
type Opened = OpenEntry & { entity: string };

async function countTerm(projectId: string, entry: Opened, add: Add, signal: AbortSignal): Promise<void> {
  const searcher = searcherOf(entry);
  // A pattern holds no word to look for; a term's first letters narrow the search inside the database.
  const word = entry.mode === 'pattern' ? null : JSON.stringify(entry.value).slice(1, -1).toLowerCase();
  const isInScope = (unit: Unit): boolean =>
    entry.scope === 'project' || entry.scopeId === (entry.scope === 'unit' ? unit.id : unit.trajectoryId);
  let after = '';
  for (;;) {
    signal.throwIfAborted();
    const page = await unitsThatHold(projectId, word, after, AT_A_TIME);
    const units = await findUnits(
      projectId,
      page.map(({ id }) => id),
    );
    const sourceOf = new Map(page.map(({ id, source }) => [id, source]));
    for (const unit of units.filter(isInScope))
      add(unit.id, sourceOf.get(unit.id) ?? '', hitsIn(unit, searcher.search));
    if (page.length < AT_A_TIME) return;
    after = page.at(-1)!.id;
  }
}

async function countKept(projectId: string, entry: Opened, add: Add): Promise<void> {
  const holders = await unitsOfEntity(projectId, entry.entity, entry.scope === 'unit' ? entry.scopeId : null);
  const units = new Map(
    (
      await findUnits(
        projectId,
        holders.map(({ id }) => id),
      )
    ).map((unit) => [unit.id, unit]),
  );
  for (const { id, source, placeholder } of holders) {
    const unit = units.get(id);
    if (unit) add(id, source, placesOf(unit, placeholder));
  }
}
