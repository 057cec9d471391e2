import { route, routeWithBody } from '#lib/http/route.ts';
import { NewSource, registerSource, showSources } from '#lib/usecases/imports/sources.ts';

export const GET = route('sources', async (actor) => ({ sources: await showSources(actor) }));

export const POST = routeWithBody('sources', NewSource, async (actor, { body }) =>
  Response.json(await registerSource(actor, body), { status: 201 }),
);
