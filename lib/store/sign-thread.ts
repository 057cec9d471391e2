/** A thread that signs batches of texts; started by `cluster-on-threads.ts`, ended by it. */
import { parentPort } from 'node:worker_threads';
import type { Bands } from '#lib/core/dedup/minhash.ts';
import { signRows } from '#lib/core/dedup/sign-rows.ts';

parentPort?.on('message', ({ no, texts, bands }: { no: number; texts: string[]; bands: Bands }) => {
  const signed = signRows(texts, bands);
  parentPort?.postMessage({ no, signed }, [signed.shingles.buffer, signed.ends.buffer, signed.keys.buffer]);
});
