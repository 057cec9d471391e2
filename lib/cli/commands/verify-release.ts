import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { verifyRelease } from '#lib/core/export/verify-release.ts';
import { type CommandIo, Refusal, UsageError } from '../command.ts';
import { openReleaseFolder } from '../release-folder.ts';

/**
 * `assay verify-release DIR [--key KEY_ID]`: signature, hash, size and rows of every file, none missing, none added.
 * Exit 1 names the first wrong file. With `--key` the signer must be the one whose published id is given.
 */
export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { key: { type: 'string' } }, allowPositionals: true });
  const [dir] = positionals;
  if (dir === undefined || positionals.length > 1) throw new UsageError('name one release folder');
  const isFolder = await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new Refusal(`can't open ${dir}: there is no such folder, or it may not be read`);
  const folder = await openReleaseFolder(dir);
  const { faults, manifest } = await verifyRelease(folder, { trustedKey: values.key, stopAtFirst: true });
  const [first] = faults;
  if (first) {
    io.stderr.write(`wrong: ${first.path}: ${first.why}\n`);
    return 1;
  }
  const report = { ok: true, release: manifest?.release.name, number: manifest?.release.number };
  io.stdout.write(
    `${JSON.stringify({ ...report, files: folder.paths.length, keyId: manifest?.keyId, ledger: manifest?.ledger })}\n`,
  );
  return 0;
}
