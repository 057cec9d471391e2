import { describe, expect, it } from 'vitest';
import type { Json } from '../trajectory/json.ts';
import { leavesOf } from './leaves.ts';
import { pathHit } from './path-rules.ts';

const typesOf = (value: Json) =>
  leavesOf(value).flatMap((leaf) => {
    const hit = pathHit(leaf);
    return hit === undefined ? [] : [hit.type];
  });

describe('a key', () => {
  // biome-ignore format: one key a line
  it.each([
    [{ email: 'mara@tallow.example' }, 'EMAIL'], [{ homePhone: '020 7946 0139' }, 'PHONE'], [{ last_name: 'Quist' }, 'PERSON'],
    [{ customer: { name: 'Mara Quist' } }, 'PERSON'], [{ user: { id: 'u-88' } }, 'ACCOUNT_ID'], [{ 'enduser.id': 'mquist' }, 'USERNAME'],
    [{ password: 'Plum-river-77' }, 'SECRET'], [{ Authorization: 'Basic bWFyYQ==' }, 'SECRET'], [{ dob: '1984-03-12' }, 'DATE'],
    [{ age: 42 }, 'AGE'], [{ ssn: '123-45-6789' }, 'GOV_ID'], [{ iban: 'DE41500105170123456789' }, 'BANK_ACCOUNT'],
    [{ latitude: 51.5007 }, 'GEO'], [{ shipping_address: '4 Tallow Row' }, 'ADDRESS'], [{ orderId: 'A-7734' }, 'RECORD_ID'],
    [{ phones: ['020 7946 0139'] }, 'PHONE'], [{ arguments: '{"firstName":"Mara"}' }, 'PERSON'],
  ] as [Json, string][])('gives case %# away', (value, type) => {
    expect(typesOf(value)).toEqual([type]);
  });

  // biome-ignore format: one key a line
  it.each([
    [{ email: { type: 'string' } }], [{ name: 'get_weather' }], [{ password: 'string' }], [{ total_tokens: 4096 }], [{ token: 'Hello' }],
    [{ session_id: '1af7fc5e-8455-4414-9ccd-011d40f70b2a' }], [{ system_fingerprint: 'fp_46bff0e0c8' }], [{ user: 'tell me a joke please' }],
    [{ public_key: 'abcdefgh12345678' }], [{ phone: 'none' }], [{ age: 4096 }], [{ displayName: 'WriteFile' }], [{ api_key: '${API_KEY}' }],
  ] as [Json][])('says nothing in case %#', (value) => {
    expect(typesOf(value)).toEqual([]);
  });
});
