import { parseArgs } from 'node:util';
import { type RunCommand, writeLine } from '../command.ts';
import { joinStore } from '../store-connection.ts';

/** `assay redetect`: queues detection of everything by the detectors and dictionaries of today; `assay jobs` shows how far it is. */
export const run: RunCommand = async (args, { stdout }) => {
  const { values } = parseArgs({ args, options: { project: { type: 'string' } } });
  joinStore('worker');
  const { systemActor } = await import('#lib/store/session.ts');
  const { redetect } = await import('#lib/usecases/imports/redetect.ts');
  const { chooseProject } = await import('../choose-project.ts');
  const project = await chooseProject(values.project);
  await writeLine(stdout, JSON.stringify(await redetect(systemActor('assay redetect', project.id))));
  return 0;
};
