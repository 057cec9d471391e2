import { describe, expect, it } from 'vitest';
import { hashPassword } from '#lib/store/password.ts';
import { actorOfSession } from '#lib/store/session.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { permit } from '../permit.ts';
import { withWorkshop } from '../testing/workshop.ts';
import { confirmPerson, signIn } from './sign-in.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);
const PASSWORD = 'a drawer full of brass keys';
const seenAs = { ipPrefix: '10.1.2', sessionSecret: 'for this test alone' };

describe('a fresh sign-in', () => {
  it('is proven on the spot by the password, and by no other one', async () => {
    const { personId, email } = shop.as.admin;
    await database.query('update person set password_hash = $1 where id = $2', [
      await hashPassword(PASSWORD),
      personId,
    ]);
    const { sessionId } = await signIn(email, PASSWORD, seenAs);
    const now = async () => (await actorOfSession(sessionId))!;
    await permit(await now(), 'person.disable');
    await database.query(`update session set reauth_at = now() - interval '16 minutes' where person_id = $1`, [
      personId,
    ]);
    const stale = await now();
    await expect(permit(stale, 'person.disable')).rejects.toMatchObject({ code: 'reauth_required' });
    await expect(confirmPerson(stale, { password: `${PASSWORD}s` }, seenAs)).rejects.toMatchObject({
      code: 'wrong_credentials',
    });
    await expect(permit(await now(), 'person.disable')).rejects.toMatchObject({ code: 'reauth_required' });
    await confirmPerson(stale, { password: PASSWORD }, seenAs);
    await permit(await now(), 'person.disable');
  });

  it('is not to be guessed: wrong passwords here count as wrong sign-ins', async () => {
    const actor = shop.as.auditor;
    const guess = () => confirmPerson(actor, { password: 'one of many guesses' }, seenAs);
    for (let tries = 0; tries < 6; tries++)
      await guess().catch((thrown) => expect(thrown.code).toMatch(/wrong_credentials|too_many_tries/));
    await expect(guess()).rejects.toMatchObject({ code: 'too_many_tries' });
    await expect(signIn(actor.email, 'one of many guesses', seenAs)).rejects.toMatchObject({ code: 'too_many_tries' });
  });
});
