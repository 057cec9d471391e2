import { route, routeWithBody } from '#lib/http/route.ts';
import { draftRelease, NewRelease } from '#lib/usecases/releases/draft-release.ts';
import { showReleases } from '#lib/usecases/releases/show-releases.ts';

export const GET = route('releases', async (actor) => ({ releases: await showReleases(actor) }));
export const POST = routeWithBody('releases', NewRelease, async (actor, { body }) =>
  Response.json(await draftRelease(actor, body), { status: 201 }),
);
