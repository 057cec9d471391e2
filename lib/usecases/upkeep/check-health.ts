import { databaseAnswers } from '#lib/store/health.ts';

export type Health = 'ok' | 'degraded';

/** What anyone may know: serving or not. Details need `metrics.read`. */
export async function checkHealth(): Promise<Health> {
  return (await databaseAnswers(2000)) ? 'ok' : 'degraded';
}
