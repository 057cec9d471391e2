/** One term, pattern or released mask with what it touches: counts, and twenty places in their texts. */
import { LOOK_ALIKES } from '#lib/core/pii/look-alikes.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { atPointer } from '#lib/core/trajectory/pointer.ts';
import { db } from '#lib/store/db.ts';
import { findPreview, type PreviewResult, releasesOfUnits, type TouchedRelease } from '#lib/store/rule-previews.ts';
import { findUnits } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';

export type Example = { unitId: string; before: string; hit: string; after: string };
export type EntryPage = {
  id: string;
  type: string;
  mode: string;
  action: string;
  scope: string;
  state: string;
  origin: string;
  isOwn: boolean;
  preview:
    | { state: 'none' | 'counting' }
    | ({ state: 'done'; madeAt: string } & Omit<PreviewResult, 'examples' | 'lookAlikes'> & {
          examples: Example[];
          lookAlikes: string[];
          releases: TouchedRelease[];
        });
};

const AROUND = 60;

/** @throws Problem not_found */
export async function showEntry(actor: Actor, id: string): Promise<EntryPage> {
  await permit(actor, 'dictionary.read');
  await permit(actor, 'unit.search');
  const projectId = projectOf(actor);
  const isId = /^[0-9a-f-]{36}$/.test(id);
  const entry = isId ? await db().dictionaryEntry.findFirst({ where: { id, projectId } }) : null;
  if (!entry) throw new Problem('not_found');
  const counted = await findPreview(projectId, id);
  const { type, mode, action, scope, state } = entry;
  const origin = entry.origin.split(':')[0]!;
  const head = { id, type, mode, action, scope, state, origin, isOwn: entry.createdBy === actor.personId };
  if (!counted?.result || counted.state !== 'done')
    return { ...head, preview: { state: counted ? 'counting' : 'none' } };
  const { examples, lookAlikes, ...counts } = counted.result;
  const ids = [...new Set(examples.map(({ unitId }) => unitId))];
  const [units, releases] = await Promise.all([findUnits(projectId, ids), releasesOfUnits(projectId, ids)]);
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  return {
    ...head,
    preview: {
      state: 'done',
      madeAt: counted.madeAt.toISOString(),
      ...counts,
      releases,
      lookAlikes: lookAlikes.flatMap((no) => LOOK_ALIKES[no] ?? []),
      examples: examples.flatMap(({ unitId, path, start, end }): Example[] => {
        // Texts change: a place that is no longer there is left out.
        const text = atPointer(byId.get(unitId), path);
        if (typeof text !== 'string') return [];
        const points = [...text];
        if (points.length < end) return [];
        const part = (from: number, to: number) => points.slice(Math.max(0, from), to).join('');
        return [{ unitId, before: part(start - AROUND, start), hit: part(start, end), after: part(end, end + AROUND) }];
      }),
    },
  };
}
