import { route } from '#lib/http/route.ts';
import { completeImport } from '#lib/usecases/imports/receive-logs.ts';

export const POST = route<{ importId: string }>('import.complete', async (actor, { params }) =>
  Response.json(await completeImport(actor, params.importId), { status: 202 }),
);
