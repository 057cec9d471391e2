/**
 * Governance of synthetic negatives: a curator or lead proposes a generator with a cap, a lead who did not propose it
 * approves the version, and anyone of them may retire it. Nothing is made, exported or left unmarked without.
 */
import { z } from 'zod';
import { GENERATOR_RULES, type GeneratorRule, MOST_SYNTHETIC } from '#lib/core/pair/generators.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import {
  addGenerator,
  decideGeneratorRow,
  findGenerator,
  type GeneratorState,
  listGenerators,
} from '#lib/store/generators.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { permit, projectOf } from '../permit.ts';

const RULES = Object.keys(GENERATOR_RULES) as [GeneratorRule, ...GeneratorRule[]];

export const NewGenerator = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  rule: z.enum(RULES),
  /** Most of a release's pairs. */
  capShare: z.number().positive().max(MOST_SYNTHETIC),
});

export async function proposeGenerator(
  actor: Actor,
  input: z.infer<typeof NewGenerator>,
): Promise<{ id: string; version: number }> {
  await permit(actor, 'generator.propose');
  const projectId = projectOf(actor);
  return inTransaction(async (tx) => {
    const made = await addGenerator(tx, { projectId, ...input, proposedBy: actor.personId! });
    await appendLedger(tx, actor, {
      action: 'generator.propose',
      object: 'pair',
      objectId: made.id,
      details: { ...input, version: made.version },
    });
    return made;
  });
}

export const GeneratorDecision = z.strictObject({ id: z.uuid(), decision: z.enum(['approve', 'refuse', 'retire']) });
const MOVES = {
  approve: { from: ['proposed'], to: 'approved' },
  refuse: { from: ['proposed'], to: 'refused' },
  retire: { from: ['approved'], to: 'retired' },
} as const satisfies Record<string, { from: readonly GeneratorState[]; to: GeneratorState }>;

/** @throws Problem not_found, not_proposer when the proposer approves, conflict when somebody decided first */
export async function decideGenerator(
  actor: Actor,
  { id, decision }: z.infer<typeof GeneratorDecision>,
): Promise<{ state: GeneratorState }> {
  await permit(actor, 'generator.decide');
  const row = await findGenerator(projectOf(actor), id);
  if (!row) throw new Problem('not_found');
  if (decision === 'approve' && row.proposedBy === actor.personId) throw new Problem('not_proposer');
  const { from, to } = MOVES[decision];
  return inTransaction(async (tx) => {
    if (!(await decideGeneratorRow(tx, id, from, to, actor.personId!))) throw new Problem('conflict');
    await appendLedger(tx, actor, {
      action: 'generator.decide',
      object: 'pair',
      objectId: id,
      details: { name: row.name, version: row.version, decision },
    });
    return { state: to };
  });
}

export type GeneratorView = {
  id: string;
  name: string;
  version: number;
  rule: GeneratorRule;
  says: string;
  capShare: number;
  state: GeneratorState;
  proposedBy: string;
  decidedBy: string | null;
  /** The viewer proposed it, and so can't approve it. */
  isMine: boolean;
};

export async function showGenerators(actor: Actor): Promise<GeneratorView[]> {
  await permit(actor, 'pair.read');
  const rows = await listGenerators(projectOf(actor));
  const ids = [...new Set(rows.flatMap(({ proposedBy, decidedBy }) => [proposedBy, decidedBy ?? []].flat()))];
  const names = new Map((await db().person.findMany({ where: { id: { in: ids } } })).map(({ id, name }) => [id, name]));
  return rows.map(({ id, name, version, rule, capShare, state, proposedBy, decidedBy }) => ({
    ...{ id, name, version, rule, capShare, state },
    says: GENERATOR_RULES[rule].says,
    proposedBy: names.get(proposedBy) ?? '',
    decidedBy: decidedBy === null ? null : (names.get(decidedBy) ?? ''),
    isMine: proposedBy === actor.personId,
  }));
}
