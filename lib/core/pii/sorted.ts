/** Index of the last that starts at `at` or before; -1 when none does. `list` is sorted by start. */
export function lastFrom(list: readonly { start: number }[], at: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.start <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
