import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export type Pipeline = { version: string; gitSha: string; lockSha256: string };

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string): Promise<string | null> => readFile(path.join(ROOT, file), 'utf8').catch(() => null);

/** Which code made something: version, commit (`unknown` outside of a checkout) and hash of the locked packages. */
export async function pipelineFacts(): Promise<Pipeline> {
  const [manifest, lock, head] = await Promise.all([
    read('package.json'),
    read('package-lock.json'),
    read('.git/HEAD'),
  ]);
  const ref = /^ref: (refs\/[\w./-]+)$/m.exec(head ?? '')?.[1];
  const sha = ref === undefined ? head : ((await read(`.git/${ref}`)) ?? (await packedRef(ref)));
  return {
    version: (JSON.parse(manifest ?? '{}') as { version?: string }).version ?? 'unknown',
    gitSha: /^[0-9a-f]{40}$/.exec((sha ?? '').trim())?.[0] ?? 'unknown',
    lockSha256: createHash('sha256')
      .update(lock ?? '')
      .digest('hex'),
  };
}

async function packedRef(ref: string): Promise<string | null> {
  const line = (await read('.git/packed-refs'))?.split('\n').find((row) => row.endsWith(` ${ref}`));
  return line?.slice(0, 40) ?? null;
}
