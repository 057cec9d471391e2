import { z } from 'zod';
import { Problem } from '#lib/core/policy/problem.ts';
import { routeWithBody } from '#lib/http/route.ts';
import { release } from '#lib/usecases/queues/claim.ts';

const Body = z.strictObject({ claimToken: z.uuid() });

export const POST = routeWithBody<{ itemId: string }, typeof Body>(
  'items.release',
  Body,
  async (actor, { params, body }) => {
    if (!z.uuid().safeParse(params.itemId).success) throw new Problem('not_found');
    await release(actor, { claims: [{ taskId: params.itemId, token: body.claimToken }] });
    return new Response(null, { status: 204 });
  },
);
