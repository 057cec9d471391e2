/**
 * One door for verdicts of every desk and of the API. Append-only, idempotent on the caller's key: a repeat is answered
 * with the first row, another body under the same key is refused. An undo is a further row, never a change.
 */
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { HASTY_BELOW_MS, type Payload, type VerdictAnswer, type VerdictEvent } from '#lib/core/review/verdict.ts';
import { inTransaction, type Tx } from '#lib/store/db.ts';
import { addDecision, bodyHash, findByKey, lastDecision } from '#lib/store/decisions.ts';
import { appendLedger, recordInLedger } from '#lib/store/ledger.ts';
import { declineTask, holdsClaim, lockTask, markDecided, reopenTask, type TaskRow } from '#lib/store/tasks.ts';
import { permit, projectOf } from '../permit.ts';
import { redactWords } from '../redact-words.ts';
import { checkKind, decideActionOf } from './kinds.ts';

export type DecisionInput = {
  taskId: string;
  idempotencyKey: string;
  claimToken: string;
  unitHash?: string;
  payload: Payload;
  activeMs: number | null;
};
export type Decided = { id: string; taskId: string; createdAt: Date; isRepeat: boolean; reopenedClaim?: string };

/** What a kind of verdict does beside its row, in the same transaction; `prepare` runs before it and may reach the vault. */
export type Effect = {
  prepare?(actor: Actor, taskId: string, payload: Payload): Promise<unknown>;
  apply?(tx: Tx, actor: Actor, task: TaskRow, decisionId: string, payload: Payload, prepared: unknown): Promise<void>;
  undo?(tx: Tx, actor: Actor, task: TaskRow, decisionId: string): Promise<void>;
};
export type Effects = Partial<Record<string, Effect>>;

/** A note is the only free text of a verdict: it is kept as the detector leaves it. */
const withoutValues = (payload: Payload): Payload =>
  payload.kind === 'flag' ? { ...payload, note: redactWords(payload.note) } : payload;

/** @throws Problem not_found, claim_lost, text_changed, key_reused, already_sealed */
export async function recordDecision(actor: Actor, given: DecisionInput, effects: Effects): Promise<Decided> {
  const input = { ...given, payload: withoutValues(given.payload) };
  const projectId = projectOf(actor);
  const personId = actor.personId!;
  const effect = effects[input.payload.kind];
  const isHeld = effect?.prepare !== undefined && (await mayPrepare(actor, projectId, input));
  const prepared = isHeld ? await effect?.prepare?.(actor, input.taskId, input.payload) : undefined;
  const decide = async (tx: Tx): Promise<Decided> => {
    const task = await lockTask(tx, projectId, input.taskId);
    if (!task) throw new Problem('not_found');
    await permit(actor, decideActionOf(task.kind));
    checkKind(task.kind, input.payload.kind);

    const known = await findByKey(tx, personId, input.idempotencyKey);
    if (known) {
      if (known.taskId !== input.taskId || known.bodyHash !== bodyHash(input.payload)) throw new Problem('key_reused');
      return { id: known.id, taskId: known.taskId, createdAt: known.createdAt, isRepeat: true };
    }
    if (input.payload.kind === 'undo') return undo(tx, actor, task, input, effects);

    if (!holdsClaim(task, personId, input.claimToken)) throw new Problem('claim_lost');
    if (input.unitHash !== undefined && input.unitHash !== task.subject_hash) throw new Problem('text_changed');
    if (input.payload.kind === 'skip') {
      await declineTask(tx, task.id, personId, input.payload.why);
      await appendLedger(tx, actor, {
        action: 'item.decline',
        object: 'item',
        objectId: task.id,
        details: { why: input.payload.why },
      });
      return { id: input.idempotencyKey, taskId: task.id, createdAt: new Date(), isRepeat: false };
    }
    const previous = await lastDecision(tx, task.id);
    const row = await addDecision(tx, {
      projectId,
      taskId: task.id,
      reviewerId: personId,
      idempotencyKey: input.idempotencyKey,
      body: input.payload,
      activeMs: input.activeMs,
      isHasty: input.activeMs !== null && input.activeMs < HASTY_BELOW_MS,
      supersedes: previous?.id ?? null,
    });
    if (input.payload.kind !== 'flag') await markDecided(tx, task.id, personId);
    await effect?.apply?.(tx, actor, task, row.id, input.payload, prepared);
    await appendLedger(tx, actor, {
      action: `${task.kind}.decide`,
      object: 'item',
      objectId: task.id,
      details: { decisionId: row.id, kind: input.payload.kind },
    });
    return { id: row.id, taskId: task.id, createdAt: row.createdAt, isRepeat: false };
  };
  try {
    return await inTransaction(decide);
  } catch (error) {
    if (error instanceof Problem && error.code === 'claim_lost')
      await recordInLedger(actor, { action: 'claim.lost', object: 'item', objectId: input.taskId, outcome: 'refused' });
    throw error;
  }
}

/** The vault is reached for whoever may decide and holds the claim, and not for a repeat; what refuses the rest is said in `decide`. */
const mayPrepare = (actor: Actor, projectId: string, input: DecisionInput): Promise<boolean> =>
  inTransaction(async (tx) => {
    const task = await lockTask(tx, projectId, input.taskId);
    if (!task || (await findByKey(tx, actor.personId!, input.idempotencyKey))) return false;
    await permit(actor, decideActionOf(task.kind));
    return holdsClaim(task, actor.personId!, input.claimToken);
  });

async function undo(tx: Tx, actor: Actor, task: TaskRow, input: DecisionInput, effects: Effects): Promise<Decided> {
  if (task.sealed_at !== null || task.state === 'sealed') throw new Problem('already_sealed');
  const previous = await lastDecision(tx, task.id);
  const of = input.payload.kind === 'undo' ? input.payload.of : '';
  if (!previous || previous.reviewerId !== actor.personId || (previous.id !== of && previous.idempotencyKey !== of))
    throw new Problem('conflict');
  const row = await addDecision(tx, {
    projectId: task.project_id,
    taskId: task.id,
    reviewerId: actor.personId!,
    idempotencyKey: input.idempotencyKey,
    body: { kind: 'undo', of: previous.id },
    activeMs: input.activeMs,
    isHasty: false,
    supersedes: previous.id,
  });
  const undone = (previous.body as { kind?: string }).kind ?? '';
  await effects[undone]?.undo?.(tx, actor, task, previous.id);
  const reopenedClaim = await reopenTask(tx, task.id, actor.personId!);
  await appendLedger(tx, actor, {
    action: `${task.kind}.undo`,
    object: 'item',
    objectId: task.id,
    details: { decisionId: row.id, undoes: previous.id },
  });
  return { id: row.id, taskId: task.id, createdAt: row.createdAt, isRepeat: false, reopenedClaim };
}

const CONFLICTS = {
  claim_lost: 'claim_lost',
  text_changed: 'text_changed',
  already_sealed: 'sealed',
  not_found: 'not_found',
} as const;

/** A desk's outbox: in order, each answered by itself, so that one conflict holds nothing else up. */
export async function recordBatch(
  actor: Actor,
  events: readonly VerdictEvent[],
  effects: Effects,
): Promise<(VerdictAnswer & { reopenedClaim?: string })[]> {
  const answers: (VerdictAnswer & { reopenedClaim?: string })[] = [];
  for (const event of events) {
    try {
      const { id, ...rest } = event;
      const decided = await recordDecision(
        actor,
        {
          taskId: rest.taskId,
          idempotencyKey: id,
          claimToken: rest.claimToken,
          unitHash: rest.unitHash,
          payload: rest.payload,
          activeMs: rest.activeMs,
        },
        effects,
      );
      answers.push({
        id,
        result: decided.isRepeat ? 'duplicate' : 'ok',
        ...(decided.reopenedClaim ? { reopenedClaim: decided.reopenedClaim } : {}),
      });
    } catch (error) {
      const reason = error instanceof Problem ? CONFLICTS[error.code as keyof typeof CONFLICTS] : undefined;
      if (!reason) throw error;
      answers.push({ id: event.id, result: 'conflict', reason });
    }
  }
  return answers;
}
