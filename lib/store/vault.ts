/**
 * The only door to raw text, used by the worker (and by the web process for a single reveal or a marked miss). It talks
 * to the vault process over a socket file; what may be asked depends on the caller's token. Raw text returned here must
 * never be written anywhere but back into the vault.
 */
import { request } from 'node:http';

export type DataKey = { id: string; key: Buffer; wrapped: Buffer; kekVersion: number };
export type TrajectoryRef = { id: string; contentSha: string };

function place(): { socketPath: string; token: string } {
  const socketPath = process.env.ASSAY_VAULT_SOCKET;
  const token = process.env.ASSAY_VAULT_TOKEN;
  if (!socketPath || !token) throw new Error('no vault was given to this process; start it with npm start');
  return { socketPath, token };
}

export class VaultAway extends Error {
  readonly code = 'vault_away';
  constructor() {
    super('the vault does not answer');
  }
}

async function ask(path: string, body: unknown): Promise<Buffer> {
  const { socketPath, token } = place();
  const payload = Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath,
        path,
        method: 'POST',
        // A kept connection may be closed by the vault while this process computes, and would fail at its next use.
        agent: false,
        headers: { authorization: `Bearer ${token}`, 'content-length': payload.length },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => reject(new VaultAway()));
        response.on('end', () => {
          if (response.statusCode === 200) resolve(Buffer.concat(chunks));
          else reject(Object.assign(new Error('the vault refused'), { code: `vault_${response.statusCode}` }));
        });
      },
    );
    call.setTimeout(30_000, () => call.destroy());
    call.on('error', () => reject(new VaultAway()));
    call.end(payload);
  });
}

const askJson = async <T>(path: string, body: unknown): Promise<T> =>
  JSON.parse((await ask(path, body)).toString('utf8')) as T;

/** Fresh data keys of a source; the rows sealed with them are written by the caller, `wrapped` beside them. */
export async function newDataKeys(projectId: string, sourceId: string, count: number): Promise<DataKey[]> {
  const { keys } = await askJson<{ keys: { id: string; key: string; wrapped: string; kekVersion: number }[] }>(
    '/data-keys',
    {
      projectId,
      sourceId,
      count,
    },
  );
  return keys.map((row) => ({
    ...row,
    key: Buffer.from(row.key, 'base64'),
    wrapped: Buffer.from(row.wrapped, 'base64'),
  }));
}

export type ProjectKeys = { index: Buffer; split: Buffer; pseudonym: Buffer };

/** Keys of one project for keyed codes; they open nothing in the vault. */
export async function projectKeys(projectSlug: string): Promise<ProjectKeys> {
  const keys = await askJson<Record<keyof ProjectKeys, string>>('/project-keys', { projectSlug });
  return {
    index: Buffer.from(keys.index, 'base64'),
    split: Buffer.from(keys.split, 'base64'),
    pseudonym: Buffer.from(keys.pseudonym, 'base64'),
  };
}

/** A key to seal for, and keyed codes of ids in the order given: the same id has the same code in one project. */
export async function incomingKey(
  projectSlug: string,
  ids: readonly string[],
): Promise<{ publicKey: Buffer; codes: string[] }> {
  const { publicKey, codes } = await askJson<{ publicKey: string; codes: string[] }>('/incoming', { projectSlug, ids });
  return { publicKey: Buffer.from(publicKey, 'base64'), codes };
}

/** Keys of sealed telemetry, in the order asked for. */
export async function openParts(
  parts: readonly { id: string; sourceId: string; wrapped: Uint8Array }[],
): Promise<Buffer[]> {
  if (parts.length === 0) return [];
  const asked = parts.map((part) => ({ ...part, wrapped: Buffer.from(part.wrapped).toString('base64') }));
  const { keys } = await askJson<{ keys: string[] }>('/open-parts', { parts: asked });
  return keys.map((key) => Buffer.from(key, 'base64'));
}

/** Raw canonical trajectories as JSON text, in the order asked for; one that is shredded or absent is left out. */
export async function openTrajectories(
  projectId: string,
  refs: readonly TrajectoryRef[],
): Promise<{ id: string; json: string }[]> {
  if (refs.length === 0) return [];
  const lines = (await ask('/trajectories', { projectId, refs })).toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as { id: string; json: string });
}

/** Raw bytes of quarantined or mapped records. */
export async function openRecords(
  importId: string,
  refs: readonly { member: string; recordNo: number }[],
): Promise<Buffer[]> {
  const { records } = await askJson<{ records: string[] }>('/records', { importId, refs });
  return records.map((text) => Buffer.from(text, 'base64'));
}

/** Values behind entity codes, for the residue scan; unknown codes are left out. */
export async function openValues(
  projectId: string,
  entities: readonly string[],
): Promise<{ entity: string; type: string; value: string }[]> {
  if (entities.length === 0) return [];
  return (
    await askJson<{ values: { entity: string; type: string; value: string }[] }>('/values', { projectId, entities })
  ).values;
}

/** Values of dictionary entries by entry id. */
export async function openDictionary(projectId: string): Promise<{ id: string; value: string }[]> {
  return (await askJson<{ entries: { id: string; value: string }[] }>('/dictionary', { projectId })).entries;
}

/** Keeps a value that a person marked or typed. @returns its keyed entity code */
export async function keepValue(input: {
  projectId: string;
  projectSlug: string;
  sourceId: string;
  type: string;
  value: string;
  entryId?: string;
}): Promise<{ entity: string }> {
  return askJson('/keep-value', input);
}

/** One value, for one reveal that is already in the ledger. */
export async function revealValue(projectId: string, entity: string): Promise<string | null> {
  return (await askJson<{ value: string | null }>('/reveal', { projectId, entity })).value;
}

/** True when the vault process answers. */
export const isVaultUp = (): Promise<boolean> =>
  askJson<{ ok: boolean }>('/health', {}).then(
    (answer) => answer.ok,
    () => false,
  );
