import pg from 'pg';
import { ensureRoles, type ServingRole } from './database-roles.ts';
import { migrate } from './migrate.ts';
import { ensureQueueSchema } from './queue-schema.ts';

/**
 * All that the owner does before anything serves: roles, migrations, the queue's tables. Doing it again changes nothing but the passwords.
 * @returns each serving process's own address, and the migrations applied now
 */
export async function prepareDatabase(
  ownerUrl: string,
  passwords: Record<ServingRole, string>,
): Promise<{ urls: Record<ServingRole, string>; applied: string[] }> {
  const urls = await ensureRoles(ownerUrl, passwords);
  const applied = await migrate(ownerUrl);
  await ensureQueueSchema(ownerUrl);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'assay setup' });
  await client.connect();
  try {
    await client.query('grant select on _prisma_migrations to assay_worker'); // `assay doctor` compares it with the checkout
  } finally {
    await client.end();
  }
  return { urls, applied };
}
