import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256 } from '../trajectory/hash.ts';
import { checkBuilt, checkRelease } from './check-release.ts';
import { pairOfUnits, toDpoRow } from './dpo-row.ts';
import { toEvalRow } from './eval-row.ts';
import { makeMeta, makeTool, makeUnit } from './fixtures/make-unit.ts';
import type { FileEntry } from './manifest.ts';
import { type PlannedFile, planRelease, sealRelease, toFileEntry, toFolder } from './release-files.ts';
import type { ReleaseInfo, Seal } from './release-info.ts';
import { type EvalRow, isRefused, type Split } from './row.ts';
import type { RowEntry, SerialiseOptions } from './serialise.ts';
import { toSftRow } from './sft-row.ts';
import { tombstoneLine } from './sign.ts';
import { type ReleaseFolder, verifyRelease } from './verify-release.ts';

const run = promisify(execFile);
/** A key of nobody's: from a fixed seed, so that every run signs the same bytes. */
const KEY = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
});

const WEATHER = makeTool('get_weather', { city: { type: 'string' } }, ['city']);
const must = <T extends object>(made: T): Exclude<T, { refused: unknown }> => {
  if (isRefused(made)) throw new Error(made.refused);
  return made as Exclude<T, { refused: unknown }>;
};

function makeEntries(): RowEntry[] {
  const entries: RowEntry[] = [];
  for (const [n, split] of (['train', 'train', 'validation', 'test'] as Split[]).entries()) {
    const about = { split, index: { group: `g-${n}` } };
    const chat = makeMeta(`sft-c${n}`, { split, group: `g-${n}`, lang: 'en', domain: 'billing' });
    const agent = makeMeta(`sft-a${n}`, { split, level: 'L1', group: `g-${n}` });
    const question = { user: `Question ${n} of [PERSON_3]?` };
    const asks = makeUnit([question, { says: 'Answer to [PERSON_3].' }]);
    const calls = makeUnit(
      [
        question,
        { calls: 'get_weather', with: { city: 'Oslo' } },
        { returns: 'rain', of: 'get_weather' },
        { says: 'Rain.' },
      ],
      [WEATHER],
    );
    entries.push({ ...about, level: 'L0', ...must(toSftRow(asks, chat)) });
    entries.push({ ...about, level: 'L1', ...must(toSftRow(calls, agent)) });
    const pair = pairOfUnits(asks, makeUnit([question, { says: 'No.' }]));
    const meta = { ...makeMeta(`dpo-${n}`, { split, group: `g-${n}` }), source: 'edit', strength: 'strong' as const };
    entries.push({ ...about, level: 'L0', ...must(toDpoRow(pair, meta, { key: 'k' })) });
  }
  return entries;
}
const makeEvalRows = (): EvalRow[] => [
  must(toEvalRow(makeUnit([{ user: 'Hi' }, { says: 'Hello.' }]), makeMeta('e-1', { split: 'test', group: 'g-9' }))),
];

const INFO: ReleaseInfo = {
  release: { id: 'r-1', number: 1, name: 'Support, first', createdAt: '2026-11-02T00:00:00.000Z' },
  pipeline: { version: '0.1.0', gitSha: 'abc', lockSha256: 'def' },
  purpose: 'Fine-tune a support model',
  recipient: 'Acme',
  consentBasis: 'contract',
  retention: { expiresAt: '2027-11-02T00:00:00.000Z' },
  register: ['support-chat'],
  split: { seed: '0'.repeat(64), shares: { train: 0.9, validation: 0.05, test: 0.05 }, violations: 0 },
  redaction: { policy: 'p1', codeVersion: '1', measured: [{ class: 'direct', upper95: 0.01 }], finalScan: { hits: 0 } },
  licence: 'other',
  languages: ['en'],
  removed: { redacted: { PERSON: 3 }, dropped: { unpaired_call: 1 } },
  limits: ['Small.'],
};
const SEAL: Seal = {
  approvals: [{ person: 'p-1', role: 'lead', at: '2026-11-03T00:00:00.000Z' }],
  waivers: [],
  ledger: { seq: 12, hash: 'ab' },
  withdrawals: { version: 0, count: 0 },
};

type Files = Map<string, Buffer>;

function build(options: SerialiseOptions = {}, entries = makeEntries()): Files {
  const { files } = planRelease(
    { entries, evalRows: makeEvalRows(), info: INFO, mixturesOf: (stock) => ({ flat: stock }) },
    options,
  );
  const entriesOf: FileEntry[] = files.map(toFileEntry);
  const all: PlannedFile[] = [...files, ...sealRelease(entriesOf, INFO, SEAL, KEY)];
  return new Map(all.map(({ path, chunks }) => [path, Buffer.concat(chunks)]));
}
const folderOf = (files: Files): ReleaseFolder =>
  toFolder([...files].map(([path, bytes]) => ({ path, chunks: [bytes] })));
const faultsOf = async (files: Files) =>
  (await verifyRelease(folderOf(files))).faults.map(({ code, path }) => `${code} ${path}`);
const findingsOf = async (files: Files) =>
  (await checkRelease(folderOf(files))).map(({ code, file, severity }) => `${code} ${file} ${severity}`);
const flip = (files: Files, path: string, bit: number): Files => {
  const bytes = Buffer.from(files.get(path)!);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  return new Map(files).set(path, bytes);
};

describe('a release', () => {
  it('is the same bytes twice, also from rows in another order', () => {
    expect(build()).toEqual(build({}, makeEntries().toReversed()));
    expect(build({ gzip: true })).toEqual(build({ gzip: true }));
  });

  it.each([{ gzip: false }, { gzip: true }])('verifies and has no finding (%o)', async (options) => {
    const files = build(options);
    expect(await faultsOf(files)).toEqual([]);
    expect(await findingsOf(files)).toEqual([]);
  });

  it('has the files of docs/exports.md', () => {
    expect([...build().keys()].filter((path) => !path.startsWith('data/')).sort()).toEqual([
      'DATASHEET.md',
      'README.md',
      'SHA256SUMS',
      'croissant.json',
      'eval/gold.jsonl',
      'eval/plan.json',
      'manifest.json',
      'manifest.sig',
      'removed.json',
      'sampler/index.jsonl',
      'sampler/mixtures.json',
      'tombstones.jsonl',
      'verify-release.mjs',
    ]);
  });

  it('spells the features of plain message lists out and calls mixed ones json', () => {
    const card = build().get('README.md')!.toString();
    expect(card).toContain('- {name: messages, list: [{name: role, dtype: string}, {name: content, dtype: string}]}');
    expect(card).toContain('- {name: messages, list: json}');
    expect(card).toContain('data_files: [{split: train, path: "data/sft-agent/train-*"}');
  });

  it('can be checked before it is signed', async () => {
    const { files } = planRelease(
      { entries: makeEntries(), evalRows: makeEvalRows(), info: INFO, mixturesOf: (stock) => ({ flat: stock }) },
      { gzip: true },
    );
    expect(await checkBuilt(files)).toEqual([]);
  });

  it('describes each data file by its hash and each config by its columns', () => {
    const files = build();
    const { distribution, recordSet } = JSON.parse(files.get('croissant.json')!.toString());
    const objects = distribution.filter((item: { '@type': string }) => item['@type'] === 'cr:FileObject');
    expect(objects).toHaveLength([...files.keys()].filter((path) => path.startsWith('data/')).length);
    for (const { contentUrl, sha256: sum } of objects) expect(sum).toBe(sha256(files.get(contentUrl)!));
    expect(recordSet.map(({ name, field }: { name: string; field: unknown[] }) => [name, field.length])).toEqual([
      ['sft-chat', 3],
      ['sft-agent', 4],
      ['dpo-chat', 5],
    ]);
  });

  it('refuses to be sealed when its final scan had hits', () => {
    const info = { ...INFO, redaction: { ...INFO.redaction, finalScan: { hits: 1 } } } as unknown as ReleaseInfo;
    expect(() => sealRelease([], info, SEAL, KEY)).toThrow();
  });
});

describe('what verification finds', () => {
  const files = build();

  it('one flipped bit, wherever it is', async () => {
    for (const [path, bytes] of files) {
      const bits = bytes.length * 8;
      for (const bit of new Set([0, 1, 7, bits >> 1, bits - 9, bits - 1].filter((at) => at >= 0 && at < bits))) {
        expect([path, bit, (await faultsOf(flip(files, path, bit))).length > 0]).toEqual([path, bit, true]);
      }
    }
  });

  it('each bit of the signature line, spare bits of its base64 included', async () => {
    const bits = files.get('manifest.sig')!.length * 8;
    for (let bit = 0; bit < bits; bit++)
      expect((await faultsOf(flip(files, 'manifest.sig', bit))).length).toBeGreaterThan(0);
  });

  it('a file too many, one missing, one that was emptied, and names it', async () => {
    const without = new Map(files);
    without.delete('removed.json');
    expect(await faultsOf(without)).toEqual(['R03 removed.json']);
    expect(await faultsOf(new Map(files).set('data/extra.jsonl', Buffer.from('')))).toEqual(['R03 data/extra.jsonl']);
    expect(await faultsOf(new Map(files).set('README.md', Buffer.from('')))).toEqual(['R02 README.md']);
  });

  it('another signer, when the right one is known', async () => {
    const { faults } = await verifyRelease(folderOf(files), { trustedKey: 'x' });
    expect(faults.map(({ code }) => code)).toEqual(['R05']);
  });

  it('takes tombstones that grew, if each line is signed', async () => {
    const line = tombstoneLine(
      { id: 'sft-c0', at: '2026-12-01T00:00:00.000Z', reason: 'erasure', release: 'r-1' },
      KEY,
    );
    expect(await faultsOf(new Map(files).set('tombstones.jsonl', Buffer.from(line + line)))).toEqual([]);
    const forged = line.replace('sft-c0', 'sft-c1');
    expect(await faultsOf(new Map(files).set('tombstones.jsonl', Buffer.from(forged)))).toEqual([
      'R02 tombstones.jsonl',
    ]);
    const other = generateKeyPairSync('ed25519').privateKey;
    const foreign = tombstoneLine(
      { id: 'sft-c0', at: '2026-12-01T00:00:00.000Z', reason: 'erasure', release: 'r-1' },
      other,
    );
    expect(await faultsOf(new Map(files).set('tombstones.jsonl', Buffer.from(foreign)))).toEqual([
      'R02 tombstones.jsonl',
    ]);
  });
});

describe('what the validator says of a folder', () => {
  const rebuilt = (change: (entries: RowEntry[]) => void): Files => {
    const entries = makeEntries();
    change(entries);
    return build({}, entries);
  };

  it.each([
    [
      'R01 manifest.json error',
      'a manifest that lacks a field',
      (files: Files) =>
        files.set(
          'manifest.json',
          Buffer.from(files.get('manifest.json')!.toString().replace('"purpose"', '"purpos"')),
        ),
    ],
    ['R02 removed.json error', 'another byte', (files: Files) => files.set('removed.json', Buffer.from('{}\n'))],
    ['R03 DATASHEET.md error', 'a missing file', (files: Files) => files.delete('DATASHEET.md')],
    ['R05 manifest.sig error', 'no signature', (files: Files) => files.delete('manifest.sig')],
    [
      'R04 README.md error',
      'a card without a config',
      (files: Files) => files.set('README.md', Buffer.from('---\nlicense: other\n---\n')),
    ],
  ])('%s: %s', async (finding, _, change) => {
    const files = build();
    change(files);
    expect(await findingsOf(files)).toContain(finding);
  });

  it('E03 when a case of the eval set is trained on, S01 when a group stands in two splits', async () => {
    const leaked = rebuilt((entries) => {
      entries[0]!.row.id = 'e-1';
    });
    expect((await findingsOf(leaked)).filter((finding) => finding.startsWith('E03'))).toEqual([
      'E03 eval/gold.jsonl error',
    ]);
    const joined = rebuilt((entries) => {
      entries.at(-1)!.row.meta_json = entries.at(-1)!.row.meta_json.replace('g-3', 'g-0');
    });
    expect((await findingsOf(joined)).filter((finding) => finding.startsWith('S01'))).toEqual([
      'S01 data/dpo-chat/test-L0-00000-of-00001.jsonl error',
    ]);
  });
});

describe('the script that a release carries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-release-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const writeTo = (name: string, files: Files): string => {
    const root = join(folder, name);
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), bytes);
    }
    return root;
  };
  const verdictOf = async (root: string): Promise<[number, string]> => {
    try {
      const { stdout } = await run(process.execPath, [join(root, 'verify-release.mjs')]);
      return [0, stdout];
    } catch (error) {
      const { code, stderr } = error as { code: number; stderr: string };
      return [code, stderr];
    }
  };

  it('passes what was built, packed or not', async () => {
    const [plain, packed] = await Promise.all([
      verdictOf(writeTo('plain', build())),
      verdictOf(writeTo('packed', build({ gzip: true }))),
    ]);
    expect([plain[0], packed[0]]).toEqual([0, 0]);
    expect(plain[1]).toMatch(/^ok: \d+ files, signed by /);
  });

  it('exits 1 and names the file when a bit is flipped, a file is added or a link lies there', async () => {
    const files = build();
    const flipped = writeTo('flipped', flip(files, 'sampler/index.jsonl', 1000));
    const added = writeTo('added', new Map(files).set('data/sft-chat/more.jsonl', Buffer.from('{}\n')));
    const linked = writeTo('linked', files);
    symlinkSync(join(linked, 'README.md'), join(linked, 'LINK.md'));
    const verdicts = await Promise.all([flipped, added, linked].map(verdictOf));
    expect(verdicts).toEqual([
      [1, 'wrong: sampler/index.jsonl: another hash\n'],
      [1, 'wrong: data/sft-chat/more.jsonl: not listed\n'],
      [1, 'wrong: LINK.md: neither file nor folder\n'],
    ]);
  });
});
