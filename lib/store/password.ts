/** Argon2id, m = 19 MiB, t = 2, p = 1 (OWASP); at most two at a time, so that sign-ins cannot exhaust memory. */
import { hash, verify } from '@node-rs/argon2';
import { COMMON_PASSWORDS } from './common-passwords.ts';

const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
let running = 0;
const waiting: (() => void)[] = [];

async function atMostTwo<T>(work: () => Promise<T>): Promise<T> {
  if (running >= 2) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

const normal = (password: string): string => password.normalize('NFC');

export const hashPassword = (password: string): Promise<string> => atMostTwo(() => hash(normal(password), COST));

/** Checked for unknown people too, so that both answers cost the same. */
const NOBODY = hashPassword('there is no such person here');

export const verifyPassword = async (stored: string | null, password: string): Promise<boolean> => {
  const against = stored ?? (await NOBODY);
  const matches = await atMostTwo(() => verify(against, normal(password)).catch(() => false));
  return stored !== null && matches;
};

/** 15 to 128 characters, not common, not the e-mail or the product. */
export function isStrongPassword(password: string, email: string): boolean {
  const folded = normal(password).toLowerCase();
  const length = [...folded].length;
  if (length < 15 || length > 128) return false;
  if (new Set(folded).size < 5) return false;
  const local = email.split('@')[0]?.toLowerCase() ?? '';
  if (folded === email.toLowerCase() || (local.length >= 4 && folded.replaceAll(local, '').length < 8)) return false;
  if (folded.replaceAll('assay', '').length < 8) return false;
  const letters = folded.replace(/[^a-z]/g, '');
  return !COMMON_PASSWORDS.has(folded) && !COMMON_PASSWORDS.has(letters);
}
