/** Chassis numbers with their check digit. Plates stand in `labelled-number`: alone they look like anything. */

import { hasContext } from '../context.ts';
import { TRIGGER } from '../triggers.ts';
import { CHECKED, CONTEXT, clip, type Hit, type Rule } from './rule.ts';

const VIN = /(?<![\w-])(?=[A-HJ-NPR-Z]*\d)(?=\d*[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{17}(?![\w-])/gi;
const WORDS = /\b(?:vin|chassis|vehicle|fahrgestell\w*|fin|bastidor|telaio)\b/i;
const VALUES: Record<string, number> = Object.fromEntries([...'ABCDEFGH'].map((c, i) => [c, i + 1]));
for (const [chars, from] of [
  ['JKLMN', 1],
  ['P', 7],
  ['R', 9],
  ['STUVWXYZ', 2],
] as const)
  for (const [i, char] of [...chars].entries()) VALUES[char] = from + i;
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

export const vehicleIdRule: Rule = {
  detector: 'rule:vehicle-id@1',
  triggers: TRIGGER.LONG17,
  needs: (traits) => traits.longest >= 17 && traits.digits >= 1,
  find(input) {
    const hits: Hit[] = [];
    for (const match of input.text.matchAll(VIN)) {
      const end = match.index + match[0].length;
      const isNamed = hasContext(input, match.index, end, WORDS);
      const isChecked = /\d{4}$/.test(match[0]) && isVin(match[0].toUpperCase());
      if (isChecked || isNamed)
        hits.push({
          start: match.index,
          end,
          type: 'VEHICLE_ID',
          score: clip(0.2 + (isChecked ? CHECKED : CONTEXT) + (isNamed ? CONTEXT : 0)),
          subtype: 'vin',
        });
    }
    return hits;
  },
};

/** ISO 3779 as North America checks it: weights, mod 11, X for 10 in the ninth place. */
export function isVin(vin: string): boolean {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (VALUES[vin[i]!] ?? Number(vin[i])) * WEIGHTS[i]!;
  const rest = sum % 11;
  return vin[8] === (rest === 10 ? 'X' : String(rest));
}
