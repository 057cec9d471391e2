import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffSchemas } from './schema-diff.ts';

const head = 'datasource db {\n  provider = "postgresql"\n}\n';
const one = `${head}model Probe {\n  id Int @id\n  @@map("probe")\n}\n`;
const two = `${head}model Probe {\n  id   Int     @id\n  note String?\n  @@map("probe")\n}\n`;

describe('a new migration', () => {
  it('is the difference of two schema files, without a database', async () => {
    expect(await diffSchemas(null, one)).toContain('CREATE TABLE "probe"');
    expect(await diffSchemas(one, two)).toContain('ALTER TABLE "probe" ADD COLUMN     "note" TEXT');
  });

  it('is empty when nothing changed', async () => {
    expect(await diffSchemas(two, two)).toMatch(/^(-- This is an empty migration\.)?\s*$/);
  });
});

describe('the prisma wrapper', () => {
  it.each(['migrate', 'db', 'studio'])('refuses `%s`, which would fetch a native engine', (command) => {
    const run = spawnSync(process.execPath, [path.resolve('scripts/prisma.ts'), command, 'deploy'], {
      encoding: 'utf8',
    });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('native engine');
  });
});
