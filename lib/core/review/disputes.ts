/**
 * Two blind readings side by side: what both marked alike is taken, what differs goes to a third person, one dispute at
 * a time. Offsets are code points, half open.
 */
import type { Mark } from './verdict.ts';

export type Dispute = { a: Mark | null; b: Mark | null };
export type Take = 'a' | 'b' | 'union' | 'overlap' | 'neither' | 'edit';

const isSame = (a: Mark, b: Mark): boolean =>
  a.path === b.path && a.start === b.start && a.end === b.end && a.type === b.type;
const touches = (a: Mark, b: Mark): boolean => a.path === b.path && a.start < b.end && b.start < a.end;

/**
 * Marks that touch each other are one dispute; a mark that only one reader made is one by itself. A mark in doubt is
 * disputed even when both made it alike.
 *
 * Worked example: A marks [0,6) PERSON and [20,25) DATE; B marks [0,6) PERSON and [18,25) DATE. One mark is agreed, one
 * dispute is left: A [20,25) against B [18,25).
 */
export function compareReadings(a: readonly Mark[], b: readonly Mark[]): { agreed: Mark[]; disputes: Dispute[] } {
  const agreed: Mark[] = [];
  const disputes: Dispute[] = [];
  const open = [...b];
  const take = (fits: (other: Mark) => boolean): Mark | null => {
    const at = open.findIndex(fits);
    return at < 0 ? null : open.splice(at, 1)[0]!;
  };
  const left: Mark[] = [];
  for (const mark of a) {
    const same = take((other) => isSame(mark, other));
    if (!same) left.push(mark);
    else if (mark.doubt || same.doubt) disputes.push({ a: mark, b: same });
    else agreed.push(mark);
  }
  for (const mark of left) disputes.push({ a: mark, b: take((other) => touches(mark, other)) });
  for (const mark of open) disputes.push({ a: null, b: mark });
  const place = ({ a: one, b: other }: Dispute) => one ?? other!;
  disputes.sort((x, y) =>
    place(x).path === place(y).path ? place(x).start - place(y).start : place(x).path < place(y).path ? -1 : 1,
  );
  return { agreed, disputes };
}

/**
 * What a ruling makes of a dispute. With one side alone, union and overlap have nothing to join.
 * @returns the mark that holds; null when none does
 * @throws RangeError when the ruling asks for a side that is not there
 */
export function ruledMark({ a, b }: Dispute, take: Take, edit?: Mark): Mark | null {
  const needed = (mark: Mark | null | undefined): Mark => {
    if (!mark) throw new RangeError('the ruling takes a mark that nobody made');
    return mark;
  };
  switch (take) {
    case 'neither':
      return null;
    case 'a':
      return needed(a);
    case 'b':
      return needed(b);
    case 'edit':
      return needed(edit);
    default: {
      const [one, other] = [needed(a), needed(b)];
      const bounds =
        take === 'union'
          ? { start: Math.min(one.start, other.start), end: Math.max(one.end, other.end) }
          : { start: Math.max(one.start, other.start), end: Math.min(one.end, other.end) };
      if (bounds.end <= bounds.start) throw new RangeError('the marks have nothing in common');
      return { ...one, ...bounds };
    }
  }
}
