import { type RunCommand, UsageError, writeLine } from '../command.ts';
import { joinStore } from '../store-connection.ts';

/** `assay user list`: one `{"email","role","state"}` a line. */
export const run: RunCommand = async (args, { stdout }) => {
  if (args.length !== 1 || args[0] !== 'list') throw new UsageError('say `list`');
  joinStore('worker');
  const { systemActor } = await import('#lib/store/session.ts');
  const { showPeople } = await import('#lib/usecases/people/manage-people.ts');
  for (const { email, role, state } of await showPeople(systemActor('assay user', null))) {
    await writeLine(stdout, JSON.stringify({ email, role, state }));
  }
  return 0;
};
