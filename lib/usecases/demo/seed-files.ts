/** The invented company's logs, and what is planted in them. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { PII_TYPE_NAMES } from '#lib/core/pii/taxonomy.ts';

const folder = fileURLToPath(new URL('../../../prisma/seed', import.meta.url));

export const SeedValue = z.strictObject({
  /** name of the log */
  file: z.string(),
  /** which of its records says the value first, from 1 */
  record: z.int().min(1),
  value: z.string().min(2),
  type: z.enum(PII_TYPE_NAMES),
  /** `missed`: today's detector leaves it in, so that an audit has something to find */
  expected: z.enum(['found', 'missed']),
});
export type SeedValue = z.infer<typeof SeedValue>;

/** In the order in which they are imported. */
export function listSeedLogs(): { name: string; file: string }[] {
  const logs = path.join(folder, 'logs');
  return fs
    .readdirSync(logs)
    .sort()
    .map((name) => ({ name, file: path.join(logs, name) }));
}

export const readAnswerKey = (): SeedValue[] =>
  z.array(SeedValue).parse(JSON.parse(fs.readFileSync(path.join(folder, 'answer-key.json'), 'utf8')));
