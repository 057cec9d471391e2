/** A project with people and a source, and invented units in it, for tests of use cases on a real Postgres. */
import pg from 'pg';
import type { Role } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { contentHash } from '#lib/core/trajectory/hash.ts';
import type { PersonId, ProjectId } from '#lib/core/trajectory/ids.ts';
import type { JsonObject } from '#lib/core/trajectory/json.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { systemActor } from '../session.ts';
import { type StoredSpan, saveUnits } from '../units.ts';
import type { TestDatabase } from './database.ts';

export type TestProject = {
  projectId: string;
  actor(role: Role): Promise<Actor>;
  addUnits(units: readonly { unit: Redacted<Unit>; tags?: JsonObject; spans?: StoredSpan[] }[]): Promise<void>;
};

/** Call it inside of a test or hook, once the database is there. */
export async function makeProject(database: TestDatabase): Promise<TestProject> {
  const one = async (sql: string, values: unknown[]) => (await database.query<{ id: string }>(sql, values))[0]!.id;
  const projectId = await one(`insert into project (slug, name) values ('p', 'Invented') returning id`, []);
  const owner = await one(
    `insert into person (email, name, password_hash) values ('owner@example.org', 'Owner', '') returning id`,
    [],
  );
  const sourceId = await one(
    `insert into source (project_id, name, controller, legal_basis, purposes, region, recipients_allowed, retention_raw_days, retention_redacted_days, categories, mask_paths, keep_paths, created_by)
     values ($1, 'logs', 'Invented Ltd', 'contract', '{train}', 'eu', '{}', 30, 365, '{}', '{}', '{}', $2) returning id`,
    [projectId, owner],
  );
  const importId = await one(
    `insert into import (project_id, source_id, filename, size, sha256, created_by) values ($1, $2, 'a.jsonl', 1, $3, $4) returning id`,
    [projectId, sourceId, '0'.repeat(64), owner],
  );
  return {
    projectId,
    async actor(role) {
      const personId = await one(`insert into person (email, name, password_hash) values ($1, $2, '') returning id`, [
        `${crypto.randomUUID()}@example.org`,
        role,
      ]);
      await database.query('insert into membership (project_id, person_id, role) values ($1, $2, $3)', [
        projectId,
        personId,
        role,
      ]);
      return {
        ...systemActor(role, projectId),
        kind: 'person',
        role,
        personId: personId as PersonId,
        projectId: projectId as ProjectId,
        reauthAtMs: Date.now(),
      };
    },
    async addUnits(units) {
      const client = new pg.Client({ connectionString: database.urls.owner });
      await client.connect();
      try {
        for (const { unit, tags, spans } of units) {
          await client.query(
            `insert into trajectory (project_id, id, import_id, source_id, ordinal, adapter, root_id, event_count, models, flags, content_sha, record_from, record_to)
             values ($1, $2, $3, $4, 1, 'generic', $2, $5, '{}', '{}', $6, 1, 1) on conflict do nothing`,
            [projectId, unit.trajectoryId, importId, sourceId, unit.events.length, contentHash(unit)],
          );
          await saveUnits(
            client as unknown as pg.PoolClient,
            {
              projectId,
              importId,
              sourceId,
              purposes: ['train'],
              legalBasis: 'contract',
              consentRef: null,
              region: 'eu',
              recipientsAllowed: [],
              expiresAt: new Date(Date.now() + 86_400_000),
            },
            [
              {
                trajectoryId: unit.trajectoryId,
                personKey: null,
                units: [
                  {
                    unit,
                    hash: contentHash(unit),
                    tags: tags ?? {},
                    spans: spans ?? [],
                    entities: [],
                    values: [],
                    receipt: { bytesPresent: 100, bytesScanned: 100, bundle: 'test' },
                  },
                ],
              },
            ],
            1,
          );
        }
      } finally {
        await client.end();
      }
    },
  };
}
