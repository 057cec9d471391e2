import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { boxOpener, sealFor } from './sealed-box.ts';

describe('a part key sealed for the vault', () => {
  const vault = boxOpener(Buffer.alloc(32, 7));
  const key = randomBytes(32);

  it('is opened by the holder of the same root, also after a restart', () => {
    const wrapped = sealFor(vault.publicKey, key, 'batch source');
    expect(vault.open(wrapped, 'batch source')).toEqual(key);
    expect(boxOpener(Buffer.alloc(32, 7)).open(wrapped, 'batch source')).toEqual(key);
  });

  it('is not opened by another root, for another binding, or altered in any byte', () => {
    const wrapped = sealFor(vault.publicKey, key, 'batch source');
    expect(() => boxOpener(Buffer.alloc(32, 8)).open(wrapped, 'batch source')).toThrow();
    expect(() => vault.open(wrapped, 'batch other')).toThrow();
    for (let at = 0; at < wrapped.length; at++) {
      const altered = Buffer.from(wrapped);
      altered[at]! ^= 1;
      // The top bit of an X25519 key does not count (RFC 7748), but it is part of what the shared key is made from.
      expect(() => vault.open(altered, 'batch source')).toThrow();
    }
  });

  it('looks different each time', () => {
    expect(sealFor(vault.publicKey, key, 'b')).not.toEqual(sealFor(vault.publicKey, key, 'b'));
  });
});
