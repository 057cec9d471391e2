import { VerdictBatch } from '#lib/core/review/verdict.ts';
import { routeWithBody } from '#lib/http/route.ts';
import { EFFECTS } from '#lib/usecases/queues/effects.ts';
import { recordBatch } from '#lib/usecases/queues/record-decision.ts';

/** A desk's outbox, at most 20 verdicts, each answered by itself. */
export const POST = routeWithBody('decisions', VerdictBatch, async (actor, { body }) => ({
  answers: await recordBatch(actor, body.events, EFFECTS),
}));
