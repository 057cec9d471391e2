/** What `--config FILE` of `assay detect` and `assay redact` may say. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { compileDictionary } from '#lib/core/pii/dictionary.ts';
import type { RedactionConfig } from '#lib/core/pii/redact.ts';
import { PII_TYPE_NAMES, type PiiType } from '#lib/core/pii/taxonomy.ts';
import { Refusal, UsageError } from './command.ts';

const TypeName = z.enum(PII_TYPE_NAMES as [PiiType, ...PiiType[]]);
const Entry = z.strictObject({
  id: z.string().optional(),
  value: z.string().min(1),
  type: TypeName.default('CONFIDENTIAL'),
  mode: z.enum(['exact', 'folded', 'word']).default('word'),
  aliases: z.array(z.string().min(1)).optional(),
});
const ConfigFile = z.strictObject({
  dictionary: z
    .union([z.array(Entry), z.strictObject({ version: z.int().min(0).default(1), entries: z.array(Entry) })])
    .optional(),
  pathRules: z
    .strictObject({ mask: z.array(z.string()).default([]), keep: z.array(z.string()).default([]) })
    .optional(),
  quasi: z.partialRecord(TypeName, z.enum(['mask', 'keep'])).optional(),
});

/** Pure commands have no key, and print no ids made with one: values tell themselves apart. */
const keyOf = (type: PiiType, normalised: string): string => `${type}:${normalised}`;

/** @throws Refusal naming the place, never the value, when the file is no such configuration */
export async function readDetectorConfig(path: string | undefined): Promise<RedactionConfig> {
  if (path === undefined) return { dictionary: compileDictionary([], 0), keyOf };
  const parsed = ConfigFile.safeParse(await readJson(path));
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => `/${issue.path.map(String).join('/')}: ${issue.code}`);
    throw new Refusal(`the configuration is refused: ${places.slice(0, 5).join(', ')}`);
  }
  const { dictionary, pathRules, quasi } = parsed.data;
  const { version, entries } = Array.isArray(dictionary)
    ? { version: 1, entries: dictionary }
    : (dictionary ?? { version: 0, entries: [] });
  const named = entries.map((entry, i) => ({ ...entry, id: entry.id ?? String(i + 1), aliases: entry.aliases ?? [] }));
  return {
    dictionary: compileDictionary(named, version),
    keyOf,
    ...(pathRules === undefined ? {} : { pathRules }),
    ...(quasi === undefined ? {} : { quasi }),
  };
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(`the configuration can't be read (${error.code})`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('the configuration is not JSON');
  }
}

export function readTier(value: string | undefined): 'auto' | 'suggest' | undefined {
  if (value === undefined || value === 'auto' || value === 'suggest') return value;
  throw new UsageError('--tier is auto or suggest');
}
