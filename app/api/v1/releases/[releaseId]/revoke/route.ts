import { z } from 'zod';
import { routeWithBody } from '#lib/http/route.ts';
import { revokeRelease } from '#lib/usecases/releases/revoke-release.ts';

const Body = z.strictObject({ reason: z.string().trim().max(500) });
type Params = { releaseId: string };
export const POST = routeWithBody<Params, typeof Body>('releases.revoke', Body, (actor, { params, body }) =>
  revokeRelease(actor, { releaseId: params.releaseId, reason: body.reason }),
);
