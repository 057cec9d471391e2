/**
 * Signed-in actors. The cookie carries a random 256-bit id and nothing else; role, state and revocation are read from
 * the database in this request, so a revoked session is refused at its next request.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type Role, SCOPES, type Scope } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import type { PersonId, ProjectId } from '#lib/core/trajectory/ids.ts';
import { db, type Tx } from './db.ts';

export const IDLE_MINUTES = 30;
export const ABSOLUTE_HOURS = 8;

export const secretSha256 = (secret: string): string => createHash('sha256').update(secret).digest('hex');
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Starts a session. @returns the id for the cookie; only its hash is stored */
export async function startSession(
  tx: Tx,
  personId: string,
  seenAs: { userAgent?: string; ipPrefix?: string },
): Promise<string> {
  const id = newSecret();
  const membership = await tx.membership.findFirst({ where: { personId }, orderBy: { createdAt: 'asc' } });
  const fallback = membership ? null : await tx.project.findFirst({ orderBy: { createdAt: 'asc' } });
  await tx.session.create({
    data: {
      idSha256: secretSha256(id),
      personId,
      projectId: membership?.projectId ?? fallback?.id ?? null,
      expiresAt: new Date(Date.now() + ABSOLUTE_HOURS * 3_600_000),
      userAgent: seenAs.userAgent?.slice(0, 200) ?? null,
      ipPrefix: seenAs.ipPrefix ?? null,
    },
  });
  return id;
}

export const revokeSession = (tx: Tx, idSha256: string) =>
  tx.session.updateMany({ where: { idSha256, revokedAt: null }, data: { revokedAt: new Date() } });

/** The person proved again who they are. */
export const confirmSession = (tx: Tx, idSha256: string) =>
  tx.session.updateMany({ where: { idSha256, revokedAt: null }, data: { reauthAt: new Date() } });

export const revokeSessionsOf = (tx: Tx, personId: string) =>
  tx.session.updateMany({ where: { personId, revokedAt: null }, data: { revokedAt: new Date() } });

type Row = {
  person_id: string;
  name: string;
  email: string;
  site_role: Role | null;
  letters_off: boolean;
  project_id: string | null;
  project_name: string | null;
  is_demo: boolean | null;
  role: Role | null;
};

type Proof = Pick<Actor, 'kind' | 'scopes' | 'reauthAtMs' | 'sessionSha256' | 'sourceId' | 'tokenId'>;
const toActor = (row: Row, more: Proof): Actor =>
  ({
    ...more,
    personId: row.person_id as PersonId,
    name: row.name,
    email: row.email,
    role: row.role ?? row.site_role,
    projectId: row.project_id as ProjectId | null,
    projectName: row.project_name ?? '',
    isDemo: row.is_demo ?? false,
    lettersOff: row.letters_off,
  }) as Actor;

/** @returns null when the session is unknown, ended, idle too long or revoked, or its person disabled */
export async function actorOfSession(id: string): Promise<Actor | null> {
  const idSha256 = secretSha256(id);
  const rows = await db().$queryRaw<(Row & { reauth_at: Date; stale: boolean })[]>`
    SELECT p.id AS person_id, p.name, p.email, p.site_role, p.letters_off, s.project_id, j.name AS project_name, j.is_demo,
      m.role, s.reauth_at, s.seen_at < now() - interval '1 minute' AS stale
    FROM session s JOIN person p ON p.id = s.person_id
      LEFT JOIN project j ON j.id = s.project_id
      LEFT JOIN membership m ON m.person_id = p.id AND m.project_id = s.project_id
    WHERE s.id_sha256 = ${idSha256} AND s.revoked_at IS NULL AND s.expires_at > now()
      AND s.seen_at > now() - make_interval(mins => ${IDLE_MINUTES}) AND p.state = 'active'`;
  const row = rows[0];
  if (!row || (row.role === null && row.site_role === null)) return null;
  if (row.stale) await db().session.updateMany({ where: { idSha256 }, data: { seenAt: new Date() } });
  return toActor(row, {
    kind: 'person',
    scopes: [],
    reauthAtMs: row.reauth_at.getTime(),
    sessionSha256: idSha256,
    sourceId: null,
    tokenId: null,
  });
}

/** API tokens act in their project, with their owner's role as it is now. */
export async function actorOfToken(token: string): Promise<Actor | null> {
  if (!token.startsWith('asy_')) return null;
  const rows = await db().$queryRaw<(Row & { id: string; scopes: string[]; source_id: string | null })[]>`
    SELECT t.id, t.scopes, t.source_id, p.id AS person_id, p.name, p.email, p.site_role, p.letters_off, t.project_id, j.name AS project_name,
      j.is_demo, m.role
    FROM api_token t JOIN person p ON p.id = t.person_id JOIN project j ON j.id = t.project_id
      LEFT JOIN membership m ON m.person_id = p.id AND m.project_id = t.project_id
    WHERE t.sha256 = ${secretSha256(token)} AND t.revoked_at IS NULL AND t.expires_at > now() AND p.state = 'active'`;
  const row = rows[0];
  if (!row || (row.role === null && row.site_role === null)) return null;
  await db().apiToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date() } });
  const scopes = row.scopes.filter((scope): scope is Scope => (SCOPES as readonly string[]).includes(scope));
  return toActor(row, {
    kind: 'token',
    scopes,
    reauthAtMs: 0,
    sessionSha256: null,
    sourceId: row.source_id,
    tokenId: row.id,
  });
}

/** Counts a call of a token. @returns 0 while it is within `limit` calls a minute, else the seconds until it is again */
export async function secondsOverLimit(tokenId: string, limit: number): Promise<number> {
  const [row] = await db().$queryRaw<{ calls: number; left: number }[]>`
    UPDATE api_token SET
      window_count = CASE WHEN window_at > now() - interval '1 minute' THEN window_count + 1 ELSE 1 END,
      window_at = CASE WHEN window_at > now() - interval '1 minute' THEN window_at ELSE now() END
    WHERE id = ${tokenId}::uuid
    RETURNING window_count AS calls, ceil(extract(epoch FROM window_at + interval '1 minute' - now()))::int AS left`;
  return row && row.calls > limit ? Math.max(1, row.left) : 0;
}

/** The worker, the supervisor and the command line of the machine's owner, acting in one project. */
export const systemActor = (name: string, projectId: string | null): Actor =>
  ({
    kind: 'system',
    role: null,
    scopes: [],
    reauthAtMs: 0,
    personId: null,
    name,
    email: '',
    projectId: projectId as ProjectId | null,
    projectName: '',
    isDemo: false,
    lettersOff: false,
    sessionSha256: null,
    sourceId: null,
    tokenId: null,
  }) as unknown as Actor;
