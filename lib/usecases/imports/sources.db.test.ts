import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { withDatabase } from '#lib/store/testing/database.ts';
import { inventedLog } from '../testing/invented-logs.ts';
import { upload, withWorkshop, workUntilIdle } from '../testing/workshop.ts';
import { changeTerms, showSources } from './sources.ts';

const database = withDatabase('worker');
const shop = withWorkshop(database);
const TERMS = {
  controller: 'Brightwater Outfitters',
  legalBasis: 'contract' as const,
  purposes: ['eval'],
  region: 'EU',
  recipientsAllowed: ['In-house'],
  retention: { raw: 5, redacted: 10 },
};
const change = (terms: Partial<typeof TERMS> = {}, by = shop.as.operator) =>
  changeTerms(by, { sourceId: shop.sourceId, ...TERMS, ...terms });

beforeAll(async () => {
  await upload(shop.as.operator, shop.sourceId, inventedLog('terms', 6).bytes);
  await workUntilIdle();
});

describe('changed terms of a source', () => {
  it('hold at once for each of its units, and the ledger says what changed', async () => {
    const { units } = await change();
    const rows = await database.query<Record<string, unknown>>(
      `select distinct u.purposes, u.recipients_allowed, u.legal_basis, extract(day from u.expires_at - i.created_at)::int as days
         from unit u join import i on i.id = u.import_id`,
    );
    expect(rows).toEqual([{ purposes: ['eval'], recipients_allowed: ['In-house'], legal_basis: 'contract', days: 10 }]);
    expect(units).toBeGreaterThan(0);
    const [entry] = await database.query<{ details: string }>(
      `select details from ledger where action = 'source.manage' order by seq desc limit 1`,
    );
    expect(JSON.parse(entry!.details)).toEqual({
      changed: ['purposes', 'recipientsAllowed', 'retentionRawDays', 'retentionRedactedDays'],
      purposesBefore: ['model-training'],
      purposesAfter: ['eval'],
      units,
    });
    const [shown] = await showSources(shop.as.operator);
    expect(shown).toMatchObject({ recipientsAllowed: ['In-house'], retentionRawDays: 5, retentionRedactedDays: 10 });
  });

  it('are refused without a reference for consent, while an import runs, and for a source of nobody', async () => {
    await expect(changeTerms(shop.as.operator, { sourceId: randomUUID(), ...TERMS })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(
      changeTerms(shop.as.operator, { sourceId: shop.sourceId, ...TERMS, legalBasis: 'consent' }),
    ).rejects.toMatchObject({ code: 'consent_ref_required' });
    await expect(change({}, shop.as.curator)).rejects.toMatchObject({ code: 'forbidden' });
    await upload(shop.as.operator, shop.sourceId, inventedLog('terms, queued', 1).bytes);
    await expect(change()).rejects.toMatchObject({ code: 'conflict' });
    await workUntilIdle();
    await change();
  });
});
