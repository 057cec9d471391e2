/**
 * The form under which two spellings of a value are one: mailboxes in lower case with their provider's rules, numbers by
 * digits, names folded and without titles. Linking, placeholders and the keyed index all use it.
 */
import { foldValue } from './fold-text.ts';
import type { PiiType } from './taxonomy.ts';

/** Mail providers that ignore dots and what follows a plus sign in the local part. */
const DOTLESS = new Set(['gmail.com', 'googlemail.com']);
const DIGITS_ONLY = new Set<PiiType>(['PAYMENT_CARD', 'PHONE']);
/** Written with or without blanks and hyphens, letters included. */
const COMPACT = new Set<PiiType>(['BANK_ACCOUNT', 'GOV_ID', 'HEALTH_ID', 'VEHICLE_ID', 'DEVICE_ID', 'POSTCODE']);
/** Letter case carries meaning. */
const VERBATIM = new Set<PiiType>(['SECRET', 'BLOB', 'CRYPTO_WALLET']);

export function normaliseValue(type: PiiType, value: string): string {
  if (VERBATIM.has(type)) return value.trim();
  const folded = foldValue(value);
  if (type === 'EMAIL') return normaliseMail(folded);
  if (DIGITS_ONLY.has(type)) {
    const digits = folded.replaceAll(/\D/g, '');
    return digits.length >= 4 ? digits.replace(/^00(?=\d{8})/, '') : folded;
  }
  if (COMPACT.has(type)) return folded.replaceAll(/[^\p{L}\p{N}]/gu, '') || folded;
  if (type === 'USERNAME') return folded.replace(/^@/, '');
  if (type === 'PERSON') return normaliseName(folded);
  return folded;
}

function normaliseMail(folded: string): string {
  const bare = folded.replace(/^mailto:/, '').replaceAll(/[\s<>]/g, '');
  const at = bare.lastIndexOf('@');
  if (at < 1) return bare;
  const domain = bare.slice(at + 1);
  let local = bare.slice(0, at);
  if (DOTLESS.has(domain)) local = local.replace(/\+.*$/, '').replaceAll('.', '');
  return `${local}@${domain}`;
}

const TITLE =
  /^(?:(?:mrs?|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|rev|fr|herr|frau|hr|mme|mlle|m|monsieur|madame|sr|sra|srta|don|dona|signor|signora|dott|ing|capt|sgt|lt|col|gen|judge|hon|mister)\.?\s+)+/;

/** Without title and possessive; "quist, mara" reads as "mara quist". */
function normaliseName(folded: string): string {
  let name = folded
    .replace(/'s?$/, '')
    .replaceAll(/[*_"“”]/g, '')
    .trim();
  const bare = name.replace(TITLE, '');
  if (bare !== '') name = bare;
  const turned = /^([^,]+),\s+([^,]+)$/.exec(name);
  if (turned !== null) name = `${turned[2]} ${turned[1]}`;
  return name.replaceAll(/\s+/g, ' ').trim();
}

/** Words of a name, folded, without titles: 'mara', 'van', 'der', 'quist'. */
export const nameWords = (normalised: string): string[] => normalised.split(/[\s.\-–]+/).filter((word) => word !== '');
