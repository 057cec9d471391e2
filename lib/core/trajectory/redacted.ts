/**
 * The proof that redaction ran. Only two callers may mint it: `pii/pseudonymise` (redaction just ran) and the store's
 * unit reader (it ran before the row was written, the receipt's hash is checked). Everything that leaves the house
 * takes `Redacted<…>`; a test (docs/docs.test.ts) keeps other rooms from calling the minters.
 */
import { contentHash } from './hash.ts';

declare const proof: unique symbol;
export type Redacted<T> = T & { readonly [proof]: 'redacted' };

/** Called by `pii/pseudonymise` alone. */
export const mintRedacted = <T>(value: T): Redacted<T> => value as Redacted<T>;

/**
 * Called by the store alone, for rows that redaction wrote.
 * @throws Error when the value is not what was hashed at redaction
 */
export function restoreRedacted<T>(value: T, hashAtRedaction: string): Redacted<T> {
  if (contentHash(value) !== hashAtRedaction) throw new Error('stored unit differs from what redaction wrote');
  return value as Redacted<T>;
}
