/**
 * Offsets outside the DOM are code points; a lone surrogate is one. UTF-16 exists only here, at the edge of the
 * browser. One map a text, made when first asked: a text without pairs needs none.
 */
const STEP = 512;
const isPair = (text: string, at: number): boolean => {
  const high = text.charCodeAt(at);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff;
};

export type PointMap = {
  /** Code points of the text. */
  length: number;
  /** @param unit UTF-16 index; one inside a pair counts as the pair's start */
  toPoint(unit: number): number;
  toUnit(point: number): number;
};

const IDENTITY = (length: number): PointMap => ({
  length,
  toPoint: (unit) => Math.min(Math.max(unit, 0), length),
  toUnit: (point) => Math.min(Math.max(point, 0), length),
});

export function pointMap(text: string): PointMap {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return IDENTITY(text.length);
  // Unit at which every STEP-th code point starts.
  const marks: number[] = [];
  let points = 0;
  for (let unit = 0; unit < text.length; unit += isPair(text, unit) ? 2 : 1) {
    if (points % STEP === 0) marks.push(unit);
    points++;
  }
  const length = points;
  return {
    length,
    toUnit(point) {
      if (point >= length) return text.length;
      const mark = Math.max(0, Math.floor(point / STEP));
      let unit = marks[mark] as number;
      for (let at = mark * STEP; at < point; at++) unit += isPair(text, unit) ? 2 : 1;
      return unit;
    },
    toPoint(unit) {
      if (unit >= text.length) return length;
      let low = 0;
      let high = marks.length - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((marks[middle] as number) <= unit) low = middle;
        else high = middle - 1;
      }
      let at = marks[low] as number;
      let point = low * STEP;
      while (at < unit) {
        const next = at + (isPair(text, at) ? 2 : 1);
        if (next > unit) break;
        at = next;
        point++;
      }
      return point;
    },
  };
}

const maps = new Map<string, PointMap>();
/** The map of a text, remembered for the last few hundred. */
export function mapOf(text: string): PointMap {
  let map = maps.get(text);
  if (!map) {
    map = pointMap(text);
    if (maps.size >= 500) maps.delete(maps.keys().next().value as string);
    maps.set(text, map);
  }
  return map;
}

export const countPoints = (text: string): number => mapOf(text).length;
export const slicePoints = (text: string, start: number, end: number): string =>
  text.slice(mapOf(text).toUnit(start), mapOf(text).toUnit(end));
