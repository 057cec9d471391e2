// `node scripts/schema-diff.ts [OLD|-] [NEW]`: the SQL that leads from one schema file to the next, without a database and without a native engine.
// OLD is the committed prisma/schema.prisma when not named, `-` the empty schema; NEW the one in the working tree.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';

/** What the package's own loader does with `import … from './x.wasm'`, which Node does not take. */
interface Bindings {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

let loaded: Promise<typeof engineModule> | undefined;

async function loadEngine(): Promise<typeof engineModule> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const bytes = fs.readFileSync(path.join(folder, 'schema_engine_bg.wasm'));
  const imports = { './schema_engine_bg.js': engineModule as unknown as WebAssembly.ModuleImports };
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  (engineModule as unknown as Bindings).__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return engineModule;
}

const noDatabase = async (): Promise<never> => {
  throw new Error('no database here');
};

/** The engine asks a database only for its version before it compares two files; any other question would be a fault. */
const adapter: SqlDriverAdapter = {
  provider: 'postgres',
  adapterName: 'none',
  dispose: async () => {},
  executeScript: noDatabase,
  startTransaction: noDatabase,
  executeRaw: noDatabase,
  getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
  queryRaw: async () => ({
    columnNames: ['exists', 'version', 'numeric_version'],
    columnTypes: [5, 7, 0],
    rows: [[true, 'PostgreSQL 17.0', 170000]],
  }),
};
const factory: SqlMigrationAwareDriverAdapterFactory = {
  provider: 'postgres',
  adapterName: 'none',
  connect: async () => adapter,
  connectToShadowDb: noDatabase,
};

/**
 * @param before text of a schema.prisma, or null for an empty database
 * @returns SQL; a comment alone when nothing changed
 */
export async function diffSchemas(before: string | null, after: string): Promise<string> {
  loaded ??= loadEngine();
  const { SchemaEngine } = await loaded;
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', after]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  const model = (content: string) => ({ tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] });
  const { stdout } = await engine.diff({
    from: before === null ? { tag: 'empty' } : model(before),
    to: model(after),
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout ?? '';
}

if (import.meta.main) {
  const [before, after = 'prisma/schema.prisma'] = process.argv.slice(2);
  const committed = () => spawnSync('git', ['show', 'HEAD:prisma/schema.prisma'], { encoding: 'utf8' }).stdout;
  const old = before === '-' ? null : before ? fs.readFileSync(before, 'utf8') : committed();
  process.stdout.write(await diffSchemas(old, fs.readFileSync(after, 'utf8')));
  process.exit(0);
}
