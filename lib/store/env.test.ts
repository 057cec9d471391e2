import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isLoopback, processSettings, readSettings, SettingsError, testDoors, variables } from './env.ts';

const read = (env: Record<string, string>) => readSettings(env, '/srv');
const goodSecret = 'abcdefghijklmnopqrstuvwxyz0123456789';

describe('the settings of a start', () => {
  it('need no variable at all: loopback, the data folder beside us, no demo, no test doors', () => {
    expect(read({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      url: 'http://127.0.0.1:3000',
      dataDir: '/srv/.assay',
      keysDir: '/srv/.assay/keys',
      checkpointDir: '/srv/.assay/checkpoints',
      databaseUrl: undefined,
      demo: false,
      test: false,
      workers: 1,
      maxUploadBytes: 2 * 1024 ** 3,
    });
  });

  it('take an empty variable for one that is not set', () => {
    expect(read({ PORT: '', ASSAY_DATA: '', ASSAY_SECRET: '' })).toMatchObject({ port: 3000, dataDir: '/srv/.assay' });
  });

  it('keep the keys where they are told, apart from the data', () => {
    expect(read({ ASSAY_DATA: 'data', ASSAY_KEYS: '/safe/keys' })).toMatchObject({
      dataDir: '/srv/data',
      keysDir: '/safe/keys',
    });
  });

  it('write an IPv6 host in brackets', () => {
    expect(read({ HOST: '::1', PORT: '8080' }).url).toBe('http://[::1]:8080');
  });

  it.each([
    [{ PORT: '0' }, 'PORT'],
    [{ PORT: '70000' }, 'PORT'],
    [{ PORT: '3000x' }, 'PORT'],
    [{ HOST: 'a b' }, 'HOST'],
    [{ ASSAY_URL: 'javascript:alert(1)' }, 'ASSAY_URL'],
    [{ ASSAY_URL: 'https://a.example/path' }, 'ASSAY_URL'],
    [{ ASSAY_URL: 'https://user@a.example' }, 'ASSAY_URL'],
    [{ DATABASE_URL: 'mysql://h/d' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'postgresql://h' }, 'DATABASE_URL'],
    [{ ASSAY_WORKERS: '0' }, 'ASSAY_WORKERS'],
    [{ ASSAY_DEMO_REVIEWERS: '201' }, 'ASSAY_DEMO_REVIEWERS'],
    [{ ASSAY_MAX_UPLOAD: '-1' }, 'ASSAY_MAX_UPLOAD'],
    [{ ASSAY_DEMO: 'yes' }, 'ASSAY_DEMO'],
    [{ ASSAY_SECRET: 'short' }, 'ASSAY_SECRET'],
    [{ ASSAY_SECRET: 'abcabcabcabcabcabcabcabcabcabcabcabcabc' }, 'ASSAY_SECRET'],
    [{ ASSAY_DEMO: '1', HOST: '0.0.0.0' }, 'ASSAY_DEMO'],
    [{ ASSAY_TEST: '1', HOST: '192.168.1.4' }, 'ASSAY_TEST'],
    [{ ASSAY_OIDC_ISSUER: 'https://id.example' }, 'ASSAY_OIDC'],
    [{ ASSAY_SSO_ONLY: '1' }, 'ASSAY_SSO_ONLY'],
  ])('refuse %o and name %s', (env, name) => {
    expect(() => read(env)).toThrow(SettingsError);
    expect(() => read(env)).toThrow(name);
  });

  it('say all reasons at once, and none of the values', () => {
    const env = { PORT: 'canary-4711', ASSAY_SECRET: 'canary-4711' };
    try {
      read(env);
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).toMatch(/PORT .*\nASSAY_SECRET/);
      expect((error as Error).message).not.toContain('canary');
    }
  });

  it('take a secret of 32 bytes and 16 different characters', () => {
    expect(read({ ASSAY_SECRET: goodSecret }).secret).toBe(goodSecret);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['127.0.0.1.example.org', false],
    ['::', false],
  ])('know whether %s is loopback: %s', (host, answer) => {
    expect(isLoopback(host)).toBe(answer);
  });

  it('are refused to a process that no supervisor started', () => {
    expect(() => processSettings({})).toThrow(SettingsError);
    expect(processSettings({ ASSAY_ROLE: 'web', ASSAY_VAULT_SOCKET: '/run/v.sock' })).toMatchObject({ role: 'web' });
  });

  it('are all described in docs/operations.md', () => {
    const page = fs.readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    for (const name of [...Object.keys(variables), ...testDoors]) expect(page, name).toContain(`\`${name}\``);
  });
});
