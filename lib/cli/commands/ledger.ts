import { type RunCommand, UsageError, writeLine } from '../command.ts';
import { joinStore } from '../store-connection.ts';

/** `assay ledger verify`: walks the whole chain of the activity ledger; 1 when an entry was changed, lost or added. */
export const run: RunCommand = async (args, { stdout, stderr }) => {
  if (args.length !== 1 || args[0] !== 'verify') throw new UsageError('say `verify`');
  joinStore('worker');
  const { systemActor } = await import('#lib/store/session.ts');
  const { verifyChain } = await import('#lib/usecases/ledger/verify-chain.ts');
  const verdict = await verifyChain(systemActor('assay ledger', null));
  await writeLine(stdout, JSON.stringify(verdict));
  if (verdict.firstBad) stderr.write(`assay ledger: entry ${verdict.firstBad.seq} ${verdict.firstBad.why}\n`);
  return verdict.ok ? 0 : 1;
};
