import { routeWithBody } from '#lib/http/route.ts';
import { claimForDesk, claimOne, DeskClaim } from '#lib/usecases/queues/claim-for-desk.ts';

/** Without `want` the API's form: one item, or 204. With it the desk's: items with their text. */
export const POST = routeWithBody<{ queueId: string }, typeof DeskClaim>(
  'queues.claim',
  DeskClaim,
  async (actor, { params, body }) => {
    if (body.want !== undefined) return claimForDesk(actor, params.queueId, { want: body.want, have: body.have ?? [] });
    const one = await claimOne(actor, params.queueId);
    return one ?? new Response(null, { status: 204 });
  },
);
