import { describe, expect, it } from 'vitest';
import { withDatabase } from '#lib/store/testing/database.ts';
import { inventedLog } from '../testing/invented-logs.ts';
import { upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { redetect } from './redetect.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);

const hashes = async () =>
  (await database.query<{ id: string; hash: string }>('select id, hash from unit order by id')).map(
    ({ id, hash }) => `${id} ${hash}`,
  );

describe('detection of everything again', () => {
  it('puts back what an older detector would have left, and leaves the rest as it was', async () => {
    await upload(shop.as.operator, shop.sourceId, inventedLog('again', 5).bytes);
    await workUntilIdle();
    const before = await hashes();
    // As if an earlier release of Assay had redacted it: one unit says something else, by detectors of then.
    await database.query(`update unit set hash = repeat('0', 64), detector_bundle = 'of then'
      where id = (select id from unit order by id limit 1)`);
    const { trajectories } = await redetect(shop.as.operator);
    expect(trajectories).toBe(5);
    await workUntilIdle();
    expect(await hashes()).toEqual(before);
    expect(await database.query(`select 1 from unit where detector_bundle = 'of then'`)).toEqual([]);
    expect(await database.query('select 1 from trajectory where redact_due is not null')).toEqual([]);
  });

  it('is for operators', async () => {
    await expect(redetect(shop.as.lead)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
