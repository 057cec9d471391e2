import { pool } from './db.ts';
import { migrationNames } from './migrate.ts';

/** @returns names of the finished migrations, in order */
export async function appliedMigrations(): Promise<string[]> {
  const { rows } = await pool().query<{ name: string }>(
    'select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null order by 1',
  );
  return rows.map(({ name }) => name);
}

/** @returns names that this checkout has and the database has not */
export function pendingMigrations(applied: readonly string[]): string[] {
  return migrationNames().filter((name) => !applied.includes(name));
}
