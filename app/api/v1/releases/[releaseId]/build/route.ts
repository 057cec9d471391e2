import { route } from '#lib/http/route.ts';
import { queueBuild } from '#lib/usecases/releases/draft-release.ts';

type Params = { releaseId: string };
export const POST = route<Params>('releases.build', async (actor, { params }) =>
  Response.json(await queueBuild(actor, params), { status: 202 }),
);
