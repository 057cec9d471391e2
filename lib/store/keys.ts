import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { ServingRole } from './database-roles.ts';

/** What each key file is, who holds it while serving, and whether its loss may be mended by a new one. */
interface KeyKind {
  holders: ServingRole[];
  /** true: old data stays readable with a new one */
  replaceable: boolean;
  form?: 'ed25519';
}

export const keyKinds = {
  /** signs the session cookie; replacing it signs everybody out */
  'session-secret': { holders: ['web'], replaceable: true },
  /** wraps the keys of the vault's records */
  'vault-kek': { holders: ['vault'], replaceable: false },
  /** these three are roots: the vault derives each project's own keys from them for the worker. Keyed index over identifiers of people */
  index: { holders: ['vault'], replaceable: false },
  /** decides which side of a split a cluster lands on */
  split: { holders: ['vault'], replaceable: false },
  /** root of the placeholders' numbering keys */
  pseudonym: { holders: ['vault'], replaceable: false },
  /** signs releases and ledger checkpoints */
  signing: { holders: ['worker'], replaceable: false, form: 'ed25519' },
  /** what web and worker show at the vault's door */
  'vault-web.token': { holders: ['web', 'vault'], replaceable: true },
  'vault-worker.token': { holders: ['worker', 'vault'], replaceable: true },
  'db-admin.password': { holders: [], replaceable: false },
  'db-owner.password': { holders: [], replaceable: true },
  'db-web.password': { holders: [], replaceable: true },
  'db-worker.password': { holders: [], replaceable: true },
  'db-vault.password': { holders: [], replaceable: true },
} as const satisfies Record<string, KeyKind>;

export type KeyName = keyof typeof keyKinds;
export const keyNames = Object.keys(keyKinds) as KeyName[];
const kindOf = (name: KeyName): KeyKind => keyKinds[name];

/** File contents by name: base64url text, or PEM for the signing key. */
export type KeyRing = Record<KeyName, string>;

/** Why the keys can't be used: names files, never contents. */
export class KeyError extends Error {
  override name = 'KeyError';
}

const keyBytes = 32;

/**
 * Reads the key folder and makes what is missing (256 random bits each, mode 0600).
 * @param storeExists a store that was made with these keys: then a lost key is not silently replaced, because what it opened would stay shut for ever
 * @throws KeyError when files are short, equal, readable by others, or lost
 */
export function ensureKeys(folder: string, storeExists: boolean): KeyRing {
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, 0o700);
  const missing = keyNames.filter((name) => !fs.existsSync(path.join(folder, name)));
  const lost = missing.filter((name) => storeExists && !kindOf(name).replaceable);
  if (lost.length) {
    throw new KeyError(
      `the store was made with key files that are not there: ${lost.join(', ')}. Bring back the key folder`,
    );
  }
  for (const name of missing) writeKey(path.join(folder, name), freshKey(name));
  return readKeys(folder, keyNames) as KeyRing;
}

/**
 * Reads some keys of an existing folder (a host that runs one role has only that role's).
 * @throws KeyError as `ensureKeys`, also when one is missing
 */
export function readKeys(folder: string, names: readonly KeyName[]): Partial<KeyRing> {
  const ring: Partial<KeyRing> = {};
  for (const name of names) {
    const file = path.join(folder, name);
    if (!fs.existsSync(file)) throw new KeyError(`the key file ${name} is missing in the key folder`);
    if ((fs.statSync(file).mode & 0o077) !== 0)
      throw new KeyError(`the key file ${name} is open to others: \`chmod 600\` it`);
    ring[name] = fs.readFileSync(file, 'utf8').trim();
  }
  refuseWeak(ring);
  return ring;
}

function refuseWeak(ring: Partial<KeyRing>): void {
  const seen = new Map<string, string>();
  for (const [name, value] of Object.entries(ring)) {
    if (kindOf(name as KeyName).form === 'ed25519') assertEd25519(name, value);
    else if (Buffer.from(value, 'base64url').length < keyBytes) {
      throw new KeyError(`the key file ${name} is too short: it holds less than 256 bits`);
    } else if (new Set(Buffer.from(value, 'base64url')).size < 8) {
      throw new KeyError(`the key file ${name} is not random`);
    }
    const twin = seen.get(value);
    if (twin) throw new KeyError(`the key files ${twin} and ${name} are equal: each needs its own`);
    seen.set(value, name);
  }
}

function assertEd25519(name: string, pem: string): void {
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'ed25519') return;
  } catch {
    // said below
  }
  throw new KeyError(`the key file ${name} is not an ed25519 private key (PEM)`);
}

function freshKey(name: KeyName): string {
  if (kindOf(name).form !== 'ed25519') return randomBytes(keyBytes).toString('base64url');
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** Whole or not at all: a kill in the middle must not leave half a key. */
function writeKey(file: string, contents: string): void {
  const fresh = `${file}.new`;
  const handle = fs.openSync(fresh, 'w', 0o600);
  fs.writeSync(handle, `${contents.trim()}\n`);
  fs.fsyncSync(handle);
  fs.closeSync(handle);
  fs.renameSync(fresh, file);
}

/** The keys that this kind of process holds. */
export function keysHeldBy(role: ServingRole): KeyName[] {
  return keyNames.filter((name) => kindOf(name).holders.includes(role));
}

/** The environment variable in which a process is given a key: `vault-kek` is `ASSAY_KEY_VAULT_KEK`. */
export function keyVariable(name: KeyName): string {
  return `ASSAY_KEY_${name.toUpperCase().replaceAll(/[-.]/g, '_')}`;
}

/**
 * A key that this process holds, as bytes (32).
 * @throws KeyError when this kind of process is not given that key
 */
export function heldKey(name: Exclude<KeyName, 'signing'>, env: NodeJS.ProcessEnv = process.env): Buffer {
  return Buffer.from(heldText(name, env), 'base64url');
}

/** A token or password that this process holds, as text. @throws KeyError when it does not */
export function heldText(name: KeyName, env: NodeJS.ProcessEnv = process.env): string {
  const value = env[keyVariable(name)];
  if (!value) throw new KeyError(`this process does not hold the key ${name}`);
  return value;
}

/** The ed25519 pair that signs releases and checkpoints. @throws KeyError when this process does not hold it */
export function signingKey(env: NodeJS.ProcessEnv = process.env): { privateKey: KeyObject; publicKey: KeyObject } {
  const privateKey = createPrivateKey(heldText('signing', env));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}
