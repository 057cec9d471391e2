/** Clusters of near-duplicates for people: the list, one with its members side by side, and which member stays. */
import { z } from 'zod';
import { KEEP_RULES, type KeepRule, keptOf } from '#lib/core/dedup/keep.ts';
import { SIDES, type Side, unitText } from '#lib/core/dedup/unit-text.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { type ClusterHead, listClusters, type MemberRow, membersOf, pickMember } from '#lib/store/near-duplicates.ts';
import { findUnits } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';

const LISTED = 200;

export type ClustersView = {
  side: Side;
  clusters: ClusterHead[];
  /** Clusters of two and more, and the units in them. */
  total: number;
  units: number;
  compared: number;
  /** Units that arrived or changed since. */
  waiting: number;
};

export async function showClusters(actor: Actor, side: Side): Promise<ClustersView> {
  await permit(actor, 'unit.read');
  return { side, ...(await listClusters(projectOf(actor), side, LISTED)) };
}

/** Members whose text is shown; the others are listed. */
const SHOWN_TEXTS = 6;
const SHOWN_CHARACTERS = 12_000;

export type ClusterView = {
  cluster: string;
  side: Side;
  rule: KeepRule;
  /** Ids that stay by this rule. */
  kept: string[];
  members: MemberRow[];
  /** Redacted text of the first members, by unit. */
  texts: { unitId: string; text: string; isCut: boolean }[];
};

/** @throws Problem not_found when it has no member left */
export async function showCluster(actor: Actor, side: Side, cluster: string, rule: KeepRule): Promise<ClusterView> {
  await permit(actor, 'unit.read');
  const projectId = projectOf(actor);
  const members = (await membersOf(projectId, side, [cluster])).get(cluster) ?? [];
  if (members.length === 0) throw new Problem('not_found');
  const kept = keptOf(members, rule);
  // The one that stays first: the others are compared with it.
  const order = members.toSorted((a, b) => Number(kept.includes(b.id)) - Number(kept.includes(a.id)));
  const units = await findUnits(
    projectId,
    order.slice(0, SHOWN_TEXTS).map(({ id }) => id),
  );
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  return {
    ...{ cluster, side, rule, kept, members: order },
    texts: order.slice(0, SHOWN_TEXTS).flatMap(({ id }) => {
      const unit = byId.get(id);
      if (!unit) return [];
      const text = unitText(unit, side);
      return [{ unitId: id, text: text.slice(0, SHOWN_CHARACTERS), isCut: text.length > SHOWN_CHARACTERS }];
    }),
  };
}

export const Pick = z.strictObject({ side: z.enum(SIDES), unitId: z.string().min(1).max(200), keep: z.boolean() });

/** A person's choice wins over every rule; `keep: false` takes it back. @throws Problem not_found */
export async function pickForCluster(
  actor: Actor,
  { side, unitId, keep }: z.infer<typeof Pick>,
): Promise<{ kept: boolean }> {
  await permit(actor, 'unit.retag');
  return inTransaction(async (tx) => {
    if (!(await pickMember(tx, projectOf(actor), side, unitId, keep ? actor.personId : null)))
      throw new Problem('not_found');
    await appendLedger(tx, actor, {
      action: 'cluster.keep',
      object: 'unit',
      objectId: unitId,
      details: { side, keep },
    });
    return { kept: keep };
  });
}

export const asSide = (value: unknown): Side =>
  (SIDES as readonly unknown[]).includes(value) ? (value as Side) : 'prompt';
export const asKeepRule = (value: unknown): KeepRule =>
  (KEEP_RULES as readonly unknown[]).includes(value) ? (value as KeepRule) : 'longest';
