/**
 * Every page, API route and server action of the build, by every identity. Expected answers come from the policy table
 * (lib/core/policy/access.ts) and from `doors.ts`; a door without a row there fails.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type APIRequestContext, type APIResponse, expect, request, test } from '@playwright/test';
import type pg from 'pg';
import { type Action, mayRole, POLICY, ROLES, type Role, SCOPES, type Scope } from '#lib/core/policy/access.ts';
import { hashPassword } from '#lib/store/password.ts';
import { newDataFolder, type RunningAssay, startAssay } from '../start-assay.ts';
import { connectToStore } from '../store-database.ts';
import { ACTIONS, API, type ApiDoor, METHODS, type Method, type Objects, OWN_SESSION_ACTIONS, PAGES } from './doors.ts';

const dataDir = newDataFolder();
let assay: RunningAssay;
let database: pg.Client;
let objects: Objects;
let anonymous: APIRequestContext;
let disabled: APIRequestContext;
let revoked: APIRequestContext;
const as = {} as Record<Role, APIRequestContext>;
/** The same project roles in another project. */
const abroad = {} as Record<'reviewer' | 'curator' | 'lead' | 'operator', APIRequestContext>;
const ids = {} as Record<Role, string>;
const PASSWORD = 'nine green kettles whistle';
let passwordHash: string;
let projectId: string;

const insert = async (sql: string, values: unknown[]): Promise<string> =>
  (await database.query<{ id: string }>(`${sql} returning id`, values)).rows[0]!.id;

async function newPerson(role: Role, project: string): Promise<{ id: string; email: string }> {
  const isSite = role === 'admin' || role === 'auditor';
  const email = `${role}-${randomUUID()}@brightwater.example`;
  const id = await insert('insert into person (email, name, password_hash, site_role) values ($1, $2, $3, $4)', [
    email,
    `A ${role}`,
    passwordHash,
    isSite ? role : null,
  ]);
  if (!isSite)
    await database.query('insert into membership (project_id, person_id, role) values ($1, $2, $3)', [
      project,
      id,
      role,
    ]);
  return { id, email };
}

async function signIn(email: string): Promise<APIRequestContext> {
  const context = await request.newContext({ baseURL: assay.url, extraHTTPHeaders: { origin: assay.url } });
  const { csrfToken } = await (await context.get('/api/auth/csrf')).json();
  const answer = await context.post('/api/auth/callback/credentials', {
    form: { csrfToken, email, password: PASSWORD, callbackUrl: assay.url, json: 'true' },
  });
  expect(answer.status()).toBe(200);
  return context;
}

/** One small file through the front door, so that there is a unit to read. */
async function importOne(operator: APIRequestContext): Promise<{ importId: string; sourceId: string }> {
  const source = await operator.post('/api/v1/sources', { data: API['/api/v1/sources']!.methods.POST!.body!(objects) });
  const sourceId = (await source.json()).id as string;
  const file = Buffer.from(
    `${JSON.stringify({
      messages: [
        { role: 'user', content: 'Which tent is the lightest?' },
        { role: 'assistant', content: 'The lightest one weighs 900 g.' },
      ],
    })}\n`,
  );
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', file)).toString('hex');
  const declared = { sourceId, filename: 'one.jsonl', size: file.byteLength, sha256 };
  const { id } = await (await operator.post('/api/v1/imports', { data: declared })).json();
  const sent = await operator.patch(`/api/v1/imports/${id}/content`, {
    data: file,
    headers: { 'upload-offset': '0', 'content-type': 'application/octet-stream' },
  });
  expect(sent.status()).toBe(204);
  expect((await operator.post(`/api/v1/imports/${id}/complete`)).status()).toBe(202);
  await expect
    .poll(async () => (await (await operator.get(`/api/v1/imports/${id}`)).json()).state, { timeout: 30_000 })
    .toBe('done');
  return { importId: id, sourceId };
}

test.beforeAll(async () => {
  test.setTimeout(180_000);
  assay = await startAssay({ ASSAY_TEST: '1' }, dataDir);
  database = await connectToStore(dataDir);
  passwordHash = await hashPassword(PASSWORD);
  projectId = await insert('insert into project (slug, name) values ($1, $2)', ['first', 'First']);
  const otherId = await insert('insert into project (slug, name) values ($1, $2)', ['second', 'Second']);
  anonymous = await request.newContext({ baseURL: assay.url, extraHTTPHeaders: { origin: assay.url } });
  for (const role of ROLES) {
    const person = await newPerson(role, projectId);
    ids[role] = person.id;
    as[role] = await signIn(person.email);
  }
  for (const role of ['reviewer', 'curator', 'lead', 'operator'] as const)
    abroad[role] = await signIn((await newPerson(role, otherId)).email);
  const gone = await newPerson('lead', projectId);
  disabled = await signIn(gone.email);
  await database.query(`update person set state = 'disabled' where id = $1`, [gone.id]);
  const out = await newPerson('lead', projectId);
  revoked = await signIn(out.email);
  await database.query('update session set revoked_at = now() where person_id = $1', [out.id]);

  const { importId, sourceId } = await importOne(as.operator);
  const of = async (sql: string) => (await database.query<{ id: string }>(sql, [importId])).rows[0]!.id;
  const queue = (kind: string) =>
    insert('insert into queue (project_id, kind, name, seed, created_by) values ($1, $2, $2, $2, $3)', [
      projectId,
      kind,
      ids.lead,
    ]);
  const unitId = await of('select id from unit where import_id = $1');
  const closed = await queue('audit');
  const recipientId = await insert(
    `insert into recipient (project_id, name, region, purposes, agreement_date, agreement_expires, created_by)
     values ($1, 'lab', 'EU', '{model-training}', '2026-01-01', '2036-01-01', $2)`,
    [projectId, ids.lead],
  );
  objects = {
    importId,
    sourceId,
    unitId,
    runId: await of('select id from run where ref_id = $1::text'),
    auditQueueId: await queue('audit'),
    pairQueueId: await queue('pair'),
    taskId: await insert(
      `insert into task (project_id, queue_id, subject_id, subject_hash, position) values ($1, $2, $3, $4, 1)`,
      [projectId, closed, unitId, 'a'.repeat(64)],
    ),
    releaseId: await insert(
      `insert into release (project_id, number, name, purpose, recipient_id, filter, state, created_by, revoked_at)
       values ($1, 1, 'matrix', 'model-training', $2, $4, 'revoked', $3, now())`,
      [projectId, recipientId, ids.lead, { kinds: [], levels: [], importIds: [], includes: ['sft'] }],
    ),
    personId: ids.reviewer,
  };
  await database.query(
    `insert into release_gate (release_id, gate, state, rule, value, limit_text, evidence) values ($1, 'residual', 'fail', 'rule', '1', '0', '{}')`,
    [objects.releaseId],
  );
  // Who works elsewhere has a source too, so that what is refused is refused for what it is.
  await abroad.operator.post('/api/v1/sources', { data: API['/api/v1/sources']!.methods.POST!.body!(objects) });
});

test.afterAll(async () => {
  await database?.end();
  for (const context of [anonymous, disabled, revoked, ...Object.values(as), ...Object.values(abroad)])
    await context?.dispose();
  await assay?.stop();
  fs.rmSync(path.dirname(dataDir), { recursive: true, force: true });
});

const manifest = <T>(name: string): T => JSON.parse(fs.readFileSync(path.join('.next', name), 'utf8')) as T;
const routes = (): { pages: string[]; api: string[] } => {
  const entries = Object.entries(manifest<Record<string, string>>('app-path-routes-manifest.json'));
  const of = (end: string) =>
    entries
      .filter(([file, route]) => file.endsWith(end) && !route.startsWith('/_'))
      .map(([, route]) => route)
      .filter((route) => !/\.(ico|svg|png|txt|webmanifest)$/.test(route))
      .sort();
  return { pages: of('/page'), api: of('/route') };
};
type Reference = { filename?: string; exportedName?: string; workers: Record<string, unknown> };
const serverActions = (): [id: string, name: string, page: string][] =>
  Object.entries(manifest<{ node: Record<string, Reference> }>('server/server-reference-manifest.json').node).map(
    ([id, { filename, exportedName, workers }]) => [id, `${filename}#${exportedName}`, Object.keys(workers)[0]!],
  );

async function call(context: APIRequestContext, method: Method, url: string, door?: ApiDoor, bearer?: string) {
  const body = door?.body?.(objects);
  return context.fetch(url, {
    method,
    headers: { ...door?.headers?.(), ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
    ...(body === undefined ? {} : { data: body }),
    maxRedirects: 0,
  });
}
const ledgerFree = (answer: APIResponse) => `${answer.status()} ${answer.headers().location ?? ''}`.trim();
const every = async <T>(items: readonly T[], work: (item: T) => Promise<void>) => {
  for (const item of items) await work(item);
};

test('every page and route of the build has a row, and no row is left over', () => {
  expect(routes().pages).toEqual(Object.keys(PAGES).sort());
  expect(routes().api).toEqual(Object.keys(API).sort());
});

test('every server action of the build has a row, and no row is left over', () => {
  const named = serverActions().map(([, name]) => name);
  expect([...new Set(named)].sort()).toEqual([...Object.keys(ACTIONS), ...OWN_SESSION_ACTIONS].sort());
});

for (const [route, door] of Object.entries(PAGES))
  test(`page ${route}: ${door.action}`, async () => {
    const url = door.path(objects);
    const allowed = String(door.status ?? 200);
    const seen: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    const look = async (who: string, context: APIRequestContext, want: string) => {
      const answer = await context.get(url, { maxRedirects: 0 });
      const location = answer.headers().location;
      seen[who] = `${answer.status()}${location ? ` ${new URL(location, assay.url).pathname}` : ''}`;
      wanted[who] = want;
    };
    const isPublic = door.action === 'public';
    const stranger = isPublic ? allowed : '307 /sign-in';
    await look('nobody', anonymous, stranger);
    await look('a disabled person', disabled, stranger);
    await look('a revoked session', revoked, stranger);
    for (const role of ROLES) {
      const may = isPublic || door.action === 'anyone signed in' || mayRole(role, door.action as Action);
      // Who is signed in has no use for the sign-in page.
      await look(role, as[role], route === '/sign-in' ? '307 /' : may ? allowed : '307 /not-allowed');
    }
    for (const [role, context] of Object.entries(abroad)) {
      const may = isPublic || door.action === 'anyone signed in' || mayRole(role as Role, door.action as Action);
      const foreign = String(door.foreign ?? allowed);
      await look(`${role} abroad`, context, route === '/sign-in' ? '307 /' : may ? foreign : '307 /not-allowed');
    }
    expect(seen).toEqual(wanted);
  });

for (const [route, { methods }] of Object.entries(API))
  test(`route ${route}`, async () => {
    const url = API[route]!.path(objects);
    const seen: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    const look = async (who: string, context: APIRequestContext, method: Method, want: number) => {
      const answer = await call(context, method, url, methods[method]);
      seen[`${method} by ${who}`] = ledgerFree(answer);
      wanted[`${method} by ${who}`] = String(want);
      expect(answer.headers()['cache-control'] ?? '', `${method} ${route}`).toContain('no-store');
    };
    for (const method of METHODS)
      if (!methods[method] && !(method === 'GET' && methods.HEAD) && !route.startsWith('/api/auth'))
        await look('a lead', as.lead, method, 405);
    for (const [method, door] of Object.entries(methods) as [Method, ApiDoor][]) {
      const isPublic = door.action === 'public';
      for (const [who, context] of [
        ['nobody', anonymous],
        ['a disabled person', disabled],
        ['a revoked session', revoked],
      ] as const)
        await look(who, context, method, isPublic ? door.status : 401);
      for (const role of ROLES)
        await look(role, as[role], method, isPublic || mayRole(role, door.action as Action) ? door.status : 403);
      for (const [role, context] of Object.entries(abroad)) {
        const may = isPublic || mayRole(role as Role, door.action as Action);
        await look(`${role} abroad`, context, method, may || door.isHidden ? (door.foreign ?? door.status) : 403);
      }
    }
    expect(seen).toEqual(wanted);
  });

test('a token opens what its scope and its owner’s role both allow, and nothing that asks for a fresh sign-in', async () => {
  test.setTimeout(120_000);
  const bearer = await request.newContext({ baseURL: assay.url });
  const secrets = new Map<string, string>();
  const tokenOf = async (role: Role, scopes: readonly Scope[]) => {
    const key = `${role} ${scopes}`;
    if (!secrets.has(key)) {
      const made = await as[role].post('/api/v1/tokens', { data: { name: 'matrix', scopes, days: 1 } });
      secrets.set(key, (await made.json()).token);
    }
    return secrets.get(key)!;
  };
  const seen: Record<string, number> = {};
  const wanted: Record<string, number> = {};
  await every(Object.entries(API), async ([route, { path: pathOf, methods }]) => {
    for (const [method, door] of Object.entries(methods) as [Method, ApiDoor][]) {
      if (door.action === 'public') continue;
      const rule: { scope?: Scope; roles: readonly Role[]; reauthMinutes?: number } = POLICY[door.action];
      const role = rule.roles[0]!;
      const other = ROLES.find((one) => !rule.roles.includes(one));
      const look = async (who: string, owner: Role, scopes: readonly Scope[], want: number) => {
        const name = `${method} ${route} with a token of ${who}`;
        const answer = await call(bearer, method, pathOf(objects), door, await tokenOf(owner, scopes));
        seen[name] = answer.status();
        wanted[name] = want;
      };
      const others = SCOPES.filter((scope) => scope !== rule.scope);
      await look(`a ${role} without the scope`, role, others, 403);
      if (rule.scope)
        await look(`a ${role} with the scope`, role, [rule.scope], rule.reauthMinutes ? 403 : door.status);
      if (other) await look(`a ${other} with all scopes`, other, SCOPES, 403);
    }
  });
  expect(seen).toEqual(wanted);
  const ended = await tokenOf('lead', ['review']);
  await database.query('update api_token set revoked_at = now() where person_id = $1', [ids.lead]);
  expect((await call(bearer, 'GET', '/api/v1/queues', undefined, ended)).status()).toBe(401);
  expect((await call(bearer, 'GET', '/api/v1/queues', undefined, 'asy_forged')).status()).toBe(401);
  expect((await call(as.lead, 'GET', '/api/v1/queues', undefined, 'asy_forged')).status()).toBe(401);
  await bearer.dispose();
});

test('a server action is refused to everybody whose role does not allow it', async () => {
  test.setTimeout(180_000);
  const seen: Record<string, string> = {};
  const wanted: Record<string, string> = {};
  for (const [id, name, page] of serverActions()) {
    const door = ACTIONS[name];
    if (!door) continue;
    const at = (
      PAGES[
        page
          .replace(/^app/, '')
          .replace(/\/\([^)]+\)/g, '')
          .replace(/\/page$/, '') || '/'
      ] ?? PAGES['/']!
    ).path(objects);
    const look = async (who: string, context: APIRequestContext, want: string) => {
      const answer = await context.post(at, {
        headers: { 'next-action': id, 'content-type': 'text/plain;charset=UTF-8', accept: 'text/x-component' },
        data: JSON.stringify([door.input(objects)]),
        maxRedirects: 0,
      });
      const redirect = answer.headers()['x-action-redirect'] ?? answer.headers().location;
      const text = await answer.text();
      const said = /"ok":(true|false)(?:,"code":"(\w+)")?/.exec(text);
      seen[`${name} by ${who}`] = said
        ? said[1] === 'true'
          ? 'ok'
          : said[2]!
        : `${answer.status()} ${(redirect ?? '').split(';')[0]}`;
      wanted[`${name} by ${who}`] = want;
    };
    await look('nobody', anonymous, '200 /sign-in');
    await look('a disabled person', disabled, '200 /sign-in');
    for (const role of ROLES)
      await look(role, as[role], mayRole(role, door.action as Action) ? door.answer : 'forbidden');
    for (const [role, context] of Object.entries(abroad))
      await look(
        `${role} abroad`,
        context,
        mayRole(role as Role, door.action as Action) ? (door.foreign ?? door.answer) : 'forbidden',
      );
  }
  expect(seen).toEqual(wanted);
});

test('a change by cookie from another origin is refused, at routes and at actions', async () => {
  const stray = async (headers: Record<string, string>) =>
    (await as.operator.post('/api/v1/claims/beat', { data: { claims: [] }, headers })).status();
  expect(await stray({ origin: 'https://elsewhere.example' })).toBe(403);
  expect(await stray({ origin: 'null' })).toBe(403);
});

test('a forged cookie, a changed one and one of another secret open nothing', async () => {
  const { cookies } = await as.lead.storageState();
  const real = cookies.find(({ name }) => name === 'assay.session')!.value;
  for (const value of [
    'x',
    real.slice(0, -2),
    `${real.slice(0, 40)}A${real.slice(41)}`,
    'eyJhbGciOiJub25lIn0.eyJzaWQiOiJ4In0.',
  ]) {
    const context = await request.newContext({
      baseURL: assay.url,
      extraHTTPHeaders: { cookie: `assay.session=${value}` },
    });
    expect((await context.get('/api/v1/queues')).status()).toBe(401);
    await context.dispose();
  }
});

test('ending a session, disabling a person and changing a role take hold at the next request', async () => {
  const person = await newPerson('reviewer', projectId);
  const context = await signIn(person.email);
  expect((await context.get('/api/v1/queues')).status()).toBe(200);
  await database.query(`update membership set role = 'operator' where person_id = $1`, [person.id]);
  expect((await context.get('/api/v1/queues')).status()).toBe(403);
  await database.query(`update person set state = 'disabled' where id = $1`, [person.id]);
  expect((await context.get('/api/v1/queues')).status()).toBe(401);
  await context.dispose();
});

test('every page has the security headers and a policy with a nonce of its own', async () => {
  const nonces = new Set<string>();
  let pages = 0;
  for (const door of Object.values(PAGES))
    for (const context of [anonymous, as.lead]) {
      const answer = await context.get(door.path(objects), { maxRedirects: 0 });
      const headers = answer.headers();
      const policy = headers['content-security-policy'] ?? '';
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(Buffer.from(nonce, 'base64').length).toBeGreaterThanOrEqual(16);
      nonces.add(nonce);
      pages++;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("object-src 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).not.toMatch(/unsafe-(inline|eval)|https?:|\*/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
      });
      expect(headers['cache-control']).toContain('no-store');
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers['x-powered-by']).toBeUndefined();
      const scripts = (await answer.text()).match(/<script\b[^>]*>/g) ?? [];
      for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    }
  expect(nonces.size).toBe(pages);
});
