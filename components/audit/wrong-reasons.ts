import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import type { WrongMask } from '#lib/core/review/verdict.ts';
import type { ActId } from '../shell/keys.ts';

export const WRONG_REASONS: { act: ActId; why: WrongMask['why']; label: string }[] = [
  { act: 'wrong.not-pii', why: 'not_pii', label: 'not personal data' },
  { act: 'wrong.type', why: 'type', label: 'wrong kind' },
  { act: 'wrong.bounds', why: 'bounds', label: 'wrong bounds' },
  { act: 'wrong.entity', why: 'entity', label: 'wrong person' },
];

/** Kinds without a letter of their own. */
export const OTHER_TYPES: readonly PiiType[] = [
  'USERNAME',
  'LOCATION',
  'POSTCODE',
  'URL',
  'IP',
  'GOV_ID',
  'HEALTH_ID',
  'PAYMENT_CARD',
  'BANK_ACCOUNT',
  'RECORD_ID',
  'DEVICE_ID',
  'VEHICLE_ID',
  'CONFIDENTIAL',
  'AGE',
  'HEALTH_FACT',
  'DEMOGRAPHIC',
  'ROLE',
];
