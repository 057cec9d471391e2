import { hash } from 'node:crypto';
import { canonicalJson } from './json.ts';

/** Lower-case hex SHA-256. Strings are hashed as UTF-8. */
export const sha256 = (data: string | Uint8Array): string => hash('sha256', data, 'hex');

/** Hash of a value that does not depend on key order. */
export const contentHash = (value: unknown): string => sha256(canonicalJson(value));
