import { describe, expect, it } from 'vitest';
import { findSpans } from '../find-spans.ts';
import type { PiiType } from '../taxonomy.ts';

const found = (text: string, type: PiiType, key = '', kind: 'string' | 'number' = 'string') =>
  findSpans({ path: key === '' ? '' : `/${key}`, text, kind, key }, { tier: 'auto' })
    .filter((span) => span.type === type)
    .map((span) => [...text].slice(span.start, span.end).join(''));

// biome-ignore format: one case a line
const MASKED: [PiiType, string, string][] = [
  ['EMAIL', 'write to mara.quist+news@tallow.example.', 'mara.quist+news@tallow.example'],
  ['EMAIL', 'mail jörg@bücher.example now', 'jörg@bücher.example'],
  ['EMAIL', 'a mara@tallow.example123-45-6789', 'mara@tallow.example'],
  ['PHONE', 'ring (555) 123-4567 x89 today', '(555) 123-4567 x89'],
  ['PHONE', 'London office +44 20 7946 0958', '+44 20 7946 0958'],
  ['PHONE', 'call me on 02079460139 plz', '02079460139'],
  ['PHONE', 'Tel.: 06.12.34.56.78', '06.12.34.56.78'],
  ['PAYMENT_CARD', 'Card 4000 0012 3456 7899 approved', '4000 0012 3456 7899'],
  ['PAYMENT_CARD', 'card **** **** **** 4242', '**** **** **** 4242'],
  ['PAYMENT_CARD', 'my visa ending in 4242', '4242'],
  ['BANK_ACCOUNT', 'IBAN DE44 5001 0517 5407 3249 31 gilt', 'DE44 5001 0517 5407 3249 31'],
  ['BANK_ACCOUNT', 'wire to routing number 021000021', '021000021'],
  ['GOV_ID', 'SSN:123-45-6789;x', '123-45-6789'],
  ['GOV_ID', 'NINO AB 12 34 56 C', 'AB 12 34 56 C'],
  ['GOV_ID', 'DNI 12345678Z', '12345678Z'],
  ['GOV_ID', 'codice RSSMRA85T10A562S', 'RSSMRA85T10A562S'],
  ['GOV_ID', 'BSN 111222333', '111222333'],
  ['GOV_ID', 'PESEL 44051401359', '44051401359'],
  ['GOV_ID', 'CPF 529.982.247-25', '529.982.247-25'],
  ['GOV_ID', 'AHV 756.9217.0769.85', '756.9217.0769.85'],
  ['GOV_ID', 'NRIC S1234567D', 'S1234567D'],
  ['GOV_ID', 'HETU 131052-308T', '131052-308T'],
  ['GOV_ID', 'TFN 123 456 782', '123 456 782'],
  ['GOV_ID', 'SIN 046 454 286', '046 454 286'],
  ['HEALTH_ID', 'NHS number 943 476 5919', '943 476 5919'],
  ['GOV_ID', "my driver's license number is F162823540116", 'F162823540116'],
  ['IP', 'from 203.0.113.7 port 22', '203.0.113.7'],
  ['IP', 'host 2001:db8:85a3::8a2e:370:7334 up', '2001:db8:85a3::8a2e:370:7334'],
  ['DEVICE_ID', 'ether 3c:22:fb:0a:91:7e', '3c:22:fb:0a:91:7e'],
  ['DEVICE_ID', 'IMEI 490154203237518', '490154203237518'],
  ['GEO', 'GPS 51.5007,-0.1246', '51.5007,-0.1246'],
  ['ADDRESS', 'lives at 4 Tallow Row, upstairs', '4 Tallow Row'],
  ['ADDRESS', 'wohnt Hauptstraße 12a, hinten', 'Hauptstraße 12a'],
  ['ADDRESS', 'send to P.O. Box 211', 'P.O. Box 211'],
  ['POSTCODE', 'Mountain View, CA 94043', '94043'],
  ['POSTCODE', 'London SW1A 1AA', 'SW1A 1AA'],
  ['DATE', 'She was born on 7/30/1964', '7/30/1964'],
  ['AGE', 'I just turned 55', '55'],
  ['AGE', 'a 35-year-old woman', '35'],
  ['VEHICLE_ID', 'VIN 1M8GDM9AXKP042788', '1M8GDM9AXKP042788'],
  ['CRYPTO_WALLET', 'btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  ['RECORD_ID', 'order number 7734-2291', '7734-2291'],
  ['ACCOUNT_ID', 'user 550e8400-e29b-41d4-a716-446655440000', '550e8400-e29b-41d4-a716-446655440000'],
  ['URL', 'see https://linkedin.com/in/mara-quist.', 'https://linkedin.com/in/mara-quist'],
  ['USERNAME', 'at run (/home/mquist/app/index.js:8:3)', 'mquist'],
  ['USERNAME', 'ssh mquist@10.20.30.40', 'mquist'],
];

// biome-ignore format: one case a line
const KEPT: string[] = [
  'version 1.2.3.4', 'Chrome/120.0.0.0', 'localhost:3000', '127.0.0.1:5432', 'std::vector', 'ISBN 978-3-16-148410-0',
  'Part number: 555-123-4567-A', 'user@example.com', 'git@github.com:org/repo', '@types/node', 'image@2x.png',
  '2024-05-15T15:00:00-05:00', '2024-01-01 12:30:45,123 INFO up', 'SSN 000-00-0000', 'timestamp: 1711281230', '1.0 1.000 3.4 .654',
  'trace id 550e8400-e29b-41d4-a716-446655440000', 'commit 3f2a9c1b7d4e5f60718293a4b5c6d7e8f9012345', '/home/user/project', '10 000 000 rows',
  'Times New Roman 12pt', 'Room 101', 'in 30 minutes', '4.042164250276983', 'https://docs.python.org/3/library/re.html', 'the (1603-1868) period',
];

describe('structured identifiers', () => {
  it.each(MASKED)('%s in case %#', (type, text, value) => {
    expect(found(text, type)).toContain(value);
  });
  it.each(KEPT.map((text, n) => [n, text] as const))('leave look-alike %i alone', (_, text) => {
    const spans = findSpans({ path: '', text, kind: 'string', key: '' }, { tier: 'auto' });
    expect(spans.filter((span) => !span.detector.startsWith('names'))).toEqual([]);
  });
  it('are read from numbers only where the key says what they are', () => {
    expect(found('442079460139', 'PHONE', 'phone', 'number')).toContain('442079460139');
    expect(found('442079460139', 'PHONE', 'offset', 'number')).toEqual([]);
  });
  it('leave placeholders alone', () => {
    const text = 'mail [EMAIL_1], password is [SECRET_2], card [PAYMENT_CARD_1]';
    expect(findSpans({ path: '', text, kind: 'string', key: '' }, { tier: 'suggest' })).toEqual([]);
  });
});
