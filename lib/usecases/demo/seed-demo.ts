/**
 * The demo: an invented company whose logs come in through the same door as anybody's. The people are made last, so a
 * start that was cut short is taken up where it stopped.
 */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { type Role, SITE_ROLES } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { inTransaction, type Tx } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { hashPassword } from '#lib/store/password.ts';
import { addPerson, countPeople, setRole } from '#lib/store/people.ts';
import { addProject, listProjects } from '#lib/store/projects.ts';
import { systemActor } from '#lib/store/session.ts';
import { completeImport, receiveBytes, startImport } from '../imports/receive-logs.ts';
import { registerSource, showSources } from '../imports/sources.ts';
import { listSeedLogs } from './seed-files.ts';

export const DEMO_PROJECT = 'Tallow Goods (invented)';
const DEMO_SOURCE = 'Shop and phone desk';
const PURPOSES = ['sft', 'dpo', 'eval'];
const TRAINERS = 'In-house trainers';
const LEADS = 2;

const NAMES: Record<Role, readonly string[]> = {
  reviewer: ['Runa Castell', 'Milo Abara', 'Teodora Finch'],
  curator: ['Ilse Varga'],
  lead: ['Noam Ferreira', 'Greta Sundholm'],
  operator: ['Otto Lindqvist'],
  admin: ['Amara Whitlock'],
  auditor: ['Silvan Moreau'],
};

export interface DemoUser {
  email: string;
  password: string;
  role: Role;
}

/** @returns the people with their passwords, the only time they are known; null when the store has people already */
export async function seedDemo({ reviewers }: { reviewers: number }): Promise<DemoUser[] | null> {
  if ((await countPeople()) > 0) return null;
  const projectId = await demoProject();
  await sendLogs(systemActor('demo', projectId));
  return addDemoPeople(projectId, reviewers);
}

async function demoProject(): Promise<string> {
  const known = (await listProjects()).find(({ isDemo }) => isDemo);
  if (known) return known.id;
  const project = await inTransaction((tx) => addProject(tx, { name: DEMO_PROJECT, isDemo: true, approvals: 1 }));
  return project.id;
}

/** The same bytes again are the same import, so repeating this adds nothing. */
async function sendLogs(actor: Actor): Promise<void> {
  const known = (await showSources(actor)).find(({ name }) => name === DEMO_SOURCE);
  const source =
    known ??
    (await registerSource(actor, {
      name: DEMO_SOURCE,
      controller: 'Tallow Goods (invented)',
      legalBasis: 'consent',
      consentRef: 'Sample consent 2026-01, invented',
      purposes: PURPOSES,
      region: 'EU',
      recipientsAllowed: [TRAINERS],
      retention: { raw: 30, redacted: 365 },
      categories: ['customers'],
      maskPaths: [],
      keepPaths: [],
    }));
  for (const { name, file } of listSeedLogs()) {
    const bytes = fs.readFileSync(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { id, state, offset } = await startImport(actor, {
      sourceId: source.id,
      filename: name,
      size: bytes.length,
      sha256,
    });
    if (state !== 'uploading') continue;
    await receiveBytes(actor, id, offset, inOnePiece(bytes.subarray(offset)));
    await completeImport(actor, id);
  }
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function addDemoPeople(projectId: string, reviewers: number): Promise<DemoUser[]> {
  const counts: Record<Role, number> = {
    reviewer: reviewers,
    curator: 1,
    lead: LEADS,
    operator: 1,
    admin: 1,
    auditor: 1,
  };
  const planned = (Object.entries(counts) as [Role, number][]).flatMap(([role, count]) =>
    Array.from({ length: count }, (_, n) => newPerson(role, n)),
  );
  const hashes = await Promise.all(planned.map(({ password }) => hashPassword(password)));
  await inTransaction(async (tx) => {
    for (const [at, person] of planned.entries()) {
      const { email, name, role } = person;
      const siteRole = (SITE_ROLES as readonly Role[]).includes(role) ? role : undefined;
      const row = await addPerson(tx, { email, name, passwordHash: hashes[at]!, siteRole });
      if (!siteRole) await setRole(tx, projectId, row.id, role);
      await appendLedger(tx, systemActor('demo', projectId), {
        action: 'demo.person',
        object: 'person',
        objectId: row.id,
        details: { role },
      });
      if (role === 'lead' && email.startsWith('lead@')) await addTrainers(tx, projectId, row.id);
    }
  });
  return planned.map(({ email, password, role }) => ({ email, password, role }));
}

function newPerson(role: Role, n: number): DemoUser & { name: string } {
  const email = `${role}${n === 0 ? '' : n + 1}@tallow.example`;
  const name = NAMES[role][n] ?? `${role[0]!.toUpperCase()}${role.slice(1)} ${n + 1}`;
  return { email, name, role, password: randomBytes(15).toString('base64url') };
}

/** Whom a release of the demo may be made for. */
async function addTrainers(tx: Tx, projectId: string, leadId: string): Promise<void> {
  const agreementDate = new Date(Date.now() - 30 * 86_400_000);
  const agreementExpires = new Date(Date.now() + 335 * 86_400_000);
  const row = await tx.recipient.create({
    data: {
      projectId,
      name: TRAINERS,
      region: 'EU',
      purposes: PURPOSES,
      agreementDate,
      agreementExpires,
      createdBy: leadId,
    },
  });
  await appendLedger(tx, systemActor('demo', projectId), {
    action: 'recipient.manage',
    object: 'recipient',
    objectId: row.id,
  });
}
