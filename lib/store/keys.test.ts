import { sign, verify } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { servingRoles } from './database-roles.ts';
import {
  ensureKeys,
  heldKey,
  heldText,
  KeyError,
  keyNames,
  keysHeldBy,
  keyVariable,
  readKeys,
  signingKey,
} from './keys.ts';
import { isPublished } from './published-secret.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-keys-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));
const file = (name: string) => path.join(folder, name);

describe('the key folder', () => {
  it('is made with one 0600 file a key, in a 0700 folder, and kept at the next start', () => {
    const first = ensureKeys(folder, false);
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of keyNames) expect(fs.statSync(file(name)).mode & 0o777, name).toBe(0o600);
    expect(ensureKeys(folder, true)).toEqual(first);
    expect(new Set(Object.values(first)).size).toBe(keyNames.length);
  });

  it('refuses two equal keys, a short one, one without chance in it, and one that others can read', () => {
    ensureKeys(folder, false);
    const kek = fs.readFileSync(file('vault-kek'), 'utf8');
    fs.writeFileSync(file('index'), kek);
    expect(() => ensureKeys(folder, true)).toThrow(/vault-kek and index are equal/);
    fs.writeFileSync(file('index'), 'c2hvcnQ');
    expect(() => ensureKeys(folder, true)).toThrow(/index is too short/);
    fs.writeFileSync(file('index'), Buffer.alloc(32, 7).toString('base64url'));
    expect(() => ensureKeys(folder, true)).toThrow(/index is not random/);
    fs.writeFileSync(file('index'), kek.split('').reverse().join(''));
    fs.chmodSync(file('index'), 0o644);
    expect(() => ensureKeys(folder, true)).toThrow(/open to others/);
  });

  it('never repeats a key in its refusals', () => {
    ensureKeys(folder, false);
    fs.writeFileSync(file('signing'), 'canary-4711');
    expect(() => ensureKeys(folder, true)).toThrow(KeyError);
    expect(() => ensureKeys(folder, true)).not.toThrow(/canary/);
  });

  it('does not replace a lost vault key of a store that exists, and does replace a lost session secret', () => {
    ensureKeys(folder, false);
    fs.rmSync(file('session-secret'));
    expect(ensureKeys(folder, true)['session-secret']).toHaveLength(43);
    fs.rmSync(file('vault-kek'));
    expect(() => ensureKeys(folder, true)).toThrow(/vault-kek/);
    expect(fs.existsSync(file('vault-kek'))).toBe(false);
  });

  it('lets a host with one role have only that role’s files', () => {
    ensureKeys(folder, false);
    for (const name of keyNames) if (!keysHeldBy('web').includes(name)) fs.rmSync(file(name));
    expect(Object.keys(readKeys(folder, keysHeldBy('web')))).toEqual(keysHeldBy('web'));
    expect(() => readKeys(folder, keysHeldBy('vault'))).toThrow(/vault-kek is missing/);
  });
});

describe('who holds which key', () => {
  it('keeps the vault key with the vault process alone, and every password of the database from all', () => {
    expect(servingRoles.filter((role) => keysHeldBy(role).includes('vault-kek'))).toEqual(['vault']);
    for (const role of servingRoles) expect(keysHeldBy(role).join()).not.toContain('password');
    expect(keysHeldBy('web').sort()).toEqual(['session-secret', 'vault-web.token']);
  });

  it('hands a process its keys by variable and refuses the others', () => {
    const ring = ensureKeys(folder, false);
    const env = { [keyVariable('index')]: ring.index, [keyVariable('signing')]: ring.signing } as NodeJS.ProcessEnv;
    expect(heldKey('index', env)).toHaveLength(32);
    expect(() => heldText('vault-kek', env)).toThrow(/does not hold the key vault-kek/);
    const { privateKey, publicKey } = signingKey(env);
    const bytes = Buffer.from('manifest');
    expect(verify(null, bytes, publicKey, sign(null, bytes, privateKey))).toBe(true);
  });
});

describe('a secret from outside', () => {
  it('is found in the repository, and not in the data folder', () => {
    fs.mkdirSync(file('data'));
    fs.writeFileSync(file('data/notes'), 'a-secret-that-someone-wrote-down');
    expect(isPublished('a-secret-that-someone-wrote-down', folder, [file('data')])).toBe(false);
    fs.writeFileSync(file('.env.example'), 'ASSAY_SECRET=a-secret-that-someone-wrote-down\n');
    expect(isPublished('a-secret-that-someone-wrote-down', folder, [file('data')])).toBe(true);
  });
});
