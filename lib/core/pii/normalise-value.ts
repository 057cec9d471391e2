/**
 * The form under which two spellings of a value are one: mailboxes lower case, numbers by digits, names folded. The
 * keyed index, the dictionary and the placeholder map all use it.
 */
import type { PiiType } from './taxonomy.ts';

const DIGITS: ReadonlySet<PiiType> = new Set(['PHONE', 'PAYMENT_CARD']);
const COMPACT: ReadonlySet<PiiType> = new Set([
  'BANK_ACCOUNT',
  'GOV_ID',
  'HEALTH_ID',
  'VEHICLE_ID',
  'DEVICE_ID',
  'POSTCODE',
]);

export function normaliseValue(type: PiiType, value: string): string {
  const folded = value.normalize('NFKC').trim();
  if (DIGITS.has(type)) {
    const digits = folded.replace(/\D/g, '');
    if (digits.length >= 6) return digits;
  }
  if (COMPACT.has(type)) return folded.replace(/[\s.:/-]/g, '').toUpperCase();
  if (type === 'SECRET' || type === 'BLOB') return folded;
  return folded.toLowerCase().replace(/\s+/g, ' ');
}
