import path from 'node:path';
import { z } from 'zod';
import type { ServingRole } from './database-roles.ts';

/** The settings of a start (docs/operations.md lists them; a test holds the two together). */
export interface Settings {
  port: number;
  host: string;
  /** the one public origin, without a trailing slash */
  url: string;
  /** absolute */
  dataDir: string;
  keysDir: string;
  checkpointDir: string;
  /** an outside Postgres; undefined: the embedded one */
  databaseUrl?: string;
  /** session secret handed in from outside */
  secret?: string;
  demo: boolean;
  demoReviewers: number;
  workers: number;
  maxUploadBytes: number;
  maxExpandedBytes: number;
  /** seconds of quiet after which a finished trace, or any other group of telemetry, becomes an import */
  otlpSettleSeconds: number;
  otlpIdleSeconds: number;
  /** a detector behind HTTP in Presidio's shape, and the language it is asked in */
  analyzerUrl?: string;
  analyzerLanguage: string;
  /** a folder with a token classifier of the operator's, absolute */
  onnxModel?: string;
  oidc?: { issuer: string; clientId: string; clientSecret: string };
  ssoOnly: boolean;
  logLevel: string;
  /** opens the test doors */
  test: boolean;
}

const gib = 1024 ** 3;
const flag = z
  .enum(['', '0', '1'], { error: 'is 1 (on) or 0 (off)' })
  .default('0')
  .transform((value) => value === '1');
const wholeNumber = (low: number, high: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `is a whole number from ${low} to ${high}`)
    .transform(Number)
    .refine((value) => value >= low && value <= high, `is a whole number from ${low} to ${high}`)
    .default(fallback);
const bytes = (fallback: number) => wholeNumber(1, 1024 * gib, fallback);
const httpUrl = z.url({ protocol: /^https?$/, error: 'is an http or https address' });

/** Every variable that Assay reads, each with its rule; messages never repeat a value. */
export const variables = {
  PORT: wholeNumber(1, 65_535, 3000),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'is a host name or an IP address')
    .default('127.0.0.1'),
  ASSAY_URL: httpUrl
    .refine(
      (value) => /^\/?$/.test(new URL(value).pathname) && !/[?#@]/.test(value),
      'is an origin: no path, query or user',
    )
    .optional(),
  ASSAY_DATA: z.string().min(1).default('./.assay'),
  ASSAY_KEYS: z.string().min(1).optional(),
  ASSAY_CHECKPOINT_DIR: z.string().min(1).optional(),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'is a postgresql:// address' })
    .refine((value) => new URL(value).pathname.length > 1, 'names a database after the host')
    .optional(),
  ASSAY_SECRET: z
    .string()
    .refine((value) => Buffer.byteLength(value) >= 32, 'has at least 32 bytes')
    .refine((value) => new Set(value).size >= 16, 'has at least 16 distinct characters')
    .optional(),
  ASSAY_DEMO: flag,
  ASSAY_DEMO_REVIEWERS: wholeNumber(1, 200, 3),
  ASSAY_WORKERS: wholeNumber(1, 64, 1),
  ASSAY_MAX_UPLOAD: bytes(2 * gib),
  ASSAY_MAX_EXPANDED: bytes(8 * gib),
  ASSAY_OTLP_SETTLE: wholeNumber(1, 3600, 20),
  ASSAY_OTLP_IDLE: wholeNumber(1, 86_400, 300),
  ASSAY_ANALYZER_URL: httpUrl
    .refine((value) => !/[?#@]/.test(value), 'is an address without query and user')
    .optional(),
  ASSAY_ANALYZER_LANGUAGE: z
    .string()
    .regex(/^[a-z]{2}$/, 'is a language code of two letters')
    .default('en'),
  ASSAY_ONNX_MODEL: z.string().min(1).optional(),
  ASSAY_OIDC_ISSUER: httpUrl.optional(),
  ASSAY_OIDC_CLIENT_ID: z.string().min(1).optional(),
  ASSAY_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  ASSAY_SSO_ONLY: flag,
  ASSAY_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'is debug, info, warn, error or silent' })
    .default('info'),
  ASSAY_TEST: flag,
} as const;

const Variables = z.object(variables);

/** Variables of the test doors: handed on to the processes only with `ASSAY_TEST=1` (docs/operations.md). */
export const testDoors = ['ASSAY_FAILPOINTS', 'ASSAY_CLOCK', 'ASSAY_SEED'] as const;

/** Why the start is refused: one sentence a line, no values. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/**
 * @param env the environment; an empty variable counts as not set
 * @param cwd what relative folders are relative to
 * @throws SettingsError with every reason at once
 */
export function readSettings(env: Record<string, string | undefined>, cwd: string): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in variables && value !== ''));
  const parsed = Variables.safeParse(given);
  if (!parsed.success) {
    throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'));
  }
  const v = parsed.data;
  const dataDir = path.resolve(cwd, v.ASSAY_DATA);
  const reasons = [
    ...(v.ASSAY_DEMO && !isLoopback(v.HOST) ? ['ASSAY_DEMO=1 is refused: HOST is not a loopback address'] : []),
    ...(v.ASSAY_TEST && !isLoopback(v.HOST) ? ['ASSAY_TEST=1 is refused: HOST is not a loopback address'] : []),
    ...oidcReasons(v),
  ];
  if (reasons.length) throw new SettingsError(reasons.join('\n'));
  return {
    port: v.PORT,
    host: v.HOST,
    url: new URL(v.ASSAY_URL ?? `http://${v.HOST.includes(':') ? `[${v.HOST}]` : v.HOST}:${v.PORT}`).origin,
    dataDir,
    keysDir: v.ASSAY_KEYS ? path.resolve(cwd, v.ASSAY_KEYS) : path.join(dataDir, 'keys'),
    checkpointDir: v.ASSAY_CHECKPOINT_DIR
      ? path.resolve(cwd, v.ASSAY_CHECKPOINT_DIR)
      : path.join(dataDir, 'checkpoints'),
    databaseUrl: v.DATABASE_URL,
    secret: v.ASSAY_SECRET,
    demo: v.ASSAY_DEMO,
    demoReviewers: v.ASSAY_DEMO_REVIEWERS,
    workers: v.ASSAY_WORKERS,
    maxUploadBytes: v.ASSAY_MAX_UPLOAD,
    maxExpandedBytes: v.ASSAY_MAX_EXPANDED,
    otlpSettleSeconds: v.ASSAY_OTLP_SETTLE,
    otlpIdleSeconds: v.ASSAY_OTLP_IDLE,
    analyzerUrl: v.ASSAY_ANALYZER_URL,
    analyzerLanguage: v.ASSAY_ANALYZER_LANGUAGE,
    onnxModel: v.ASSAY_ONNX_MODEL === undefined ? undefined : path.resolve(cwd, v.ASSAY_ONNX_MODEL),
    oidc:
      v.ASSAY_OIDC_ISSUER && v.ASSAY_OIDC_CLIENT_ID && v.ASSAY_OIDC_CLIENT_SECRET
        ? { issuer: v.ASSAY_OIDC_ISSUER, clientId: v.ASSAY_OIDC_CLIENT_ID, clientSecret: v.ASSAY_OIDC_CLIENT_SECRET }
        : undefined,
    ssoOnly: v.ASSAY_SSO_ONLY,
    logLevel: v.ASSAY_LOG_LEVEL,
    test: v.ASSAY_TEST,
  };
}

function oidcReasons(v: z.infer<typeof Variables>): string[] {
  const parts = [v.ASSAY_OIDC_ISSUER, v.ASSAY_OIDC_CLIENT_ID, v.ASSAY_OIDC_CLIENT_SECRET].filter(Boolean).length;
  if (parts !== 0 && parts !== 3)
    return ['ASSAY_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET are set together or not at all'];
  // Fail closed: until single sign-on is built, nothing may promise that passwords are off.
  if (v.ASSAY_SSO_ONLY) return ['ASSAY_SSO_ONLY=1 is refused: this version signs people in by password only'];
  return [];
}

/** 127.0.0.0/8, ::1 and localhost: nobody else on the network can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** What a serving process was started with: its own variables, as the supervisor set them (`processEnvironment`). */
export interface ProcessSettings {
  role: ServingRole;
  url: string;
  dataDir: string;
  checkpointDir: string;
  vaultSocket: string;
  demo: boolean;
  demoReviewers: number;
  maxUploadBytes: number;
  maxExpandedBytes: number;
  test: boolean;
}

/** Settings of this serving process. @throws SettingsError outside of one */
export function processSettings(env: Record<string, string | undefined> = process.env): ProcessSettings {
  const role = env.ASSAY_ROLE as ServingRole | undefined;
  if (!role || !env.ASSAY_VAULT_SOCKET)
    throw new SettingsError('this process was not started by `npm start` or `assay`');
  const settings = readSettings(env, process.cwd());
  return { ...settings, role, vaultSocket: env.ASSAY_VAULT_SOCKET };
}
