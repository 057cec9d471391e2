/**
 * The vault process: the only one that holds the vault's key and its database role. It answers on a socket file that
 * only this user can open. The worker may open what it is to redact; the web process may ask for one value at a time.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import pg from 'pg';
import { z } from 'zod';
import { normaliseValue } from '#lib/core/pii/normalise-value.ts';
import { PII_TYPE_NAMES } from '#lib/core/pii/taxonomy.ts';
import {
  bindingOf,
  KEK_VERSION,
  keyedIndex,
  newKey,
  projectKey,
  seal,
  unseal,
  unwrapKey,
  wrapKey,
} from '#lib/store/envelope.ts';
import { boxOpener } from '#lib/store/sealed-box.ts';

export type VaultKeys = { kek: Buffer; index: Buffer; split: Buffer; pseudonym: Buffer };
export type VaultConfig = { databaseUrl: string; keys: VaultKeys; tokens: { web: string; worker: string } };
type Caller = 'web' | 'worker';

const MAX_BODY_BYTES = 4_000_000;

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError('body');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

type SealedRow = { source_id: string; dek_id: string; wrapped: Buffer; nonce: Buffer; ciphertext: Buffer };

export function makeVault(config: VaultConfig): { server: Server; close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: config.databaseUrl, max: 6 });
  pool.on('error', () => {});
  const { keys } = config;
  const incoming = boxOpener(keys.kek);

  /** Unwrapped source keys live in this process only. */
  const sourceKeys = new Map<string, Buffer>();
  async function sourceKey(sourceId: string, projectId: string): Promise<Buffer> {
    const known = sourceKeys.get(sourceId);
    if (known) return known;
    const wrapped = wrapKey(keys.kek, newKey(), bindingOf('source', sourceId));
    await pool.query(
      'INSERT INTO vault.source_key (source_id, project_id, wrapped, kek_version) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [sourceId, projectId, wrapped, KEK_VERSION],
    );
    const { rows } = await pool.query<{ wrapped: Buffer }>(
      'SELECT wrapped FROM vault.source_key WHERE source_id = $1',
      [sourceId],
    );
    const key = unwrapKey(keys.kek, rows[0]!.wrapped, bindingOf('source', sourceId));
    sourceKeys.set(sourceId, key);
    return key;
  }

  async function open(row: SealedRow, projectId: string, id: string): Promise<Buffer> {
    const dek = unwrapKey(await sourceKey(row.source_id, projectId), row.wrapped, bindingOf(row.dek_id, row.source_id));
    return unseal(dek, row, bindingOf(id, row.source_id));
  }

  async function makeDataKey(projectId: string, sourceId: string) {
    const outer = await sourceKey(sourceId, projectId);
    const id = crypto.randomUUID();
    const key = newKey();
    return { id, key, wrapped: wrapKey(outer, key, bindingOf(id, sourceId)), kekVersion: KEK_VERSION };
  }

  const handlers: Record<string, { callers: readonly Caller[]; handle(body: unknown): Promise<Buffer | object> }> = {
    '/health': {
      callers: ['web', 'worker'],
      handle: async () => ({ ok: (await pool.query('SELECT 1')).rowCount === 1 }),
    },

    '/data-keys': {
      callers: ['worker'],
      async handle(body) {
        const { projectId, sourceId, count } = z
          .strictObject({ projectId: z.uuid(), sourceId: z.uuid(), count: z.int().min(1).max(10_000) })
          .parse(body);
        const made = [];
        for (let n = 0; n < count; n++) {
          const dataKey = await makeDataKey(projectId, sourceId);
          made.push({ ...dataKey, key: dataKey.key.toString('base64'), wrapped: dataKey.wrapped.toString('base64') });
        }
        return { keys: made };
      },
    },

    '/project-keys': {
      callers: ['worker'],
      async handle(body) {
        const { projectSlug } = z.strictObject({ projectSlug: z.string().min(1).max(60) }).parse(body);
        const of = (root: Buffer, purpose: string): string => projectKey(root, purpose, projectSlug).toString('base64');
        return {
          index: of(keys.index, 'index'),
          split: of(keys.split, 'split'),
          pseudonym: of(keys.pseudonym, 'pseudonym'),
        };
      },
    },

    // What a process without keys needs to put telemetry away: a key to seal for, and codes for the ids it groups by.
    '/incoming': {
      callers: ['web', 'worker'],
      async handle(body) {
        const { projectSlug, ids } = z
          .strictObject({ projectSlug: z.string().min(1).max(60), ids: z.array(z.string().max(2000)).max(100_000) })
          .parse(body);
        const index = projectKey(keys.index, 'index', projectSlug);
        return {
          publicKey: incoming.publicKey.toString('base64'),
          codes: ids.map((id) => keyedIndex(index, 'telemetry', id)),
        };
      },
    },

    '/open-parts': {
      callers: ['worker'],
      async handle(body) {
        const { parts } = z
          .strictObject({
            parts: z
              .array(z.strictObject({ id: z.uuid(), sourceId: z.uuid(), wrapped: z.string().max(400) }))
              .max(2000),
          })
          .parse(body);
        return {
          keys: parts.map(({ id, sourceId, wrapped }) =>
            incoming.open(Buffer.from(wrapped, 'base64'), bindingOf(id, sourceId)).toString('base64'),
          ),
        };
      },
    },

    '/trajectories': {
      callers: ['worker'],
      async handle(body) {
        const { projectId, refs } = z
          .strictObject({
            projectId: z.uuid(),
            refs: z.array(z.strictObject({ id: z.string(), contentSha: z.string() })).max(2000),
          })
          .parse(body);
        const { rows } = await pool.query<SealedRow & { id: string; content_sha: string }>(
          `SELECT t.id, t.content_sha, t.source_id, t.dek_id, d.wrapped, t.nonce, t.ciphertext
             FROM vault.trajectory t JOIN vault.dek d ON d.id = t.dek_id
            WHERE t.project_id = $1 AND (t.id, t.content_sha) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
          [projectId, refs.map((ref) => ref.id), refs.map((ref) => ref.contentSha)],
        );
        const byId = new Map(rows.map((row) => [`${row.id}\n${row.content_sha}`, row]));
        const lines: string[] = [];
        for (const ref of refs) {
          const row = byId.get(`${ref.id}\n${ref.contentSha}`);
          if (row)
            lines.push(JSON.stringify({ id: ref.id, json: (await open(row, projectId, ref.id)).toString('utf8') }));
        }
        return Buffer.from(lines.join('\n'));
      },
    },

    '/records': {
      callers: ['worker'],
      async handle(body) {
        const { importId, refs } = z
          .strictObject({
            importId: z.uuid(),
            refs: z.array(z.strictObject({ member: z.string(), recordNo: z.int() })).max(2000),
          })
          .parse(body);
        const records: string[] = [];
        for (const { member, recordNo } of refs) {
          const { rows } = await pool.query<SealedRow & { project_id: string }>(
            `SELECT r.project_id, r.source_id, r.dek_id, d.wrapped, r.nonce, r.ciphertext
               FROM vault.record r JOIN vault.dek d ON d.id = r.dek_id
              WHERE r.import_id = $1 AND r.member = $2 AND r.record_no = $3`,
            [importId, member, recordNo],
          );
          const row = rows[0];
          if (row)
            records.push((await open(row, row.project_id, `${importId}:${member}:${recordNo}`)).toString('base64'));
        }
        return { records };
      },
    },

    '/values': {
      callers: ['worker'],
      async handle(body) {
        const { projectId, entities } = z
          .strictObject({ projectId: z.uuid(), entities: z.array(z.string()).max(20_000) })
          .parse(body);
        return { values: await values(projectId, entities) };
      },
    },

    '/dictionary': {
      callers: ['worker'],
      async handle(body) {
        const { projectId } = z.strictObject({ projectId: z.uuid() }).parse(body);
        const { rows } = await pool.query<SealedRow & { entry_id: string }>(
          `SELECT v.entry_id, v.source_id, v.dek_id, d.wrapped, v.nonce, v.ciphertext
             FROM vault.dictionary_value v JOIN vault.dek d ON d.id = v.dek_id WHERE v.project_id = $1 ORDER BY v.entry_id`,
          [projectId],
        );
        const entries = [];
        for (const row of rows)
          entries.push({ id: row.entry_id, value: (await open(row, projectId, row.entry_id)).toString('utf8') });
        return { entries };
      },
    },

    '/keep-value': {
      callers: ['web', 'worker'],
      async handle(body) {
        const input = z
          .strictObject({
            projectId: z.uuid(),
            projectSlug: z.string().min(1).max(60),
            sourceId: z.uuid(),
            type: z.enum(PII_TYPE_NAMES as [string, ...string[]]),
            value: z.string().min(1).max(10_000),
            entryId: z.uuid().optional(),
          })
          .parse(body);
        const index = projectKey(keys.index, 'index', input.projectSlug);
        const type = input.type as (typeof PII_TYPE_NAMES)[number];
        const entity = keyedIndex(index, type, normaliseValue(type, input.value));
        const dek = await makeDataKey(input.projectId, input.sourceId);
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          await client.query(
            'INSERT INTO vault.dek (id, project_id, source_id, wrapped, kek_version) VALUES ($1, $2, $3, $4, $5)',
            [dek.id, input.projectId, input.sourceId, dek.wrapped, dek.kekVersion],
          );
          const forEntity = seal(dek.key, Buffer.from(input.value), bindingOf(entity, input.sourceId));
          await client.query(
            `INSERT INTO vault.entity_value (project_id, entity, source_id, type, dek_id, nonce, ciphertext)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
            [input.projectId, entity, input.sourceId, type, dek.id, forEntity.nonce, forEntity.ciphertext],
          );
          if (input.entryId) {
            const forEntry = seal(dek.key, Buffer.from(input.value), bindingOf(input.entryId, input.sourceId));
            await client.query(
              `INSERT INTO vault.dictionary_value (entry_id, project_id, source_id, dek_id, nonce, ciphertext)
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
              [input.entryId, input.projectId, input.sourceId, dek.id, forEntry.nonce, forEntry.ciphertext],
            );
          }
          await client.query('COMMIT');
        } catch (error) {
          await client.query('ROLLBACK');
          throw error;
        } finally {
          client.release();
        }
        return { entity };
      },
    },

    '/reveal': {
      callers: ['web'],
      async handle(body) {
        const { projectId, entity } = z.strictObject({ projectId: z.uuid(), entity: z.string().max(64) }).parse(body);
        return { value: (await values(projectId, [entity]))[0]?.value ?? null };
      },
    },
  };

  async function values(projectId: string, entities: readonly string[]) {
    const { rows } = await pool.query<SealedRow & { entity: string; type: string }>(
      `SELECT v.entity, v.type, v.source_id, v.dek_id, d.wrapped, v.nonce, v.ciphertext
         FROM vault.entity_value v JOIN vault.dek d ON d.id = v.dek_id WHERE v.project_id = $1 AND v.entity = ANY($2) ORDER BY v.entity`,
      [projectId, entities],
    );
    const opened = [];
    for (const row of rows)
      opened.push({
        entity: row.entity,
        type: row.type,
        value: (await open(row, projectId, row.entity)).toString('utf8'),
      });
    return opened;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const caller: Caller | null = same(token, config.tokens.worker)
      ? 'worker'
      : same(token, config.tokens.web)
        ? 'web'
        : null;
    const handler = handlers[request.url ?? ''];
    if (!caller || !handler?.callers.includes(caller)) {
      response.writeHead(403).end();
      return;
    }
    try {
      const result = await handler.handle(await readBody(request));
      response
        .writeHead(200, { 'cache-control': 'no-store' })
        .end(Buffer.isBuffer(result) ? result : JSON.stringify(result));
    } catch (thrown) {
      // The reason stays here: it may quote what was asked for.
      response
        .writeHead(
          thrown instanceof z.ZodError || thrown instanceof RangeError || thrown instanceof SyntaxError ? 422 : 500,
        )
        .end();
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  return {
    server,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await pool.end();
    },
  };
}
