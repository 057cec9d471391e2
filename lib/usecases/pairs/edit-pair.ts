/**
 * A curator rewrites one answer of a pair: what was written becomes the chosen side of a pair of its own, the answer as
 * it stood the rejected one. Placeholders stay as they are; nothing that looks like personal data comes in.
 */
import { z } from 'zod';
import { pairOfSubject } from '#lib/core/pair/repeats.ts';
import { PLACEHOLDER } from '#lib/core/pii/taxonomy.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { sha256 } from '#lib/core/trajectory/hash.ts';
import { inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { addEditedPair, type StoredCandidate } from '#lib/store/pairs.ts';
import { holdsClaim, lockTask } from '#lib/store/tasks.ts';
import { wordsOfEvent } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';
import { redactWords } from '../redact-words.ts';
import { type PairContent, readPairsById } from './pair-content.ts';

export const EditPair = z.strictObject({
  taskId: z.uuid(),
  claimToken: z.uuid(),
  side: z.enum(['a', 'b']),
  text: z.string().trim().min(1).max(50_000),
});

const placeholdersIn = (text: string): string[] => [...text.matchAll(PLACEHOLDER)].map(([one]) => one);

/** @throws Problem invalid, with what is wrong: `placeholder` nobody else uses, `personal_data`, `unchanged` */
function checkText(text: string, content: PairContent, original: string): void {
  if (text === original.trim()) throw new Problem('invalid', { fields: ['text'], fault: 'unchanged' });
  const events = [...content.prompt.events, ...content.a.events, ...content.b.events];
  const known = new Set(placeholdersIn(events.map(wordsOfEvent).join('\n')));
  if (!placeholdersIn(text).every((one) => known.has(one)))
    throw new Problem('invalid', { fields: ['text'], fault: 'placeholder' });
  const bare = text.replaceAll(PLACEHOLDER, 'it');
  // What the logs say of itself was judged before: only what the writer brought in is looked at.
  const before = original.replaceAll(PLACEHOLDER, 'it');
  if (redactWords(bare) !== bare && redactWords(before) === before)
    throw new Problem('invalid', { fields: ['text'], fault: 'personal_data' });
}

/** @returns the new pair's id, to be named by the verdict. @throws Problem not_found, claim_lost, invalid */
export async function editPair(actor: Actor, input: z.infer<typeof EditPair>): Promise<{ editId: string }> {
  await permit(actor, 'pair.decide');
  const projectId = projectOf(actor);
  const task = await inTransaction((tx) => lockTask(tx, projectId, input.taskId));
  if (task?.kind !== 'pair') throw new Problem('not_found');
  if (!holdsClaim(task, actor.personId!, input.claimToken)) throw new Problem('claim_lost');
  const [found] = await readPairsById(projectId, [pairOfSubject(task.subject_id).pairId]);
  if (!found) throw new Problem('not_found');
  const { pair, content } = found;
  // An answer that is itself an edit has no event of its own: then the one it replaced is the original.
  const side = input.side === 'a' && pair.candidate.source === 'edit' ? 'b' : input.side;
  const original = side === 'a' ? pair.candidate.chosen : pair.candidate.rejected;
  const written = content[side].events.find((event) => event.kind === 'assistant');
  if (!written) throw new Problem('invalid', { fields: ['side'] });
  checkText(input.text, content, content[input.side].events.map(wordsOfEvent).join('\n'));
  const editId = `p_${sha256(`${pair.id}\n${side}\n${input.text}`).slice(0, 24)}`;
  const candidate: StoredCandidate = {
    ...pair.candidate,
    id: editId,
    source: 'edit',
    strength: 'strong',
    prefixRule: 'judged_answer',
    chosen: { unitId: original.unitId, eventIds: original.eventIds, text: input.text },
    rejected: { unitId: original.unitId, eventIds: original.eventIds },
    whyShared: 'a curator rewrote this answer',
    evidence: [],
  };
  await inTransaction(async (tx) => {
    await addEditedPair(tx, projectId, candidate, pair, actor.personId!, task.id);
    await appendLedger(tx, actor, {
      action: 'pair.edit',
      object: 'pair',
      objectId: editId,
      details: { of: pair.id, side },
    });
  });
  return { editId };
}
