/** Wallet addresses with their own checks (base58check, bech32), Ethereum, others by context; recovery words. */

import { createHash } from 'node:crypto';
import { hasContext } from '../context.ts';
import { TRIGGER } from '../triggers.ts';
import { CHECKED, CONTEXT, clip, type Hit, type Rule } from './rule.ts';

const BASE58 = /(?<![\w/+=-])[13LMDTXAtrm29][a-km-zA-HJ-NP-Z1-9]{25,50}(?![\w/+=-])/g;
const BECH32 = /(?<![\w-])(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{25,87}(?![\w-])/gi;
const ETHEREUM = /(?<![\w])0x[0-9a-fA-F]{40}(?![\w])/g;
const MONERO = /(?<![\w])[48][0-9AB][a-km-zA-HJ-NP-Z1-9]{93}(?![\w])/g;
const WORDS =
  /\b(?:wallet|bitcoin|btc|eth(?:ereum)?|ltc|litecoin|doge|xrp|ripple|solana|sol|tron|trx|usdt|usdc|crypto\w*|blockchain|deposit|withdraw\w*|payout|address)\b/i;
const SEED =
  /\b(?:seed|recovery|mnemonic|backup)(?: (?:phrase|words|key|sentence))?\b[^a-z\n]{0,4}(?:is|are|=|:)?[^a-z\n]{0,4}((?:[a-z]{3,8}[ ,]{1,2}){11,23}[a-z]{3,8})(?![a-z])/gi;
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32_ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

export const cryptoWalletRule: Rule = {
  detector: 'rule:crypto-wallet@1',
  triggers: TRIGGER.LONG17 | TRIGGER.SEED,
  needs: (traits) => (traits.longest >= 26 && traits.digits >= 1) || /seed|recovery|mnemonic|backup/.test(traits.lower),
  find(input) {
    const { text } = input;
    const hits: Hit[] = [];
    const add = (match: RegExpMatchArray, base: number, isChecked: boolean, subtype: string) => {
      const end = match.index! + match[0].length;
      const score = base + (isChecked ? CHECKED : 0) + (hasContext(input, match.index!, end, WORDS) ? CONTEXT : 0);
      if (score >= 0.3) hits.push({ start: match.index!, end, type: 'CRYPTO_WALLET', score: clip(score), subtype });
    };
    for (const match of text.matchAll(BASE58)) {
      if (!/\d/.test(match[0]) || !/[a-z]/.test(match[0])) continue;
      if (isBase58Check(match[0])) add(match, 0.4, true, 'base58');
      else if (
        match[0].length >= 32 &&
        hasContext(input, match.index, match.index + match[0].length, /\b(?:wallet|solana|sol)\b/i)
      )
        add(match, 0.4, false, 'base58');
    }
    for (const match of text.matchAll(BECH32))
      add(match, isBech32(match[0].toLowerCase()) ? 0.4 : 0.1, isBech32(match[0].toLowerCase()), 'bech32');
    if (text.includes('0x'))
      for (const match of text.matchAll(ETHEREUM))
        if (!/^0x(.)\1*$/.test(match[0])) add(match, 0.62, false, 'ethereum');
    for (const match of text.matchAll(MONERO)) add(match, 0.6, false, 'monero');
    if (/seed|recovery|mnemonic|backup/i.test(text))
      for (const match of text.matchAll(SEED)) {
        const end = match.index + match[0].length;
        hits.push({ start: end - match[1]!.length, end, type: 'SECRET', score: 0.8, subtype: 'recovery-words' });
      }
    return hits;
  },
};

/** Version and payload followed by the first four bytes of their double SHA-256. */
function isBase58Check(text: string): boolean {
  let value = 0n;
  for (const char of text) value = value * 58n + BigInt(ALPHABET.indexOf(char));
  const hex = value.toString(16);
  const zeros = /^1*/.exec(text)![0].length;
  const bytes = Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')]);
  if (bytes.length !== 25) return false;
  const once = createHash('sha256').update(bytes.subarray(0, 21)).digest();
  return createHash('sha256').update(once).digest().subarray(0, 4).equals(bytes.subarray(21));
}

/** BIP 173 and BIP 350. */
function isBech32(text: string): boolean {
  const split = text.lastIndexOf('1');
  const values = [...text.slice(split + 1)].map((char) => BECH32_ALPHABET.indexOf(char));
  const prefix = [...text.slice(0, split)].map((char) => char.charCodeAt(0));
  const all = [...prefix.map((c) => c >> 5), 0, ...prefix.map((c) => c & 31), ...values];
  let sum = 1;
  for (const value of all) {
    const top = sum >> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [i, factor] of [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].entries())
      if ((top >> i) & 1) sum ^= factor;
  }
  return sum === 1 || sum === 0x2bc830a3;
}
