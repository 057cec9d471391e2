/** What the docs promise to list, they list; what code and docs point at, is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable } from '#lib/cli/command-table.ts';
import { RULES } from '#lib/core/export/findings.ts';
import { CONFIGS, EXPORTED_TAGS, REFUSALS } from '#lib/core/export/row.ts';
import { QUARANTINE_REASONS } from '#lib/core/ingest/adapter.ts';
import { ADAPTERS } from '#lib/core/ingest/adapters/table.ts';
import { PII_TYPE_NAMES, PII_TYPES } from '#lib/core/pii/taxonomy.ts';
import { LEVELS } from '#lib/core/tag/level.ts';
import { testDoors, variables } from '#lib/store/env.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const page = (name: string): string => read(`docs/${name}.md`);

function* filesUnder(folder: string, ending: RegExp): Generator<string> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'generated' && entry.name !== 'node_modules') yield* filesUnder(file, ending);
    } else if (ending.test(entry.name)) yield file;
  }
}

/** Those of `names` that a page does not hold as code. */
const missingFrom = (text: string, names: Iterable<string>): string[] =>
  [...names].filter((name) => !text.includes(`\`${name}\``));

/** Keys of a row, of its messages and calls, and of what its `meta_json` holds; arguments and schemas are the log's. */
function* fieldsOf(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* fieldsOf(item);
  else if (typeof value === 'object' && value !== null)
    for (const [key, held] of Object.entries(value)) {
      yield key;
      if (key === 'meta_json') yield* Object.keys(JSON.parse(held as string) as object);
      else if (key === 'ground_truth' || key === 'arguments' || key === 'parameters') continue;
      else yield* fieldsOf(held);
    }
}

describe('docs/privacy.md', () => {
  it('has every PII type with its class', () => {
    const rows = page('privacy').split('\n');
    const wrong = PII_TYPE_NAMES.filter(
      (type) => !rows.some((row) => row.startsWith(`| \`${type}\` | ${PII_TYPES[type].class} |`)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  it('has every setting', () => {
    expect(missingFrom(page('operations'), [...Object.keys(variables), ...testDoors])).toEqual([]);
  });
});

describe('docs/exports.md', () => {
  it('has every field of every kind of row', () => {
    const rows = [...filesUnder('lib/core/export/fixtures', /\.jsonl$/)].flatMap((file) =>
      read(file)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as unknown),
    );
    expect(rows.length).toBeGreaterThan(4);
    expect(missingFrom(page('exports'), new Set(rows.flatMap((row) => [...fieldsOf(row)])))).toEqual([]);
  });

  it('has every config, exported tag, reason of refusal and code of the validator', () => {
    const names = [...CONFIGS, ...EXPORTED_TAGS, ...REFUSALS, ...Object.keys(RULES)];
    expect(missingFrom(page('exports'), names)).toEqual([]);
  });
});

describe('docs/formats.md', () => {
  it('has every adapter, every reason of quarantine and every level', () => {
    const text = page('formats');
    expect(missingFrom(text, [...ADAPTERS.map(({ name }) => name), ...QUARANTINE_REASONS])).toEqual([]);
    expect(LEVELS.filter((level) => !text.includes(`| ${level} |`))).toEqual([]);
  });
});

describe('README.md', () => {
  it('has every command that is there, and none that is not', () => {
    const text = read('README.md');
    const isThere = (name: string): boolean => existsSync(path.join(root, 'lib/cli/commands', `${name}.ts`));
    const named = Object.keys(commandTable).filter((name) => text.includes(`| \`${name}`));
    expect(named.sort()).toEqual(Object.keys(commandTable).filter(isThere).sort());
  });
});

describe('what is pointed at', () => {
  const code = ['lib', 'app', 'components', 'scripts', 'prisma', 'e2e'];
  const sources = code.flatMap((folder) => [...filesUnder(folder, /\.(?:tsx?|mjs|sql|prisma|css)$/)]);

  it('by comments in code, is a page that exists', () => {
    const broken = [...sources, 'proxy.ts'].flatMap((file) =>
      [...read(file).matchAll(/\bdocs\/[\w./-]+\.(?:md|ts|png|svg)\b/g)]
        .filter(([cited]) => !existsSync(path.join(root, cited)))
        .map(([cited]) => `${file}: ${cited}`),
    );
    expect(broken).toEqual([]);
  });

  it('by links and paths in the docs, exists', () => {
    const pages = ['README.md', 'CHANGELOG.md', ...filesUnder('docs', /\.md$/)];
    const broken = pages.flatMap((file) => {
      const text = read(file);
      const links = [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1]!)
        .filter((to) => !/^[a-z]+:/.test(to))
        .filter((to) => !existsSync(path.join(root, path.dirname(file), to)));
      const paths = [...text.matchAll(/`((?:lib|app|components|scripts|prisma|docs|e2e)\/[\w./()[\]-]+\.\w+)`/g)]
        .map((match) => match[1]!)
        .filter((to) => !existsSync(path.join(root, to)));
      return [...links, ...paths].map((to) => `${file}: ${to}`);
    });
    expect(broken).toEqual([]);
  });

  it('as a decision, has a number of its own', () => {
    const numbers = [...filesUnder('docs/decisions', /\.md$/)].map((file) => path.basename(file).slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('Redacted', () => {
  it('is minted where redaction just ran, restored by the store, and nowhere else', () => {
    const callers = [...filesUnder('lib', /\.tsx?$/), ...filesUnder('app', /\.tsx?$/)]
      .filter((file) => !/\.test\.tsx?$|\/fixtures\/|\/testing\//.test(file))
      .filter((file) => /\b(?:mintRedacted|restoreRedacted)\s*[<(]/.test(read(file)))
      .filter((file) => file !== 'lib/core/trajectory/redacted.ts');
    expect(callers.sort()).toEqual(['lib/core/pii/pseudonymise.ts', 'lib/store/units.ts']);
  });
});
