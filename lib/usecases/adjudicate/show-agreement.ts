/** How far blind readers agree: on the verdict of a unit and on spans, each figure with n, interval and its sum. */
import type { Actor } from '#lib/core/policy/actor.ts';
import {
  type Alpha,
  cohenKappa,
  type Kappa,
  krippendorffAlpha,
  type SpanScore,
  spanAgreement,
} from '#lib/core/review/agreement.ts';
import type { PayloadOf } from '#lib/core/review/verdict.ts';
import { listPlans } from '#lib/store/audits.ts';
import { standingDecisions } from '#lib/store/decisions.ts';
import { disputesOf } from '#lib/store/disputes.ts';
import { permit, projectOf } from '../permit.ts';
import { type ReadTwice, readingsOf } from './open-adjudication.ts';

type Choice = { clean: number; leaky: number; onlyFirst: number; onlySecond: number };
export type Agreement = {
  queueId: string;
  /** Units read by two. */
  units: number;
  verdicts: { kappa: Kappa; alpha: Alpha; counts: Choice };
  spans: { exact: SpanScore; overlap: SpanScore; first: number; second: number };
  /** Differences and doubts: sent to a third person, ruled, and how. */
  disputes: {
    queueId: string | null;
    sent: number;
    ruled: number;
    takes: Record<string, number>;
    causes: Record<string, number>;
  };
  /** Marks that the third person refuted. They stay in the count: a bound is not improved by a ruling. */
  refuted: number;
};

const labelOf = (verdict: string): 'clean' | 'leaky' => (verdict === 'clean' ? 'clean' : 'leaky');

export function agreementOf(read: readonly ReadTwice[]): Pick<Agreement, 'units' | 'verdicts' | 'spans'> {
  const twice = read.filter(({ readings }) => readings.length === 2);
  const labels = twice.map(({ readings: [a, b] }) => [labelOf(a!.body.verdict), labelOf(b!.body.verdict)] as const);
  const counts: Choice = { clean: 0, leaky: 0, onlyFirst: 0, onlySecond: 0 };
  for (const [a, b] of labels) counts[a === b ? a : a === 'leaky' ? 'onlyFirst' : 'onlySecond']++;
  const spansOf = (which: 0 | 1) =>
    twice.flatMap(({ unitId, readings }) =>
      readings[which]!.body.leaks.map(({ path, start, end, type }) => ({
        path: `${unitId} ${path}`,
        start,
        end,
        type,
      })),
    );
  const [first, second] = [spansOf(0), spansOf(1)];
  return {
    units: twice.length,
    verdicts: { kappa: cohenKappa(labels), alpha: krippendorffAlpha(labels), counts },
    spans: { ...spanAgreement(first, second), first: first.length, second: second.length },
  };
}

/** For leads and auditors, by plan; plans without second readings and without doubts are left out. */
export async function showAgreement(actor: Actor): Promise<Agreement[]> {
  await permit(actor, 'quality.read');
  const projectId = projectOf(actor);
  const plans = await listPlans(projectId);
  const all = await Promise.all(
    plans.map(async (plan) => {
      const [read, disputes] = await Promise.all([readingsOf(projectId, plan), disputesOf(plan.queueId)]);
      const queueId = disputes[0]?.queueId ?? null;
      const rulings = queueId
        ? (await standingDecisions(projectId, queueId)).filter((row) => row.body.kind === 'adjudication')
        : [];
      const bodies = rulings.map((row) => row.body as PayloadOf<'adjudication'>);
      const count = (values: (string | undefined)[]) => {
        const by: Record<string, number> = {};
        for (const value of values) if (value) by[value] = (by[value] ?? 0) + 1;
        return by;
      };
      const takes = count(bodies.map(({ take }) => take));
      return {
        queueId: plan.queueId,
        ...agreementOf(read),
        disputes: {
          queueId,
          sent: disputes.length,
          ruled: bodies.length,
          takes,
          causes: count(bodies.map(({ cause }) => cause)),
        },
        refuted: takes.neither ?? 0,
      };
    }),
  );
  return all.filter((one) => one.units > 0 || one.disputes.sent > 0);
}
