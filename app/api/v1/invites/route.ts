import { publicOrigin } from '#lib/http/identity.ts';
import { routeWithBody } from '#lib/http/route.ts';
import { invite, NewInvite } from '#lib/usecases/people/invite.ts';

export const POST = routeWithBody('invites', NewInvite, async (actor, { body }) =>
  Response.json(await invite(actor, body, publicOrigin()), { status: 201 }),
);
