/**
 * Near-duplicate clusters on more than one core. Threads sign batches of texts, this one joins them, and signs too
 * while the others are busy. Clusters do not depend on the order in which rows come, so any number of threads gives the
 * same ones.
 */
import { Worker } from 'node:worker_threads';
import { ClusterIndex } from '#lib/core/dedup/cluster.ts';
import { type SignedRows, signedRow, signRows } from '#lib/core/dedup/sign-rows.ts';

/** UTF-16 units of text in one batch: some milliseconds of work, so that a message costs little beside it. */
const BATCH_UNITS = 200_000;
/** Batches that a thread has in hand: one in work, one waiting. */
const IN_HAND = 2;

export type ClusterOptions = {
  threshold?: number;
  /** Cores in use, this one included; 1 starts no thread. */
  cores?: number;
};
type Batch<Id> = { ids: Id[]; texts: string[]; units: number };
type Thread = { worker: Worker; inHand: number };

/** @returns the index, for its clusters or for more rows */
export async function clusterOnThreads<Id extends string | number>(
  rows: Iterable<{ id: Id; text: string }> | AsyncIterable<{ id: Id; text: string }>,
  { threshold, cores = 1 }: ClusterOptions = {},
): Promise<ClusterIndex<Id>> {
  const index = new ClusterIndex<Id>(threshold);
  const { bands } = index;
  const waiting = new Map<number, Id[]>();
  const threads: Thread[] = [];
  const signal = { failed: null as unknown, wake: () => {} };
  let no = 0;
  const join = (ids: readonly Id[], signed: SignedRows): void => {
    for (const [row, id] of ids.entries()) {
      const { shingles, keys } = signedRow(signed, row, bands);
      index.addShingles(id, shingles, keys);
    }
  };
  const start = (): Thread => {
    const thread: Thread = { worker: new Worker(new URL('./sign-thread.ts', import.meta.url)), inHand: 0 };
    thread.worker.on('message', ({ no: done, signed }: { no: number; signed: SignedRows }) => {
      thread.inHand--;
      join(waiting.get(done)!, signed);
      waiting.delete(done);
      signal.wake();
    });
    thread.worker.on('error', (error) => {
      signal.failed = error;
      signal.wake();
    });
    return thread;
  };
  const work = async ({ ids, texts }: Batch<Id>): Promise<void> => {
    if (signal.failed) throw signal.failed;
    if (threads.length < cores - 1) threads.push(start());
    const free = threads.find((thread) => thread.inHand < IN_HAND);
    if (!free) {
      join(ids, signRows(texts, bands));
      // Messages of the threads are read between two turns of the loop.
      if (threads.length > 0) await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    waiting.set(no, ids);
    free.inHand++;
    free.worker.postMessage({ no: no++, texts, bands });
  };
  try {
    const fresh = (): Batch<Id> => ({ ids: [], texts: [], units: 0 });
    let batch = fresh();
    for await (const { id, text } of rows) {
      batch.ids.push(id);
      batch.texts.push(text);
      batch.units += text.length;
      if (batch.units < BATCH_UNITS) continue;
      await work(batch);
      batch = fresh();
    }
    if (batch.ids.length > 0) join(batch.ids, signRows(batch.texts, bands));
    while (waiting.size > 0) {
      if (signal.failed) throw signal.failed;
      await new Promise<void>((resolve) => {
        signal.wake = resolve;
      });
    }
    return index;
  } finally {
    await Promise.all(threads.map((thread) => thread.worker.terminate()));
  }
}
