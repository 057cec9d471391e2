import { routeWithBody } from '#lib/http/route.ts';
import { beat, Claims } from '#lib/usecases/queues/claim.ts';

export const POST = routeWithBody('claims.beat', Claims, (actor, { body }) => beat(actor, body));
