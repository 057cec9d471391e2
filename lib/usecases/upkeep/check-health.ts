import { type StoreState, storeState } from '#lib/store/health.ts';

export type Health = 'ok' | 'degraded';

/** A worker that has not beaten for so long is taken for dead. */
export const workerAwaySeconds = 15;

/** What anyone may know: everything serves, or something is away (database, vault, every worker). Details need `metrics.read`. */
export async function checkHealth(): Promise<Health> {
  return isWhole(await storeState(2000)) ? 'ok' : 'degraded';
}

export function isWhole({ database, vault, workerSeenSecondsAgo }: StoreState): boolean {
  return database && vault && workerSeenSecondsAgo !== null && workerSeenSecondsAgo < workerAwaySeconds;
}
