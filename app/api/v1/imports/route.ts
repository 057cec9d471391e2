import { route, routeWithBody } from '#lib/http/route.ts';
import { NewImport, startImport } from '#lib/usecases/imports/receive-logs.ts';
import { showImports } from '#lib/usecases/imports/show-imports.ts';

export const GET = route('imports', async (actor) => ({ imports: await showImports(actor) }));

export const POST = routeWithBody('imports', NewImport, async (actor, { body }) => {
  const { isNew, ...started } = await startImport(actor, body);
  return Response.json(started, { status: isNew ? 201 : 200 });
});
