import { routeWithBody } from '#lib/http/route.ts';
import { Claims, release } from '#lib/usecases/queues/claim.ts';

export const POST = routeWithBody('claims.release', Claims, async (actor, { body }) => {
  await release(actor, body);
  return new Response(null, { status: 204 });
});
