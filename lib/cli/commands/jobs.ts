import { parseArgs } from 'node:util';
import { type RunCommand, writeLine } from '../command.ts';
import { joinStore } from '../store-connection.ts';

/** `assay jobs`: one line a run, newest first: state, chunks, items, pace, error code. Never text. */
export const run: RunCommand = async (args, { stdout, stderr }) => {
  const { values } = parseArgs({ args, options: { project: { type: 'string' } } });
  joinStore('worker');
  const { systemActor } = await import('#lib/store/session.ts');
  const { showRuns } = await import('#lib/usecases/jobs/show-runs.ts');
  const { chooseProject } = await import('../choose-project.ts');
  const project = await chooseProject(values.project);
  const { runs, health } = await showRuns(systemActor('assay jobs', project.id));
  for (const { label: _, ...job } of runs) await writeLine(stdout, JSON.stringify(job));
  const seen = health.secondsSinceBeat === null ? '' : `, last seen ${Math.round(health.secondsSinceBeat)} s ago`;
  stderr.write(`assay jobs: ${runs.length} runs, ${health.workers} workers${seen}\n`);
  return 0;
};
