import { Problem } from '#lib/core/policy/problem.ts';
import { publicRoute, readJson } from '#lib/http/route.ts';
import { FirstAdmin, isSetUp, setUp } from '#lib/usecases/people/set-up.ts';

export const GET = publicRoute('setup', async () => {
  if (await isSetUp()) throw new Problem('not_found');
  return { needed: true };
});

export const POST = publicRoute('setup', async ({ request }) => {
  if (await isSetUp()) throw new Problem('not_found');
  const user = await setUp(FirstAdmin.parse(await readJson(request)));
  return Response.json({ user }, { status: 201 });
});
