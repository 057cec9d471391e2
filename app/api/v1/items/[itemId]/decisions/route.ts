import { z } from 'zod';
import { Problem } from '#lib/core/policy/problem.ts';
import { Payload } from '#lib/core/review/verdict.ts';
import { routeWithBody } from '#lib/http/route.ts';
import { EFFECTS } from '#lib/usecases/queues/effects.ts';
import { recordDecision } from '#lib/usecases/queues/record-decision.ts';

const Body = z.strictObject({
  claimToken: z.uuid(),
  unitHash: z.string().optional(),
  decision: Payload,
  activeMs: z.int().nonnegative().optional(),
});

export const POST = routeWithBody<{ itemId: string }, typeof Body>(
  'items.decisions',
  Body,
  async (actor, { params, body, request }) => {
    const key = request.headers.get('idempotency-key') ?? '';
    if (!/^[!-~]{1,128}$/.test(key)) throw new Problem('key_required');
    if (!z.uuid().safeParse(params.itemId).success) throw new Problem('not_found');
    const decided = await recordDecision(
      actor,
      {
        taskId: params.itemId,
        idempotencyKey: key,
        claimToken: body.claimToken,
        unitHash: body.unitHash,
        payload: body.decision,
        activeMs: body.activeMs ?? null,
      },
      EFFECTS,
    );
    return Response.json(
      { id: decided.id, itemId: decided.taskId, createdAt: decided.createdAt },
      { status: decided.isRepeat ? 200 : 201 },
    );
  },
);
