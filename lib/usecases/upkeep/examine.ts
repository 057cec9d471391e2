import type { Actor } from '#lib/core/policy/actor.ts';
import { storeState } from '#lib/store/health.ts';
import { appliedMigrations, pendingMigrations } from '#lib/store/migration-state.ts';
import { countPeople } from '#lib/store/people.ts';
import { permit } from '../permit.ts';
import { workerAwaySeconds } from './check-health.ts';

export interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

export interface Examination {
  users: number;
  /** name of the newest migration in the database */
  schema: string | null;
  checks: Check[];
}

/** What the store says of itself; the machine's side (files, processes) is `assay doctor`'s. */
export async function examine(actor: Actor): Promise<Examination> {
  await permit(actor, 'job.read');
  const state = await storeState(5000);
  if (!state.database) {
    return { users: 0, schema: null, checks: [{ name: 'database', ok: false, detail: 'does not answer' }] };
  }
  const [users, applied] = await Promise.all([countPeople(), appliedMigrations()]);
  const pending = pendingMigrations(applied);
  const seen = state.workerSeenSecondsAgo;
  return {
    users,
    schema: applied.at(-1) ?? null,
    checks: [
      { name: 'database', ok: true, detail: 'answers' },
      {
        name: 'migrations',
        ok: pending.length === 0,
        detail: `${applied.length} applied, ${pending.length} waiting for a start`,
      },
      { name: 'vault', ok: state.vault, detail: state.vault ? 'answers' : 'does not answer' },
      {
        name: 'worker',
        ok: seen !== null && seen < workerAwaySeconds,
        detail: seen === null ? 'none was ever seen' : `last seen ${Math.round(seen)} s ago`,
      },
    ],
  };
}
