/** What others call a type, in ours (privacy contract 1.2). Unknown names become a suggestion of something confidential. */
import { PII_TYPE_NAMES, type PiiType } from '../taxonomy.ts';

// biome-ignore format: a table
const NAMES: Record<string, PiiType> = {
  PER: 'PERSON', TITLE: 'PERSON', NAME: 'PERSON', GIVENNAME: 'PERSON', SURNAME: 'PERSON', FIRSTNAME: 'PERSON', LASTNAME: 'PERSON', PATIENT: 'PERSON', STAFF: 'PERSON',
  EMAIL_ADDRESS: 'EMAIL', PHONE_NUMBER: 'PHONE', TELEPHONENUM: 'PHONE', STREET_ADDRESS: 'ADDRESS', STREET: 'ADDRESS', ZIP_CODE: 'POSTCODE', ZIPCODE: 'POSTCODE',
  GPE: 'LOCATION', LOC: 'LOCATION', CITY: 'LOCATION', FAC: 'LOCATION', ORGANIZATION: 'ORG', NRP: 'DEMOGRAPHIC', NORP: 'DEMOGRAPHIC',
  DOMAIN_NAME: 'URL', IP_ADDRESS: 'IP', MAC_ADDRESS: 'DEVICE_ID', CREDIT_CARD: 'PAYMENT_CARD', CREDITCARDNUMBER: 'PAYMENT_CARD', IBAN_CODE: 'BANK_ACCOUNT', US_BANK_NUMBER: 'BANK_ACCOUNT',
  ABA_ROUTING_NUMBER: 'BANK_ACCOUNT', CRYPTO: 'CRYPTO_WALLET', DATE_TIME: 'DATE', DATEOFBIRTH: 'DATE', ID: 'ACCOUNT_ID', USERNAME: 'USERNAME', PASSWORD: 'SECRET',
  US_SSN: 'GOV_ID', US_ITIN: 'GOV_ID', US_PASSPORT: 'GOV_ID', US_DRIVER_LICENSE: 'GOV_ID', UK_NINO: 'GOV_ID', UK_NHS: 'HEALTH_ID', MEDICAL_LICENSE: 'HEALTH_ID', US_MBI: 'HEALTH_ID',
  ES_NIF: 'GOV_ID', ES_NIE: 'GOV_ID', IT_FISCAL_CODE: 'GOV_ID', IT_DRIVER_LICENSE: 'GOV_ID', IT_VAT_CODE: 'GOV_ID', IT_PASSPORT: 'GOV_ID', IT_IDENTITY_CARD: 'GOV_ID',
  PL_PESEL: 'GOV_ID', SG_NRIC_FIN: 'GOV_ID', SG_UEN: 'GOV_ID', AU_ABN: 'GOV_ID', AU_ACN: 'GOV_ID', AU_TFN: 'GOV_ID', AU_MEDICARE: 'HEALTH_ID', IN_PAN: 'GOV_ID',
  IN_AADHAAR: 'GOV_ID', IN_VEHICLE_REGISTRATION: 'VEHICLE_ID', IN_VOTER: 'GOV_ID', IN_PASSPORT: 'GOV_ID', FI_PERSONAL_IDENTITY_CODE: 'GOV_ID', KR_RRN: 'GOV_ID', TH_TNIN: 'GOV_ID',
};
const OURS = new Set<string>(PII_TYPE_NAMES);
/** An unknown name may be anything, so it is masked and shown to readers, and no more. */
const UNKNOWN_SCORE = 0.5;

/** @returns our type, and the score that counts */
export function typeOfEntity(name: string, score: number): { type: PiiType; score: number } {
  const upper = name.toUpperCase();
  const type = OURS.has(upper) ? (upper as PiiType) : NAMES[upper];
  return type === undefined ? { type: 'CONFIDENTIAL', score: Math.min(score, UNKNOWN_SCORE) } : { type, score };
}
