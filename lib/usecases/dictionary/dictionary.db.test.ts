import { beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '#lib/store/ledger.ts';
import { withDatabase } from '#lib/store/testing/database.ts';
import { letStand } from '../releases/let-stand.ts';
import { decideEntry, proposeEntry } from '../settings/dictionary.ts';
import { upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { previewEntry } from './preview-entry.ts';
import { showEntry } from './show-entry.ts';
import { undoEntry } from './undo-entry.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);
const talk = (id: string, asked: string) =>
  JSON.stringify({
    id,
    messages: [
      { role: 'user', content: asked },
      { role: 'assistant', content: 'Thank you, we look into it today.' },
    ],
  });
const LOG = [
  talk('a', 'Our zwirnfalter plan is late, so its zwirnfalter sheet waits.'),
  talk('b', 'Is zwirnfalter also in the spring catalogue?'),
  talk('c', 'The label reads qqx/77341/b and the other reads qqx/10233/k.'),
  talk('d', 'Which tent is the lightest one for two people?'),
];
const hashes = async () =>
  new Map(
    (await database.query<{ id: string; hash: string }>('select id, hash from unit')).map((row) => [row.id, row.hash]),
  );
const holds = (text: string) =>
  database.query<{ unit_id: string }>('select distinct unit_id from event where position($1 in lower(body)) > 0', [
    text,
  ]);

beforeAll(async () => {
  await upload(shop.as.operator, shop.sourceId, Buffer.from(`${LOG.join('\n')}\n`));
  await workUntilIdle();
});

describe('a proposed term', () => {
  let id: string;
  let before: Map<string, string>;

  it('is counted over the corpus before anybody accepts it, with places in their texts and nothing stored of them', async () => {
    ({ id } = await proposeEntry(shop.as.reviewer, { value: 'Zwirnfalter', type: 'CONFIDENTIAL', mode: 'word' }));
    expect((await showEntry(shop.as.lead, id)).preview.state).toBe('counting');
    await workUntilIdle();
    const { preview } = await showEntry(shop.as.lead, id);
    expect(preview).toMatchObject({
      state: 'done',
      hits: 3,
      units: 2,
      bySource: [{ source: 'support desk', hits: 3 }],
      byEvent: [{ kind: 'user', hits: 3 }],
      lookAlikes: [],
      keptByOthers: 0,
      releases: [],
    });
    expect(preview.state === 'done' && preview.examples.map(({ hit }) => hit.toLowerCase())).toEqual([
      'zwirnfalter',
      'zwirnfalter',
      'zwirnfalter',
    ]);
    const [row] = await database.query<{ result: unknown }>('select result from rule_preview');
    expect(JSON.stringify(row!.result).toLowerCase()).not.toContain('zwirn');
  });

  it('accepted masks those units alone; undone gives every byte back', async () => {
    before = await hashes();
    const touched = (await holds('zwirnfalter')).map((row) => row.unit_id);
    await decideEntry(shop.as.lead, { id, accept: true });
    await workUntilIdle();
    expect(await holds('zwirnfalter')).toEqual([]);
    const after = await hashes();
    for (const [unit, hash] of before) expect(after.get(unit) === hash).toBe(!touched.includes(unit));
    await undoEntry(shop.as.lead, { id });
    await workUntilIdle();
    expect(await hashes()).toEqual(before);
    expect((await showEntry(shop.as.lead, id)).state).toBe('removed');
  });

  it('that cuts ordinary words says so', async () => {
    const entry = await proposeEntry(shop.as.reviewer, { value: 'kafka', type: 'CONFIDENTIAL', mode: 'word' });
    await workUntilIdle();
    expect((await showEntry(shop.as.lead, entry.id)).preview).toMatchObject({
      hits: 0,
      lookAlikes: ['Apache Kafka 3.9 with 12 partitions and 3 replicas'],
    });
  });
});

describe('a pattern', () => {
  it('is refused when RE2 cannot run it or it finds too little', async () => {
    for (const value of ['(?<=x)y', '(a)\\1', '[a-z]'])
      await expect(proposeEntry(shop.as.curator, { value, type: 'ACCOUNT_ID', mode: 'pattern' })).rejects.toMatchObject(
        { code: 'invalid' },
      );
  });

  it('is previewed, masks what it finds once accepted, and can be undone', async () => {
    const before = await hashes();
    const { id } = await proposeEntry(shop.as.curator, {
      value: 'qqx/[0-9]{5}/[a-z]',
      type: 'ACCOUNT_ID',
      mode: 'pattern',
    });
    await workUntilIdle();
    expect((await showEntry(shop.as.lead, id)).preview).toMatchObject({ hits: 2, units: 1, lookAlikes: [] });
    await decideEntry(shop.as.lead, { id, accept: true });
    await workUntilIdle();
    expect(await holds('qqx/')).toEqual([]);
    const [span] = await database.query<{ detector: string }>(`select detector from span where type = 'ACCOUNT_ID'`);
    expect(span!.detector).toMatch(/^dict:\d+$/);
    await undoEntry(shop.as.lead, { id });
    await workUntilIdle();
    expect(await hashes()).toEqual(before);
  });
});

describe('a release', () => {
  const newRelease = async (number: number, state: string, unitId: string): Promise<string> => {
    const [row] = await database.query<{ id: string }>(
      `insert into release (project_id, number, name, purpose, recipient_id, filter, state, created_by)
       values ($1, $2, 'spring', 'model-training', $3, '{}', $4, $5) returning id`,
      [shop.projectId, number, shop.projectId, state, shop.as.lead.personId],
    );
    await database.query(
      `insert into release_unit (release_id, row_id, unit_id, unit_hash, config, split, level, group_id, cluster_id)
       select $1, 'row', id, hash, 'sft', 'train', level, 'g', 'c' from unit where id = $2`,
      [row!.id, unitId],
    );
    return row!.id;
  };
  const stateOf = async (id: string) =>
    (await database.query<{ state: string }>('select state from release where id = $1', [id]))[0]!.state;

  it('whose units a new term changed is held; one that holds no such unit is not; a lead may let it stand', async () => {
    const [touched] = await holds('zwirnfalter');
    const [other] = await holds('lightest');
    const approved = await newRelease(1, 'approved', touched!.unit_id);
    const built = await newRelease(2, 'ready', touched!.unit_id);
    const apart = await newRelease(3, 'approved', other!.unit_id);
    const { id } = await proposeEntry(shop.as.reviewer, { value: 'Zwirnfalter', type: 'CONFIDENTIAL', mode: 'word' });
    await workUntilIdle();
    const { preview } = await showEntry(shop.as.lead, id);
    expect(preview.state === 'done' && preview.releases.map(({ number }) => number)).toEqual([1, 2]);
    await decideEntry(shop.as.lead, { id, accept: true });
    await workUntilIdle();
    expect([await stateOf(approved), await stateOf(built), await stateOf(apart)]).toEqual([
      'suspended',
      'draft',
      'approved',
    ]);
    const holdRows = await database.query(`select 1 from ledger where action = 'release.hold'`);
    expect(holdRows).toHaveLength(2);
    expect(await verifyLedger()).toMatchObject({ ok: true });
    await expect(letStand(shop.as.lead, { releaseId: approved, reason: 'short' })).rejects.toMatchObject({
      code: 'reason_required',
    });
    await letStand(shop.as.lead, { releaseId: approved, reason: 'the recipient deleted those rows' });
    expect(await stateOf(approved)).toBe('approved');
    await expect(letStand(shop.as.lead, { releaseId: apart, reason: 'it is not held at all' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('whose doing', () => {
  it('is not everybody’s: a reviewer proposes and previews, only a lead undoes, nobody sees another project’s', async () => {
    const { id } = await proposeEntry(shop.as.reviewer, { value: 'Harlekin', type: 'CONFIDENTIAL', mode: 'word' });
    await previewEntry(shop.as.reviewer, { id });
    await expect(undoEntry(shop.as.curator, { id })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(undoEntry(shop.as.lead, { id })).rejects.toMatchObject({ code: 'not_found' });
    const abroad = await shop.newPerson('lead', await shop.newProject('elsewhere'));
    await expect(showEntry(abroad, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(previewEntry(abroad, { id })).rejects.toMatchObject({ code: 'not_found' });
  });
});
