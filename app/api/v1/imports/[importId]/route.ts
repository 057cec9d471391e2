import { route } from '#lib/http/route.ts';
import { discardImport } from '#lib/usecases/imports/receive-logs.ts';
import { showImport } from '#lib/usecases/imports/show-imports.ts';

type Params = { importId: string };

export const GET = route<Params>('import', async (actor, { params }) => {
  const view = await showImport(actor, params.importId);
  const { id, sourceId, state, sizeBytes, receivedBytes, sha256, counts, reason } = view;
  return {
    ...view,
    id,
    sourceId,
    state,
    size: sizeBytes,
    received: receivedBytes,
    sha256,
    counts,
    ...(reason ? { reason } : {}),
  };
});

export const DELETE = route<Params>('import', async (actor, { params }) => {
  await discardImport(actor, params.importId);
  return new Response(null, { status: 204 });
});
