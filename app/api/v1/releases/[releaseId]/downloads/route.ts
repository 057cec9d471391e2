import { routeWithBody } from '#lib/http/route.ts';
import { NO_STORE } from '#lib/http/security-headers.ts';
import { NewDownload, startDownload } from '#lib/usecases/releases/download-release.ts';

type Params = { releaseId: string };
export const POST = routeWithBody<Params, typeof NewDownload>(
  'releases.downloads',
  NewDownload,
  async (actor, { params, body }) =>
    Response.json(await startDownload(actor, params.releaseId, body), {
      status: 201,
      headers: NO_STORE,
    }),
);
