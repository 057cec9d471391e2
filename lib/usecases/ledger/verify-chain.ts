import type { Actor } from '#lib/core/policy/actor.ts';
import { type LedgerVerdict, recordInLedger, verifyLedger } from '#lib/store/ledger.ts';
import { permit } from '../permit.ts';

/** Walks the whole chain and writes down that it was walked. */
export async function verifyChain(actor: Actor): Promise<LedgerVerdict> {
  await permit(actor, 'ledger.verify');
  const verdict = await verifyLedger();
  await recordInLedger(actor, {
    action: 'ledger.verify',
    object: 'ledger',
    outcome: verdict.ok ? 'ok' : 'failed',
    details: { entries: verdict.entries },
  });
  return verdict;
}
