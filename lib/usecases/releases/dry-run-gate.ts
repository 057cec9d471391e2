/** The gate of the trainers: what their verdict says, and what it means that there is none. */
import { PREPARE_COMMAND, type Verdict } from '#lib/store/dry-run/python.ts';
import type { Gate, GateRow } from '#lib/store/releases.ts';

/** `required`: a release without a passing dry run is blocked until two people waive that. */
export type DryRunPolicy = 'when_possible' | 'required';

export type DryRun =
  | { kind: 'verdict'; verdict: Verdict }
  | { kind: 'waits' }
  /** No Python is ready on the worker's machine. */
  | { kind: 'no_python' }
  | { kind: 'no_verdict' };

const about = {
  gate: 'dry_run',
  rule: 'The real trainers load every config and train three steps',
  limit: 'all assertions',
  isWaivable: true,
} as const;

export function dryRunGate(run: DryRun, policy: DryRunPolicy): Gate {
  switch (run.kind) {
    case 'verdict':
      return ofVerdict(run.verdict);
    case 'waits':
      return { ...about, state: 'not_run', value: 'the trainers are at work', evidence: {}, rows: [] };
    case 'no_python':
      return {
        ...about,
        state: policy === 'required' ? 'fail' : 'not_run',
        value: `not run: \`${PREPARE_COMMAND}\` on the worker's machine makes it run, then build again`,
        evidence: { policy },
        rows: [],
      };
    case 'no_verdict':
      return { ...about, state: 'fail', value: 'the trainers ended without a verdict', evidence: {}, rows: [] };
  }
}

function ofVerdict({ pass, targets, seconds, versions }: Verdict): Gate {
  const trainers = Object.entries(targets).flatMap(([target, kinds]) =>
    Object.entries(kinds).map(([kind, verdict]) => ({ name: `${target} ${kind}`, verdict })),
  );
  const asserts = trainers.flatMap(({ verdict }) => Object.values(verdict.asserts));
  const held = asserts.filter((holds) => holds === true).length;
  const unasked = asserts.filter((holds) => holds === null).length;
  const rows = trainers.flatMap(({ name, verdict }) =>
    verdict.failures.map(
      (failure): GateRow => ({
        refKind: failure.row === null ? 'file' : 'row',
        refId: failure.row ?? `data/${failure.config}`,
        code: failure.assert,
        detail: `${name}: ${failure.why}`.slice(0, 300),
      }),
    ),
  );
  return {
    ...about,
    state: pass ? 'pass' : 'fail',
    value: `${held} of ${asserts.length - unasked} assertions hold, ${Math.round(seconds)} s`,
    evidence: { seconds, unasked, targets: Object.keys(targets).join(', '), trl: versions.trl ?? null },
    rows,
  };
}
