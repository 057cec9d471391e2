import { pool } from './db.ts';

/** Whether the database answers within `limitMs`. */
export async function databaseAnswers(limitMs: number): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, limitMs, false).unref());
  const answer = pool()
    .query('select 1')
    .then(
      () => true,
      () => false,
    );
  return Promise.race([answer, late]);
}
