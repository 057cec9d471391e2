import { parseArgs } from 'node:util';
import { Refusal, type RunCommand, UsageError, writeLine } from '../command.ts';
import { joinStore } from '../store-connection.ts';

const options = {
  source: { type: 'string' },
  project: { type: 'string' },
  format: { type: 'string' },
  'no-wait': { type: 'boolean' },
} as const;

/** `assay import`: files into the running store. One line a file when its import has ended; 1 when any was refused or failed. */
export const run: RunCommand = async (args, { stdout, stderr }) => {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (positionals.length === 0) throw new UsageError('name at least one file');
  joinStore('worker');
  const { systemActor } = await import('#lib/store/session.ts');
  const { showSources } = await import('#lib/usecases/imports/sources.ts');
  const { chooseProject } = await import('../choose-project.ts');
  const { awaitImport, lineOf, listFiles, sendFile } = await import('../import-files.ts');
  const files = listFiles(positionals);
  const project = await chooseProject(values.project);
  const actor = systemActor('assay import', project.id);
  const source = chooseSource(await showSources(actor), values.source);

  const sent: { file: string; id: string }[] = [];
  for (const file of files) {
    sent.push({ file, id: await sendFile(actor, source, file, values.format) });
    stderr.write(`assay import: ${sent.length} of ${files.length} sent\n`);
  }
  let failed = 0;
  for (const { file, id } of sent) {
    const { showImport } = await import('#lib/usecases/imports/show-imports.ts');
    const view = values['no-wait'] ? await showImport(actor, id) : await awaitImport(actor, id, () => {});
    if (!['done', 'queued', 'running'].includes(view.state)) failed++;
    await writeLine(stdout, JSON.stringify(lineOf(file, view)));
  }
  return failed ? 1 : 0;
};

function chooseSource(sources: { id: string; name: string }[], named: string | undefined): string {
  if (sources.length === 0)
    throw new Refusal('register a source first: no log is accepted without owner, purpose and legal basis');
  const found = named === undefined ? sources : sources.filter(({ name }) => name === named);
  if (found.length === 1) return found[0]!.id;
  throw new Refusal(`say --source with one of: ${sources.map(({ name }) => name).join(', ')}`);
}
