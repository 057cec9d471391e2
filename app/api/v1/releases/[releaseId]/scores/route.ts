import { routeWithBody } from '#lib/http/route.ts';
import { Scores, takeScores } from '#lib/usecases/releases/take-scores.ts';

const Body = Scores.omit({ releaseId: true });
type Params = { releaseId: string };
export const POST = routeWithBody<Params, typeof Body>('releases.scores', Body, (actor, { params, body }) =>
  takeScores(actor, { ...body, releaseId: params.releaseId }),
);
