import { routeWithBody } from '#lib/http/route.ts';
import { makeToken, NewToken } from '#lib/usecases/people/tokens.ts';

export const POST = routeWithBody('tokens', NewToken, async (actor, { body }) =>
  Response.json(await makeToken(actor, body), { status: 201 }),
);
