'use client';
import { Kbd } from '../ui/kbd.tsx';
import { keysOf, SCOPES } from './keys.ts';
import { useKeyboard, useKeySettings, useLiveActs } from './keys-provider.tsx';
import { toAriaShortcut } from './press.ts';

const SHOWN = 9;

/** The footer: what works now, innermost first; filled with the accent while a mode is on. */
export function KeyHints() {
  const acts = useLiveActs();
  const { settings } = useKeySettings();
  const keyboard = useKeyboard();
  const inner = acts[0]?.scope;
  const isMode = inner !== undefined && SCOPES[inner].rank === 3;
  const shown = acts
    .filter((item) => SCOPES[item.scope].rank > 0 && !item.isQuiet && (!isMode || item.scope === inner))
    .sort((a, b) => Number(b.id === 'desk.decide') - Number(a.id === 'desk.decide'))
    .slice(0, SHOWN);
  const general = acts.filter((item) => ['palette.open', 'keys.show'].includes(item.id));
  return (
    <section
      aria-label="Keys that work now"
      className={`flex h-8 items-center gap-1 overflow-hidden border-line border-t px-2 text-label ${
        isMode ? 'bg-selected' : 'bg-bg'
      }`}
    >
      {isMode && <span className="px-1 font-semibold">{SCOPES[inner].label}</span>}
      <div className="flex min-w-0 flex-1 items-center gap-1 overflow-hidden">
        {shown.map((item) => (
          <Hint
            key={item.id}
            label={item.label}
            keys={keysOf(item, settings.remap)}
            run={() => keyboard?.run(item.id)}
          />
        ))}
      </div>
      <div className="flex items-center gap-1">
        {general.map((item) => (
          <Hint
            key={item.id}
            label={item.label}
            keys={keysOf(item, settings.remap)}
            run={() => keyboard?.run(item.id)}
          />
        ))}
      </div>
    </section>
  );
}

function Hint({ label, keys, run }: { label: string; keys: readonly string[]; run: () => void }) {
  return (
    <button
      type="button"
      onClick={run}
      aria-keyshortcuts={toAriaShortcut(keys)}
      className="inline-flex h-6 shrink-0 items-center gap-1.5 rounded-sm px-1 text-ink-3 hover:bg-sunken hover:text-ink focus-visible:-outline-offset-2"
    >
      {keys[0] && <Kbd keys={keys[0]} />}
      {label}
    </button>
  );
}
