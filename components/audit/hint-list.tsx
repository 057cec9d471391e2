'use client';
import type { Hint } from './hints.ts';

/** Letters beside what they jump to; the same letters stand in the text. */
export function HintList({
  hints,
  typed,
  onPick,
}: {
  hints: readonly Hint[];
  typed: string;
  onPick: (hint: Hint) => void;
}) {
  const shown = hints.filter(({ letters }) => letters.startsWith(typed));
  return (
    <section aria-label="Find with letters" className="flex flex-col gap-1">
      <h2 className="font-semibold">Type two letters{typed && `: ${typed}…`}</h2>
      <p className="text-ink-3 text-label">Shift with the second: the first word alone. Escape leaves.</p>
      {shown.length === 0 && <p className="text-ink-3">No capitalised or numeric run here.</p>}
      {shown.map((hint) => (
        <button
          key={hint.letters}
          type="button"
          className="flex min-h-6 items-center gap-2 rounded-sm px-1 text-left hover:bg-sunken"
          onClick={() => onPick(hint)}
        >
          <span className="rounded-sm bg-accent px-1 font-mono text-label text-on-accent">{hint.letters}</span>
          <span className="truncate" dir="auto" translate="no">
            {hint.text}
          </span>
        </button>
      ))}
    </section>
  );
}
