import { route } from '#lib/http/route.ts';
import { showPeople } from '#lib/usecases/people/manage-people.ts';

export const GET = route('users', async (actor) => ({
  users: (await showPeople(actor)).map(({ id, email, role, state }) => ({ id, email, role, state })),
}));
