/** How keys are written for people: `$mod+k` as Ctrl K, `Shift+ArrowLeft` as ⇧ ←, `g h` as two keys. */
const NAMES: Record<string, string> = {
  $mod: 'Ctrl',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Backspace: '⌫',
};

export const spellKeys = (keys: string): string[] =>
  keys.split(' ').flatMap((press) => {
    const parts = press.split(/(?<=\w)\+/);
    return parts.map((part) => NAMES[part] ?? (parts.length > 1 && part.length === 1 ? part.toUpperCase() : part));
  });

export function Kbd({ keys }: { keys: string }) {
  const caps = spellKeys(keys);
  return (
    <kbd className="inline-flex gap-0.5 font-sans">
      {caps.map((cap, at) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the same cap may come twice and never moves
          key={at}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded-sm border border-line bg-surface px-1 text-ink-2 text-label"
        >
          {cap}
        </span>
      ))}
    </kbd>
  );
}
