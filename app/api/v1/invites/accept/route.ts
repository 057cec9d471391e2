import { publicRoute, readJson } from '#lib/http/route.ts';
import { AcceptedInvite, acceptInvite } from '#lib/usecases/people/invite.ts';

export const POST = publicRoute('invites.accept', async ({ request }) => {
  const user = await acceptInvite(AcceptedInvite.parse(await readJson(request)));
  return Response.json({ user }, { status: 201 });
});
