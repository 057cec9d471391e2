/**
 * Decimal digits of a double, exact and rounded half to even, as C's printf does. JavaScript's `toFixed` rounds ties up
 * and changes to exponent form at 1e21.
 */

/** The double as `mantissa * 2 ** exponent`, both exact. */
function parts(x: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const raw = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return raw === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: raw - 1075 };
}

/** round(|x| * 10 ** places), ties to even. */
function scaled(x: number, places: number): bigint {
  const { mantissa, exponent } = parts(Math.abs(x));
  let top = mantissa;
  let bottom = 1n;
  if (exponent >= 0) top <<= BigInt(exponent);
  else bottom <<= BigInt(-exponent);
  if (places >= 0) top *= 10n ** BigInt(places);
  else bottom *= 10n ** BigInt(-places);
  const whole = top / bottom;
  const twice = (top % bottom) * 2n;
  return twice > bottom || (twice === bottom && whole % 2n === 1n) ? whole + 1n : whole;
}

/** `%.{places}f` of a finite double without its sign. */
export function fixedDigits(x: number, places: number): string {
  const digits = scaled(x, places)
    .toString()
    .padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The first `count` significant digits of a finite double, and the power of ten of the first. */
export function significantDigits(x: number, count: number): { digits: string; power: number } {
  if (x === 0) return { digits: '0'.repeat(count), power: 0 };
  let power = Number(Math.abs(x).toExponential().split('e')[1]);
  let digits = scaled(x, count - 1 - power).toString();
  if (digits.length > count) {
    power++;
    digits = digits.slice(0, count);
  }
  return { digits, power };
}

const exponentText = (power: number) => `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;

/** `%.{places}e` without its sign. */
export function exponentDigits(x: number, places: number): string {
  const { digits, power } = significantDigits(x, places + 1);
  return `${digits[0]}${places > 0 ? `.${digits.slice(1)}` : ''}${exponentText(power)}`;
}

/** `%.{precision}g` without its sign. @param keepZeros as `#` asks for */
export function generalDigits(x: number, precision: number, keepZeros = false): string {
  const count = Math.max(1, precision);
  const { digits, power } = significantDigits(x, count);
  const strip = (text: string) => (keepZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
  if (power < -4 || power >= count) {
    return strip(`${digits[0]}${count > 1 ? `.${digits.slice(1)}` : ''}`) + exponentText(power);
  }
  return strip(fixedDigits(x, count - 1 - power));
}

/** `round(x, places)` of a float. */
export function roundFloat(x: number, places: number): number {
  if (!Number.isFinite(x) || places > 323) return x;
  if (places < -308) return x * 0;
  const size = places >= 0 ? Number(fixedDigits(x, places)) : Number(scaled(x, places) * 10n ** BigInt(-places));
  return x < 0 || Object.is(x, -0) ? -size : size;
}
