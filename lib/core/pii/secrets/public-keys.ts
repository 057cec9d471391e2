/**
 * Keys that everybody may know: they stand in published clients and documentation, and gitleaks (MIT) lets them pass for
 * that reason. First 16 hex digits of their SHA-256, so that none of them stands here.
 */
import { createHash } from 'node:crypto';

// biome-ignore format: a table
const PUBLIC = new Set([
  '0b476bdf9acf2123',
  '2037abcaffb2b777',
  '27a9a42931dff7eb',
  '37f8f09bdf12c2f2',
  '3a8b61d0f636b007',
  '3f370c9dd8225c63',
  '49f777db995e8260',
  '4c98242dcadc8b29',
  '5f83f5d22b14c24a',
  '8731261cb72d8626',
  'a19f89ab3555eac1',
  'a6c814bc555ae62c',
  'dc0fcf046c61640c',
  'e4a5542bb7fd7b67',
  'ea9bb1082cf95663',
  'eb540d2b6ee2a0a4',
  'f56e323494a6ffc2',
]);

export const isPublicKey = (key: string): boolean =>
  PUBLIC.has(createHash('sha256').update(key).digest('hex').slice(0, 16));
