import { route } from '#lib/http/route.ts';
import { showQueues } from '#lib/usecases/queues/claim.ts';

export const GET = route('queues', async (actor) => ({ queues: await showQueues(actor) }));
