/**
 * The curation store through Prisma, as the database role of this process (web or worker). The pool is made on first
 * use; nothing read from it is kept between requests.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from '#lib/generated/prisma/client.ts';

export type Tx = Prisma.TransactionClient;

/** Connection string of this process's own role. @throws Error when the supervisor gave none */
export function databaseUrl(): string {
  const url =
    process.env.ASSAY_DB_WEB_URL ??
    process.env.ASSAY_DB_WORKER_URL ??
    process.env.ASSAY_DB_VAULT_URL ??
    process.env.ASSAY_DB_URL;
  if (!url) throw new Error('no database role was given to this process; start it with npm start');
  return url;
}

type Handles = { prisma: PrismaClient; pool: pg.Pool };
const handles = globalThis as typeof globalThis & { assayDb?: Handles };

function open(): Handles {
  if (!handles.assayDb) {
    const pool = new pg.Pool({ connectionString: databaseUrl(), max: 12, idleTimeoutMillis: 10_000 });
    // An idle client that the server closed must not end the process; the next query opens another.
    pool.on('error', () => {});
    handles.assayDb = { pool, prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) };
  }
  return handles.assayDb;
}

export const db = (): PrismaClient => open().prisma;
/** For COPY, row streams and statements Prisma can't say. */
export const pool = (): pg.Pool => open().pool;

/** One transaction; everything in it commits together with its ledger entries. */
export const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  db().$transaction(work, { maxWait: 10_000, timeout: 60_000 });

/** Closes the pool, for tests and orderly shutdown. */
export async function closeDb(): Promise<void> {
  const open = handles.assayDb;
  handles.assayDb = undefined;
  if (open) {
    await open.prisma.$disconnect();
    await open.pool.end().catch(() => {});
  }
}
