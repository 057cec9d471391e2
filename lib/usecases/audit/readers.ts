/**
 * How well readers find what is there, by the canaries of sealed samples. A person's own figure is theirs; leads see a
 * person's from thirty decisions on, each with its interval, and nobody is ranked.
 */
import { findsCanary } from '#lib/core/pii/audit/plant.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { type Share, wilson } from '#lib/core/stats/wilson.ts';
import { auditDecisions, type FlagRow, listFlags, sealedCanaryReadings } from '#lib/store/readers.ts';
import { permit, projectOf } from '../permit.ts';

export const SHOWN_FROM = 30;
const FLAGS = 50;

export type Reader = {
  name: string;
  decisions: number;
  /** Found of canaries met; null below thirty decisions. */
  sensitivity: Share | null;
};

async function sharesOf(projectId: string): Promise<Map<string, Share>> {
  const readings = await sealedCanaryReadings(projectId);
  return new Map(
    [...Map.groupBy(readings, (row) => row.personId)].map(([personId, of]) => [
      personId,
      wilson(of.filter((row) => findsCanary(row.marks, row)).length, of.length),
    ]),
  );
}

/** For leads and auditors, by name. */
export async function showReaders(actor: Actor): Promise<{ readers: Reader[]; medianMs: number | null }> {
  await permit(actor, 'quality.read');
  const projectId = projectOf(actor);
  const [shares, { people, medianMs }] = await Promise.all([sharesOf(projectId), auditDecisions(projectId)]);
  return {
    medianMs,
    readers: people.map(({ personId, name, decisions }) => ({
      name,
      decisions,
      sensitivity: decisions >= SHOWN_FROM ? (shares.get(personId) ?? null) : null,
    })),
  };
}

/** One's own, to oneself. */
export async function showOwnSensitivity(actor: Actor): Promise<{ decisions: number; sensitivity: Share | null }> {
  await permit(actor, 'queue.list');
  const projectId = projectOf(actor);
  const [shares, { people }] = await Promise.all([sharesOf(projectId), auditDecisions(projectId)]);
  const decisions = people.find((row) => row.personId === actor.personId)?.decisions ?? 0;
  return { decisions, sensitivity: decisions >= SHOWN_FROM ? (shares.get(actor.personId ?? '') ?? null) : null };
}

export async function showFlags(actor: Actor): Promise<FlagRow[]> {
  await permit(actor, 'quality.read');
  return listFlags(projectOf(actor), FLAGS);
}
