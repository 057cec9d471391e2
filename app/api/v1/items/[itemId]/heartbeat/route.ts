import { z } from 'zod';
import { Problem } from '#lib/core/policy/problem.ts';
import { routeWithBody } from '#lib/http/route.ts';
import { beat } from '#lib/usecases/queues/claim.ts';
import { DESK_SECONDS, TOKEN_SECONDS } from '#lib/usecases/queues/leases.ts';

const Body = z.strictObject({ claimToken: z.uuid() });

export const POST = routeWithBody<{ itemId: string }, typeof Body>(
  'items.heartbeat',
  Body,
  async (actor, { params, body }) => {
    if (!z.uuid().safeParse(params.itemId).success) throw new Problem('not_found');
    const { lost } = await beat(actor, { claims: [{ taskId: params.itemId, token: body.claimToken }] });
    if (lost.length > 0) throw new Problem('claim_lost');
    const seconds = actor.kind === 'token' ? TOKEN_SECONDS : DESK_SECONDS;
    return { expiresAt: new Date(Date.now() + seconds * 1000) };
  },
);
