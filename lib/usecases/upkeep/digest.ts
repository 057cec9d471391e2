import type { Actor } from '#lib/core/policy/actor.ts';
import { digestStore, type StoreDigest } from '#lib/store/digest.ts';
import { recordInLedger } from '#lib/store/ledger.ts';
import { permit } from '../permit.ts';

/** A digest of every derived table: equal stores answer equally (docs/operations.md). Shows no content. */
export async function digest(actor: Actor, source?: string): Promise<StoreDigest> {
  await permit(actor, 'job.read');
  await recordInLedger(actor, { action: 'store.digest', object: 'store' });
  return digestStore(source);
}
