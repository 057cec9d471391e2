import { pool } from './db.ts';
import { isVaultUp } from './vault.ts';

export interface StoreState {
  database: boolean;
  vault: boolean;
  /** since the last beat of any worker; null: none ever, or the database is away */
  workerSeenSecondsAgo: number | null;
}

/** What answers within `limitMs`. */
export async function storeState(limitMs: number): Promise<StoreState> {
  const beat = pool()
    .query<{ ago: number | null }>('select extract(epoch from now() - max(seen_at))::float8 as ago from worker_beat')
    .then(
      ({ rows }) => ({ database: true, workerSeenSecondsAgo: rows[0]?.ago ?? null }),
      () => ({ database: false, workerSeenSecondsAgo: null }),
    );
  const [store, vault] = await Promise.all([
    within(limitMs, beat, { database: false, workerSeenSecondsAgo: null }),
    within(limitMs, isVaultUp(), false),
  ]);
  return { ...store, vault };
}

function within<T>(limitMs: number, work: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, limitMs, late);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
