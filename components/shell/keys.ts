/**
 * The one table of keys: every act of every desk, its scope and its default keys. Nothing else listens for keys.
 * Inner scopes win over outer ones: dialog > mode > the desk at hand > every desk > global.
 *
 * How keys are written: a letter or sign is the typed character ('x', 'X', '?'), so it follows the keyboard's layout;
 * named keys carry their modifiers ('Shift+ArrowLeft', '$mod+k' is Ctrl or Command); 'g h' is one after the other.
 */

/** Rank of each scope; the higher is asked first. Two scopes of one rank are never live together. */
export const SCOPES = {
  global: { rank: 0, label: 'Everywhere' },
  desk: { rank: 1, label: 'Every desk' },
  table: { rank: 2, label: 'Table' },
  audit: { rank: 2, label: 'Audit, full read' },
  sweep: { rank: 2, label: 'Sweep' },
  adjudicate: { rank: 2, label: 'Adjudicate' },
  gold: { rank: 2, label: 'Gold' },
  pairs: { rank: 2, label: 'Pairs' },
  tags: { rank: 2, label: 'Tag check' },
  render: { rank: 2, label: 'What the trainer sees' },
  releases: { rank: 2, label: 'Release' },
  coverage: { rank: 2, label: 'Coverage' },
  operator: { rank: 2, label: 'Imports and jobs' },
  'wrong-mask': { rank: 3, label: 'Wrong mask' },
  link: { rank: 3, label: 'Link card' },
  cause: { rank: 3, label: 'Cause' },
  bounds: { rank: 3, label: 'Bounds' },
  reason: { rank: 3, label: 'Reason' },
  steps: { rank: 3, label: 'Steps' },
  rubric: { rank: 3, label: 'Rubric' },
  dialog: { rank: 4, label: 'Dialog' },
} as const satisfies Record<string, { rank: number; label: string }>;
export type ScopeName = keyof typeof SCOPES;

export type Act = {
  id: string;
  scope: ScopeName;
  keys: readonly string[];
  label: string;
  /** Goes on while the key is held (moving). A deciding key never does. */
  repeats?: true;
  /** Not worth a place in the footer. */
  isQuiet?: true;
};

const go = (letter: string, place: string, label: string) =>
  ({ id: `go.${place}`, scope: 'global', keys: [`g ${letter}`], label: `Go to ${label}` }) as const;
const act = <const Id extends string>(
  scope: ScopeName,
  id: Id,
  keys: string | readonly string[],
  label: string,
  repeats?: true,
  isQuiet?: true,
) => ({ id, scope, keys: typeof keys === 'string' ? [keys] : keys, label, repeats, isQuiet });

export const ACTS = [
  act('global', 'keys.show', '?', 'Keys that work here'),
  act('global', 'palette.open', '$mod+k', 'Search and commands'),
  act('global', 'acts.open', 'F2', 'Acts of this desk'),
  act('global', 'find', '/', 'Find or filter'),
  act('global', 'back', 'Escape', 'Back out'),
  act('global', 'undo', 'z', 'Undo'),
  act('global', 'redo', 'Z', 'Redo'),
  go('h', 'home', 'home'),
  go('a', 'audit', 'audit'),
  go('o', 'gold', 'gold'),
  go('p', 'pairs', 'pairs'),
  go('u', 'units', 'units'),
  go('c', 'coverage', 'coverage'),
  go('r', 'releases', 'releases'),
  go('i', 'imports', 'imports'),
  go('j', 'jobs', 'jobs'),
  go('q', 'quality', 'quality'),

  act('table', 'table.next', ['j', 'ArrowDown'], 'Next row', true),
  act('table', 'table.previous', ['k', 'ArrowUp'], 'Previous row', true),
  act('table', 'table.pick', 'x', 'Pick row'),
  act('table', 'table.pick-to', 'X', 'Pick to here'),
  act('table', 'table.pick-all', '$mod+a', 'Pick page, then the whole query'),
  act('table', 'table.open', 'Enter', 'Open'),
  act('table', 'table.sort', 'o', 'Sort'),
  act('table', 'table.filter', 'f', 'Filter'),
  act('table', 'table.columns', 'v', 'Columns'),

  act('desk', 'desk.decide', 'Space', 'Decide, next'),
  act('desk', 'desk.skip', 's', 'Skip with a reason'),
  act('desk', 'desk.flag', 'b', 'Flag to a lead'),
  act('desk', 'desk.note', 'm', 'Note'),
  act('desk', 'desk.history', 'H', 'Last ten decisions'),
  act('desk', 'desk.guidelines', 'G', 'Guidelines'),
  act('desk', 'desk.next-event', ['j', 'ArrowDown'], 'Next event', true),
  act('desk', 'desk.previous-event', ['k', 'ArrowUp'], 'Previous event', true),
  act('desk', 'desk.fold', 'v', 'Fold or unfold'),
  act('desk', 'desk.first-event', 'Home', 'First event', undefined, true),
  act('desk', 'desk.last-event', 'End', 'Last event', undefined, true),
  act('desk', 'desk.page-down', 'PageDown', 'Page down', true, true),
  act('desk', 'desk.page-up', 'PageUp', 'Page up', true, true),

  act('audit', 'audit.hint', 'f', 'Find with letters'),
  act('audit', 'audit.next-token', 'ArrowRight', 'Next token', true),
  act('audit', 'audit.previous-token', 'ArrowLeft', 'Previous token', true),
  act('audit', 'audit.extend-right', 'Shift+ArrowRight', 'Extend right', true),
  act('audit', 'audit.extend-left', 'Shift+ArrowLeft', 'Extend left', true),
  act('audit', 'audit.right-edge-in', '[', 'Right edge in', true),
  act('audit', 'audit.right-edge-out', ']', 'Right edge out', true),
  act('audit', 'audit.left-edge-out', '{', 'Left edge out', true),
  act('audit', 'audit.left-edge-in', '}', 'Left edge in', true),
  act('audit', 'audit.person', 'p', 'Person'),
  act('audit', 'audit.email', 'e', 'E-mail'),
  act('audit', 'audit.phone', 't', 'Telephone'),
  act('audit', 'audit.address', 'a', 'Address'),
  act('audit', 'audit.id', 'i', 'Id'),
  act('audit', 'audit.org', 'o', 'Organisation'),
  act('audit', 'audit.date', 'd', 'Date or age'),
  act('audit', 'audit.secret', 'x', 'Secret'),
  act('audit', 'audit.other', '.', 'Other kind'),
  act('audit', 'audit.person-all', 'P', 'Person, all equal'),
  act('audit', 'audit.email-all', 'E', 'E-mail, all equal'),
  act('audit', 'audit.phone-all', 'T', 'Telephone, all equal'),
  act('audit', 'audit.address-all', 'A', 'Address, all equal'),
  act('audit', 'audit.id-all', 'I', 'Id, all equal'),
  act('audit', 'audit.org-all', 'O', 'Organisation, all equal'),
  act('audit', 'audit.date-all', 'D', 'Date or age, all equal'),
  act('audit', 'audit.secret-all', 'X', 'Secret, all equal'),
  act('audit', 'audit.drop', 'Backspace', 'Drop the mark'),
  act('audit', 'audit.doubt', 'u', 'In doubt'),
  act('audit', 'audit.unreadable', 'U', 'Unreadable, next'),
  act('audit', 'audit.next-placeholder', 'n', 'Next placeholder'),
  act('audit', 'audit.previous-placeholder', 'N', 'Previous placeholder'),
  act('audit', 'audit.wrong', 'w', 'Wrong mask'),
  act('audit', 'audit.reveal', 'r', 'Reveal'),
  act('wrong-mask', 'wrong.not-pii', '1', 'Not personal data'),
  act('wrong-mask', 'wrong.type', '2', 'Wrong kind'),
  act('wrong-mask', 'wrong.bounds', '3', 'Wrong bounds'),
  act('wrong-mask', 'wrong.entity', '4', 'Wrong person'),
  act('wrong-mask', 'wrong.leave', 'Escape', 'Leave'),
  act('audit', 'audit.widen', 'y', 'Widen to the trajectory'),

  act('sweep', 'sweep.accept', 'Enter', 'Personal data, as proposed'),
  act('sweep', 'sweep.reject', 'u', 'Not personal data'),
  act('sweep', 'sweep.other', '.', 'Other kind'),
  act('sweep', 'sweep.next', 'n', 'Next'),
  act('sweep', 'sweep.previous', 'N', 'Previous'),
  act('link', 'link.join', 'l', 'Link'),
  act('link', 'link.apart', 'k', 'Keep apart'),

  act('adjudicate', 'adjudicate.a', '1', 'Take A'),
  act('adjudicate', 'adjudicate.b', '2', 'Take B'),
  act('adjudicate', 'adjudicate.union', '3', 'Union'),
  act('adjudicate', 'adjudicate.overlap', '4', 'Overlap only'),
  act('adjudicate', 'adjudicate.neither', '0', 'Neither'),
  act('adjudicate', 'adjudicate.edit', 'e', 'Edit'),
  act('adjudicate', 'adjudicate.cause', 'c', 'Cause'),
  act('cause', 'cause.ambiguous', 'a', 'Ambiguous'),
  act('cause', 'cause.guideline', 'g', 'Guideline gap'),
  act('cause', 'cause.slip', 's', 'Slip'),
  act('cause', 'cause.leave', 'Escape', 'Leave'),
  act('bounds', 'bounds.take', 'Space', 'Take these bounds'),
  act('bounds', 'bounds.right-in', '[', 'Right edge in', true),
  act('bounds', 'bounds.right-out', ']', 'Right edge out', true),
  act('bounds', 'bounds.left-out', '{', 'Left edge out', true),
  act('bounds', 'bounds.left-in', '}', 'Left edge in', true),
  act('bounds', 'bounds.extend-right', 'Shift+ArrowRight', 'Extend right', true),
  act('bounds', 'bounds.extend-left', 'Shift+ArrowLeft', 'Extend left', true),
  act('bounds', 'bounds.leave', 'Escape', 'Leave'),

  act('gold', 'gold.next-difference', 'd', 'Next difference'),
  act('gold', 'gold.previous-difference', 'D', 'Previous difference'),
  act('gold', 'gold.take', 'y', 'Take the machine’s'),
  act('gold', 'gold.take-rest', 'Y', 'Take the rest'),
  act('gold', 'gold.edit', 'e', 'Edit'),
  act('gold', 'gold.split', 'S', 'Split here'),
  act('gold', 'gold.merge', 'M', 'Merge up'),
  act('gold', 'gold.role', 'R', 'Kind of event'),
  act('gold', 'gold.steps', 't', 'Steps'),
  act('gold', 'gold.tags', 'T', 'Tags'),
  act('gold', 'gold.rubric', 'q', 'Rubric'),
  act('rubric', 'rubric.0', '0', 'No'),
  act('rubric', 'rubric.1', '1', 'Partly'),
  act('rubric', 'rubric.2', '2', 'Yes'),
  act('rubric', 'rubric.leave', 'Escape', 'Leave'),

  act('pairs', 'pairs.left-much', '1', 'Left, much better'),
  act('pairs', 'pairs.left', '2', 'Left'),
  act('pairs', 'pairs.tie', '3', 'Tie'),
  act('pairs', 'pairs.right', '4', 'Right'),
  act('pairs', 'pairs.right-much', '5', 'Right, much better'),
  act('pairs', 'pairs.both-bad', '0', 'Both bad'),
  act('pairs', 'pairs.prefix', 'x', 'Shared prefix'),
  act('pairs', 'pairs.diff', 'd', 'Differences'),
  act('pairs', 'pairs.to-left', 'ArrowLeft', 'Left side'),
  act('pairs', 'pairs.to-right', 'ArrowRight', 'Right side'),
  act('pairs', 'pairs.edit', 'e', 'Edit the better one'),
  act('pairs', 'pairs.reason', 'v', 'Reason'),
  act('pairs', 'pairs.steps', 't', 'Steps'),
  act('reason', 'reason.tool-choice', 't', 'Tool choice'),
  act('reason', 'reason.grounded', 'g', 'Grounded'),
  act('reason', 'reason.safe', 's', 'Safe'),
  act('reason', 'reason.format', 'f', 'Format'),
  act('reason', 'reason.concise', 'c', 'Concise'),
  act('reason', 'reason.leave', 'Escape', 'Leave'),
  act('steps', 'steps.good', '1', 'Good'),
  act('steps', 'steps.unnecessary', '2', 'Unnecessary'),
  act('steps', 'steps.mistake', '3', 'Mistake'),
  act('steps', 'steps.recovery', '4', 'Recovery'),
  act('steps', 'steps.clear', '0', 'Clear'),
  act('steps', 'steps.next', 'j', 'Next step', true),
  act('steps', 'steps.previous', 'k', 'Previous step', true),
  act('steps', 'steps.leave', 'Escape', 'Leave'),

  ...(['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c'] as const).map((key, at) =>
    act('tags', `tags.flip-${at + 1}` as `tags.flip-${number}`, key, `Flip card ${at + 1}`),
  ),

  act('render', 'render.invisibles', 'i', 'Invisible characters'),
  act('render', 'render.next-template', 'n', 'Next template'),
  act('render', 'render.copy', 'y', 'Copy row'),

  act('releases', 'releases.next-gate', 'j', 'Next gate', true),
  act('releases', 'releases.previous-gate', 'k', 'Previous gate', true),
  act('releases', 'releases.evidence', 'Enter', 'Evidence'),
  act('releases', 'releases.compare', 'c', 'Compare'),
  act('releases', 'releases.approve', 'a', 'Approve'),

  act('coverage', 'coverage.view', 'v', 'Map or table'),

  act('operator', 'operator.retry', 'R', 'Retry this reason'),
  act('operator', 'operator.pause', 'p', 'Pause or resume'),
] as const satisfies readonly Act[];

export type ActId = (typeof ACTS)[number]['id'];
export const ACT_BY_ID: ReadonlyMap<string, Act> = new Map<string, Act>(ACTS.map((item) => [item.id, item]));

/** A person's own keys, by act. Acts that are not named keep their defaults. */
export type Remap = Readonly<Record<string, readonly string[]>>;
export const keysOf = (item: Act, remap: Remap = {}): readonly string[] => remap[item.id] ?? item.keys;

export type Clash = { scope: ScopeName; key: string; acts: [string, string] };

/** Acts of one scope that want the same key, or whose key is the beginning of another's sequence. */
export function findClashes(acts: readonly Act[], remap: Remap = {}): Clash[] {
  const clashes: Clash[] = [];
  const held = new Map<string, { act: string; isPrefix: boolean }>();
  for (const item of acts) {
    for (const key of keysOf(item, remap)) {
      const presses = key.split(' ');
      presses.forEach((_, at) => {
        const part = presses.slice(0, at + 1).join(' ');
        const isPrefix = at < presses.length - 1;
        const place = `${item.scope}|${part}`;
        const holder = held.get(place);
        if (holder && !(holder.isPrefix && isPrefix) && holder.act !== item.id) {
          clashes.push({ scope: item.scope, key: part, acts: [holder.act, item.id] });
        }
        if (!holder) held.set(place, { act: item.id, isPrefix });
      });
    }
  }
  return clashes;
}
