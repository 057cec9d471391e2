/** Invented support conversations with planted personal data: nobody in them exists. The same seed gives the same bytes. */
import { createHash } from 'node:crypto';

export type Planted = {
  /** a detector must find these: not one may stand anywhere outside the vault */
  detected: string[];
  /** no rule can know these: they may stand in redacted text and nowhere else */
  unknown: string[];
};

const FIRST = ['Marit', 'Tobias', 'Leonie', 'Henrik', 'Saskia', 'Ansel', 'Philippa', 'Rainer'];
const LAST = ['Vandermolen', 'Oosterbeek', 'Lindqvist', 'Haverkamp', 'Bergstrand', 'Falkenrath'];
const GOODS = ['tent', 'stove', 'rucksack', 'kayak paddle', 'rain jacket', 'head torch'];

/** Digits that follow from a word. */
const digitsOf = (word: string, count: number): string =>
  BigInt(`0x${createHash('sha256').update(word).digest('hex')}`)
    .toString()
    .slice(1, 1 + count);

/** A payment card number of 16 digits whose Luhn sum is right; prefix 4539 is no issuer's of this invented shop. */
function cardOf(word: string): string {
  const body = `4539${digitsOf(word, 11)}`;
  let sum = 0;
  [...body].reverse().forEach((digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  });
  return body + String((10 - (sum % 10)) % 10);
}

function ibanOf(word: string): string {
  const account = digitsOf(word, 18);
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(check).padStart(2, '0')}${account}`;
}

/** One conversation of a shop's assistant: a question, a tool call with its JSON, an answer. */
export function conversation(seed: string, no: number): { row: object; planted: Planted } {
  const word = `${seed}:${no}`;
  const pick = <T>(list: readonly T[], salt: string): T => list[Number(digitsOf(word + salt, 6)) % list.length]!;
  const name = `${pick(FIRST, 'f')} ${pick(LAST, 'l')}`;
  const mail = `${name.toLowerCase().replace(' ', '.')}.${digitsOf(word, 5)}@kundenpost.example.com`;
  const phone = `+49 151 ${digitsOf(`${word}p`, 8)}`;
  const card = cardOf(word);
  const iban = ibanOf(word);
  const nickname = `quellbruk${digitsOf(`${word}n`, 6).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!)}`;
  const goods = pick(GOODS, 'g');
  const order = `BW-${digitsOf(`${word}o`, 7)}`;
  const call = `call_${digitsOf(`${word}c`, 10)}`;
  const row = {
    id: `log-${seed}-${no}`,
    user: mail,
    metadata: { page: `https://shop.example.com/orders?mail=${encodeURIComponent(mail)}` },
    messages: [
      { role: 'system', content: 'You help customers of an outdoor shop. Be brief and polite.' },
      {
        role: 'user',
        content: `Hello, this is ${name}. Where is my ${goods}? Order ${order}, write to ${mail} or call ${phone}. My friends say ${nickname}.`,
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: call,
            type: 'function',
            function: { name: 'find_order', arguments: JSON.stringify({ order, customer: { mail, phone } }) },
          },
        ],
      },
      {
        role: 'tool',
        tool_call_id: call,
        content: JSON.stringify({
          order,
          status: 'in transit',
          payer: name,
          refundTo: iban,
          card,
          note: `mail "${mail}"`,
        }),
      },
      {
        role: 'assistant',
        content: `Thank you, ${name}. Your ${goods} of order ${order} is in transit and arrives on Thursday. A refund would go to ${iban}.`,
      },
    ],
  };
  return { row, planted: { detected: [mail, phone, card, iban, name], unknown: [nickname] } };
}

/** JSONL of `count` conversations, one a record. */
export function inventedLog(seed: string, count: number, from = 0): { bytes: Buffer; planted: Planted } {
  const all = Array.from({ length: count }, (_, n) => conversation(seed, from + n));
  return {
    bytes: Buffer.from(all.map(({ row }) => `${JSON.stringify(row)}\n`).join('')),
    planted: {
      detected: [...new Set(all.flatMap(({ planted }) => planted.detected))],
      unknown: [...new Set(all.flatMap(({ planted }) => planted.unknown))],
    },
  };
}
