/**
 * A small company for tests on a real database: a project with one person a role, a registered source, and a vault that
 * answers on a socket of its own in this process. Web and worker are both played by this process, in the worker's role.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { PROJECT_ROLES, ROLES, type Role, SITE_ROLES } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { closeDb, inTransaction } from '#lib/store/db.ts';
import { closeQueue } from '#lib/store/queue.ts';
import { type Chunk, failChunk, newWorkerId, type RunKind, takeChunk } from '#lib/store/runs.ts';
import { actorOfSession, startSession } from '#lib/store/session.ts';
import type { TestDatabase } from '#lib/store/testing/database.ts';
import { makeVault } from '#lib/vault/serve.ts';
import { findDue, redactDue } from '../audit/redact-again.ts';
import { compareUnits } from '../clusters/compare-units.ts';
import { countPreview } from '../dictionary/preview-entry.ts';
import { closeImport } from '../imports/close-import.ts';
import { readImport } from '../imports/read-import.ts';
import { completeImport, receiveBytes, startImport } from '../imports/receive-logs.ts';
import { redactChunk } from '../imports/redact-chunk.ts';
import { redactRetried, rereadQuarantined, settleQuarantineRetry } from '../imports/reread-quarantined.ts';
import { buildRelease } from '../releases/build-release.ts';
import { dryRunBuilt } from '../releases/dry-run-release.ts';
import { sealApproved } from '../releases/seal-release.ts';

export type Workshop = {
  projectId: string;
  projectSlug: string;
  sourceId: string;
  /** the data folder: uploads on their way in */
  folder: string;
  vaultSocket: string;
  workerToken: string;
  webToken: string;
  /** one signed-in person a role */
  as: Record<Role, Actor>;
  /** one more signed-in person */
  newPerson(role: Role, projectId?: string): Promise<Actor>;
  /** a further source of the project, or a source of another one */
  newSource(name: string, projectId?: string): Promise<string>;
  newProject(slug: string): Promise<string>;
};

/** Call it once beside `withDatabase('worker')`, after it. */
export function withWorkshop(database: TestDatabase): Workshop {
  const workshop = {} as Workshop;
  let closeVault: () => Promise<void> = async () => {};
  beforeAll(async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-workshop-'));
    const vaultSocket = path.join(folder, 'vault.sock');
    const tokens = { web: randomBytes(24).toString('base64url'), worker: randomBytes(24).toString('base64url') };
    const keys = Object.fromEntries(
      ['kek', 'index', 'split', 'pseudonym'].map((name) => [name, createHash('sha256').update(name).digest()]),
    ) as Parameters<typeof makeVault>[0]['keys'];
    const vault = makeVault({ databaseUrl: database.urls.vault, keys, tokens });
    closeVault = vault.close;
    await new Promise<void>((resolve) => vault.server.listen(vaultSocket, resolve));
    process.env.ASSAY_VAULT_SOCKET = vaultSocket;
    process.env.ASSAY_VAULT_TOKEN = tokens.worker;
    process.env.ASSAY_DATA = folder;
    Object.assign(workshop, { folder, vaultSocket, workerToken: tokens.worker, webToken: tokens.web });

    workshop.newProject = async (slug) => {
      const [row] = await database.query<{ id: string }>(
        'insert into project (slug, name) values ($1, $1) returning id',
        [slug],
      );
      return row!.id;
    };
    workshop.newSource = async (name, projectId = workshop.projectId) => {
      const [row] = await database.query<{ id: string }>(
        `insert into source (project_id, name, controller, legal_basis, purposes, region, recipients_allowed,
           retention_raw_days, retention_redacted_days, categories, mask_paths, keep_paths, created_by)
         values ($1, $2, 'Brightwater Outfitters', 'contract', '{model-training}', 'EU', '{}', 30, 365, '{}', '{}', '{}', $3)
         returning id`,
        [projectId, name, randomUUID()],
      );
      return row!.id;
    };
    workshop.newPerson = async (role, projectId = workshop.projectId) => {
      const isSite = (SITE_ROLES as readonly string[]).includes(role);
      const [person] = await database.query<{ id: string }>(
        `insert into person (email, name, password_hash, site_role) values ($1, $2, 'none', $3) returning id`,
        [`${role}-${randomUUID()}@brightwater.example`, `A ${role}`, isSite ? role : null],
      );
      if (!isSite)
        await database.query('insert into membership (project_id, person_id, role) values ($1, $2, $3)', [
          projectId,
          person!.id,
          role,
        ]);
      const session = await inTransaction((tx) => startSession(tx, person!.id, {}));
      return (await actorOfSession(session))!;
    };
    workshop.projectSlug = 'brightwater';
    workshop.projectId = await workshop.newProject(workshop.projectSlug);
    workshop.sourceId = await workshop.newSource('support desk');
    workshop.as = {} as Workshop['as'];
    for (const role of ROLES) workshop.as[role] = await workshop.newPerson(role);
  });
  afterAll(async () => {
    await closeQueue();
    await closeDb();
    await closeVault();
    for (const name of ['ASSAY_VAULT_SOCKET', 'ASSAY_VAULT_TOKEN', 'ASSAY_DATA']) delete process.env[name];
    if (workshop.folder) fs.rmSync(workshop.folder, { recursive: true, force: true });
  });
  return workshop;
}

export const isProjectRole = (role: Role): boolean => (PROJECT_ROLES as readonly string[]).includes(role);
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Declares, sends and completes an upload, as the browser does. @returns the import's id */
export async function upload(
  actor: Actor,
  sourceId: string,
  bytes: Uint8Array,
  more: { filename?: string; format?: string } = {},
): Promise<string> {
  const { id, isNew } = await startImport(actor, {
    sourceId,
    filename: more.filename ?? 'support.jsonl',
    size: bytes.byteLength,
    sha256: sha256Of(bytes),
    ...(more.format ? { format: more.format } : {}),
  });
  if (!isNew) return id;
  await receiveBytes(actor, id, 0, inPieces(bytes));
  await completeImport(actor, id);
  return id;
}

export async function* inPieces(bytes: Uint8Array, pieceBytes = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

type Handler = (chunk: Chunk, signal: AbortSignal) => Promise<void>;
const HANDLERS: Partial<Record<RunKind, Record<string, Handler>>> = {
  import: { read: readImport, redact: redactChunk, close: closeImport, compare: compareUnits },
  reredact: { find: findDue, redact: redactDue, compare: compareUnits, preview: countPreview },
  release: { build: buildRelease, dry_run: dryRunBuilt, seal: sealApproved },
  retry_quarantine: {
    reread: rereadQuarantined,
    redact: redactRetried,
    settle: settleQuarantineRetry,
    compare: compareUnits,
  },
};

/** Works as the worker does, in this process, until no chunk is ready. @throws what a handler throws */
export async function workUntilIdle(): Promise<number> {
  const workerId = newWorkerId();
  const { signal } = new AbortController();
  for (let chunks = 0; ; chunks++) {
    const chunk = await takeChunk(workerId);
    if (!chunk) return chunks;
    try {
      await HANDLERS[chunk.kind]![chunk.stage]!(chunk, signal);
    } catch (error) {
      await failChunk(chunk, 'test');
      throw error;
    }
  }
}
