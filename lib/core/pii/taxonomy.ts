/** Kinds of personal data, `taxonomy@1`. New types are added by version, never renamed (docs/privacy.md). */
export const TAXONOMY_VERSION = 1;

export type PiiClass = 'direct' | 'secret' | 'quasi';
export type PiiFamily = 'person' | 'contact' | 'ids' | 'indirect';

type Kind = { chip: string; family: PiiFamily; class: PiiClass; label: string };

export const PII_TYPES = {
  PERSON: { chip: 'PER', family: 'person', class: 'direct', label: 'person' },
  USERNAME: { chip: 'USR', family: 'person', class: 'direct', label: 'user name' },
  EMAIL: { chip: 'EML', family: 'contact', class: 'direct', label: 'e-mail' },
  PHONE: { chip: 'TEL', family: 'contact', class: 'direct', label: 'telephone' },
  ADDRESS: { chip: 'ADR', family: 'contact', class: 'direct', label: 'address' },
  POSTCODE: { chip: 'ZIP', family: 'contact', class: 'quasi', label: 'postcode' },
  LOCATION: { chip: 'LOC', family: 'contact', class: 'quasi', label: 'place' },
  GEO: { chip: 'GEO', family: 'contact', class: 'direct', label: 'coordinates' },
  URL: { chip: 'URL', family: 'contact', class: 'direct', label: 'link' },
  IP: { chip: 'IP', family: 'contact', class: 'direct', label: 'IP address' },
  DEVICE_ID: { chip: 'DEV', family: 'ids', class: 'direct', label: 'device' },
  VEHICLE_ID: { chip: 'VEH', family: 'ids', class: 'direct', label: 'vehicle' },
  GOV_ID: { chip: 'GOV', family: 'ids', class: 'direct', label: 'government id' },
  HEALTH_ID: { chip: 'HID', family: 'ids', class: 'direct', label: 'health id' },
  PAYMENT_CARD: { chip: 'CRD', family: 'ids', class: 'direct', label: 'payment card' },
  BANK_ACCOUNT: { chip: 'BNK', family: 'ids', class: 'direct', label: 'bank account' },
  CRYPTO_WALLET: { chip: 'CRY', family: 'ids', class: 'direct', label: 'wallet' },
  ACCOUNT_ID: { chip: 'ACC', family: 'ids', class: 'direct', label: 'account' },
  RECORD_ID: { chip: 'ID', family: 'ids', class: 'quasi', label: 'record number' },
  SECRET: { chip: 'KEY', family: 'ids', class: 'secret', label: 'secret' },
  BLOB: { chip: 'BLB', family: 'ids', class: 'secret', label: 'undecodable blob' },
  ORG: { chip: 'ORG', family: 'indirect', class: 'quasi', label: 'organisation' },
  CONFIDENTIAL: { chip: 'CNF', family: 'indirect', class: 'direct', label: 'confidential term' },
  DATE: { chip: 'DAT', family: 'indirect', class: 'quasi', label: 'date' },
  AGE: { chip: 'AGE', family: 'indirect', class: 'quasi', label: 'age' },
  DEMOGRAPHIC: { chip: 'DEM', family: 'indirect', class: 'quasi', label: 'demographic' },
  ROLE: { chip: 'ROL', family: 'indirect', class: 'quasi', label: 'role' },
  HEALTH_FACT: { chip: 'MED', family: 'indirect', class: 'quasi', label: 'health fact' },
} as const satisfies Record<string, Kind>;

export type PiiType = keyof typeof PII_TYPES;
export const PII_TYPE_NAMES = Object.keys(PII_TYPES) as PiiType[];
export const classOf = (type: PiiType): PiiClass => PII_TYPES[type].class;

/** Class of a type that another system names; unknown secret-like words are secrets, the rest direct. */
export function classOfName(type: string): PiiClass {
  if (Object.hasOwn(PII_TYPES, type)) return PII_TYPES[type as PiiType].class;
  return /KEY|TOKEN|PASSWORD|SECRET/.test(type) ? 'secret' : 'direct';
}

/** `[TYPE_n]`, n from 1: what stands in a redacted text instead of a value. */
export const PLACEHOLDER = new RegExp(`\\[(${PII_TYPE_NAMES.join('|')})_([1-9][0-9]{0,5})\\]`, 'g');
