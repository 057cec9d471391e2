/** Offsets: the code works on UTF-16 units, every stored span on code points. */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/;

export type Offsets = {
  /** Code point offset of a UTF-16 offset; inside a pair: of the pair's start. */
  toPoint(unit: number): number;
  toUnit(point: number): number;
};

const IDENTITY: Offsets = { toPoint: (unit) => unit, toUnit: (point) => point };

export function offsetsOf(text: string): Offsets {
  if (!PAIR.test(text)) return IDENTITY;
  const points = new Int32Array(text.length + 1);
  const units: number[] = [];
  let point = 0;
  for (let i = 0; i < text.length; ) {
    const width = text.codePointAt(i)! > 0xffff ? 2 : 1;
    units.push(i);
    points[i] = point;
    if (width === 2) points[i + 1] = point;
    i += width;
    point++;
  }
  points[text.length] = point;
  units.push(text.length);
  return { toPoint: (unit) => points[unit]!, toUnit: (at) => units[at]! };
}
