import { routeWithBody } from '#lib/http/route.ts';
import { Approve, approveRelease } from '#lib/usecases/releases/approve-release.ts';

const Body = Approve.omit({ releaseId: true });
type Params = { releaseId: string };
export const POST = routeWithBody<Params, typeof Body>('releases.approve', Body, (actor, { params, body }) =>
  approveRelease(actor, { ...body, releaseId: params.releaseId }),
);
