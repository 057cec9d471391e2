import { routeWithBody } from '#lib/http/route.ts';
import { Reveal, reveal } from '#lib/usecases/audit/reveal.ts';

export const POST = routeWithBody('reveal', Reveal, (actor, { body }) => reveal(actor, body));
