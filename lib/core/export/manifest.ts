/**
 * `manifest.json`: what a release is, and the SHA-256 of each of its files (docs/exports.md). Canonical JSON (RFC 8785),
 * so that the same release has the same bytes, with one LF behind; the signature is over exactly these bytes.
 */
import { z } from 'zod';
import { sha256 } from '../trajectory/hash.ts';
import { canonicalJson } from '../trajectory/json.ts';
import { CONFIGS, LEVELS, SPLITS } from './row.ts';

export const MANIFEST_SCHEMA = 'assay.release/1';
export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.sig';
export const SUMS_FILE = 'SHA256SUMS';
export const TOMBSTONES_FILE = 'tombstones.jsonl';
/** These say what the others are, so the manifest does not list them. */
export const UNLISTED: ReadonlySet<string> = new Set([MANIFEST_FILE, SIGNATURE_FILE, SUMS_FILE]);

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.number().int().min(0);
/** Relative, with forward slashes, and never out of the folder. */
const FilePath = z
  .string()
  .refine(
    (path) =>
      path !== '' &&
      !path.split('/').some((part) => part === '' || part === '.' || part === '..') &&
      !path.includes('\\'),
  );
const Share = z.number().min(0).max(1);

export const FileEntry = z.object({
  path: FilePath,
  sha256: Sha256,
  bytes: Count,
  rows: Count.optional(),
  config: z.enum(CONFIGS).optional(),
  split: z.enum(SPLITS).optional(),
  level: z.enum(LEVELS).optional(),
});
export type FileEntry = z.infer<typeof FileEntry>;

export const Manifest = z.object({
  schema: z.literal(MANIFEST_SCHEMA),
  release: z.object({
    id: z.string().min(1),
    number: z.number().int().min(1),
    name: z.string(),
    createdAt: z.iso.datetime(),
    predecessor: z.string().optional(),
  }),
  pipeline: z.object({ version: z.string(), gitSha: z.string(), lockSha256: z.string() }),
  purpose: z.string(),
  recipient: z.string(),
  consentBasis: z.string(),
  retention: z.object({ expiresAt: z.iso.datetime() }),
  register: z.array(z.string()),
  files: z.array(FileEntry),
  configs: z.array(
    z.object({ name: z.enum(CONFIGS), kind: z.enum(['sft', 'dpo']), splits: z.partialRecord(z.enum(SPLITS), Count) }),
  ),
  render: z.object({ date: z.string() }).optional(),
  targets: z.array(z.looseObject({ name: z.string() })).optional(),
  split: z.looseObject({ seed: Sha256, shares: z.partialRecord(z.enum(SPLITS), Share), violations: z.literal(0) }),
  redaction: z.looseObject({
    policy: z.string(),
    codeVersion: z.string(),
    measured: z.array(z.looseObject({ class: z.string(), upper95: Share.nullable() })),
    finalScan: z.looseObject({ hits: z.literal(0) }),
  }),
  pairs: z.looseObject({}).optional(),
  coverage: z.looseObject({}).optional(),
  kReport: z.looseObject({}).optional(),
  approvals: z.array(z.object({ person: z.string(), role: z.string(), at: z.iso.datetime() })),
  waivers: z.array(z.object({ gate: z.string(), reason: z.string(), by: z.string() })),
  ledger: z.object({ seq: Count, hash: z.string() }),
  withdrawals: z.object({ version: Count, count: Count }),
  keyId: z.string().min(1),
});
export type Manifest = z.infer<typeof Manifest>;

/** @throws ZodError when the release's facts do not make a manifest: a bug of the caller, seen before it is signed */
export function manifestText(manifest: Manifest): string {
  const { files, ...rest } = Manifest.parse(manifest);
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return `${canonicalJson({ ...rest, files: sorted })}\n`;
}

export type ManifestReading = { ok: true; manifest: Manifest } | { ok: false; why: string };

export function readManifest(bytes: Uint8Array): ManifestReading {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return { ok: false, why: 'it is no JSON' };
  }
  const parsed = Manifest.safeParse(value);
  if (parsed.success) return { ok: true, manifest: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, why: `field ${issue?.path.join('.') || '(all)'} is missing or of another form` };
}

/** Coreutils form, over every file but itself, sorted by path. Tombstones grow later: their line is that of the empty file. */
export function sumsText(files: readonly { path: string; sha256: string }[]): string {
  const lines = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return lines.map(({ path, sha256: sum }) => `${sum}  ${path}\n`).join('');
}

export const SHA256_OF_NOTHING = sha256('');
