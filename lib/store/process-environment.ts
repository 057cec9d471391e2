import { type ServingRole, servingRoles } from './database-roles.ts';
import { type Settings, testDoors } from './env.ts';
import { type KeyRing, keysHeldBy, keyVariable } from './keys.ts';

/** Of the shell's environment a serving process gets these and no others: no owner's address, no other role's, no stray secret. */
const passedOn = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];

export type ProcessEnvironment = Record<string, string> & { NODE_ENV: 'production' };

export interface ProcessGift {
  settings: Settings;
  /** at least the keys that this role holds */
  ring: Partial<KeyRing>;
  /** of this role */
  databaseUrl: string;
  vaultSocket: string;
}

/** The whole environment of one serving process. */
export function processEnvironment(
  role: ServingRole,
  { settings, ring, databaseUrl, vaultSocket }: ProcessGift,
  shell: Record<string, string | undefined>,
): ProcessEnvironment {
  const keys = keysHeldBy(role).map((name) => [keyVariable(name), ring[name]]);
  const web = [
    ['PORT', String(settings.port)],
    ['HOSTNAME', settings.host],
    ['NEXTAUTH_URL', settings.url],
    ['NEXTAUTH_SECRET', ring['session-secret']],
    ['ASSAY_SECRET', ring['session-secret']],
    ['ASSAY_OIDC_ISSUER', settings.oidc?.issuer],
    ['ASSAY_OIDC_CLIENT_ID', settings.oidc?.clientId],
    ['ASSAY_OIDC_CLIENT_SECRET', settings.oidc?.clientSecret],
    ['ASSAY_SSO_ONLY', settings.ssoOnly ? '1' : ''],
  ];
  const detectors = [
    ['ASSAY_ANALYZER_URL', settings.analyzerUrl],
    ['ASSAY_ANALYZER_LANGUAGE', settings.analyzerUrl === undefined ? '' : settings.analyzerLanguage],
    ['ASSAY_ONNX_MODEL', settings.onnxModel],
  ];
  const all: (string | undefined)[][] = [
    ...passedOn.map((name) => [name, shell[name]]),
    ...(settings.test ? testDoors.map((name) => [name, shell[name]]) : []),
    ...keys,
    ...(role === 'web' ? web : []),
    ...(role === 'worker' ? detectors : []),
    ...(role === 'vault' ? [] : [['ASSAY_VAULT_TOKEN', ring[`vault-${role}.token`]]]),
    ['TZ', 'UTC'],
    ['NEXT_TELEMETRY_DISABLED', '1'],
    ['HOST', settings.host],
    ['ASSAY_ROLE', role],
    ['ASSAY_URL', settings.url],
    ['ASSAY_DATA', settings.dataDir],
    ['ASSAY_CHECKPOINT_DIR', settings.checkpointDir],
    ['ASSAY_VAULT_SOCKET', vaultSocket],
    [databaseVariable(role), databaseUrl],
    ['ASSAY_DEMO', settings.demo ? '1' : ''],
    ['ASSAY_DEMO_REVIEWERS', String(settings.demoReviewers)],
    ['ASSAY_WORKERS', String(settings.workers)],
    ['ASSAY_MAX_UPLOAD', String(settings.maxUploadBytes)],
    ['ASSAY_MAX_EXPANDED', String(settings.maxExpandedBytes)],
    ['ASSAY_OTLP_SETTLE', String(settings.otlpSettleSeconds)],
    ['ASSAY_OTLP_IDLE', String(settings.otlpIdleSeconds)],
    ['ASSAY_LOG_LEVEL', settings.logLevel],
    ['ASSAY_TEST', settings.test ? '1' : ''],
  ];
  const set = Object.fromEntries(all.filter((pair): pair is [string, string] => Boolean(pair[1])));
  return { ...set, NODE_ENV: 'production' };
}

/** @returns `ASSAY_DB_WEB_URL`, `ASSAY_DB_WORKER_URL` or `ASSAY_DB_VAULT_URL` */
export function databaseVariable(role: ServingRole): string {
  return `ASSAY_DB_${role.toUpperCase()}_URL`;
}

/** Every variable that may hold one role's address, for code that must take them away. */
export const databaseVariables = servingRoles.map(databaseVariable);
