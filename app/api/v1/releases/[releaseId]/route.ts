import { route } from '#lib/http/route.ts';
import { showRelease } from '#lib/usecases/releases/show-releases.ts';

type Params = { releaseId: string };
export const GET = route<Params>('releases.one', (actor, { params }) => showRelease(actor, params.releaseId));
