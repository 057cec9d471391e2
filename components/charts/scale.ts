/** Numbers as places on a drawing. Pure. */

/** 0 to 1, cut at the ends; a range of no width puts everything at its start. */
export const share = (value: number, from: number, to: number): number =>
  to === from ? 0 : Math.min(1, Math.max(0, (value - from) / (to - from)));

/** How strongly a cell is filled: 0 for nothing, then 1 to `steps`. */
export const stepOf = (value: number, most: number, steps: number): number =>
  value <= 0 || most <= 0 ? 0 : Math.min(steps, Math.max(1, Math.ceil((value / most) * steps)));

export const percentOf = (value: number): string => `${(value * 100).toFixed(2)}%`;

/** Round numbers from 0 to at least `most`, two to six of them. */
export function ticks(most: number): number[] {
  if (most <= 0) return [0];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}
