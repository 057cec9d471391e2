'use client';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import type { LiveAct } from './keyboard.ts';
import { keysOf, SCOPES } from './keys.ts';
import { useKeyboard, useKeySettings, useLiveActs } from './keys-provider.tsx';
import { isPress, toAriaShortcut } from './press.ts';

/**
 * Every act that works now as a button (F2). With letters switched off it is the way to them: in here the same keys
 * work, because here they have the focus.
 */
export function ActsMenu({ open, onClose }: { open: boolean; onClose: () => void }) {
  const keyboard = useKeyboard();
  const { settings } = useKeySettings();
  const acts = useLiveActs().filter((item) => item.id !== 'acts.open');
  const scopes = [...new Set(acts.map((item) => item.scope))];
  function choose(item: LiveAct) {
    onClose();
    keyboard?.run(item.id);
  }
  function typed(event: React.KeyboardEvent) {
    if (event.key === 'Escape' || event.key === 'Tab' || event.key === 'Enter' || event.key === ' ') return;
    const item = acts.find((one) => keysOf(one, settings.remap).some((key) => isPress(event.nativeEvent, key)));
    if (!item) return;
    event.preventDefault();
    choose(item);
  }
  return (
    <Dialog open={open} onClose={onClose} title="Acts of this desk" hint="Press an act’s key, or choose it.">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside have the focus; this hears their keys */}
      <div onKeyDown={typed} className="flex flex-col gap-4">
        {scopes.map((scope) => (
          <section key={scope} aria-label={SCOPES[scope].label}>
            <h3 className="mb-1 text-ink-3 text-label">{SCOPES[scope].label}</h3>
            <ul className="grid gap-x-4 sm:grid-cols-2">
              {acts
                .filter((item) => item.scope === scope)
                .map((item) => (
                  <li key={item.id}>
                    <button
                      type="button"
                      aria-keyshortcuts={toAriaShortcut(keysOf(item, settings.remap))}
                      onClick={() => choose(item)}
                      className="flex h-8 w-full items-center justify-between gap-2 rounded-sm px-2 text-start hover:bg-selected focus-visible:-outline-offset-2"
                    >
                      {item.label}
                      <Kbd keys={keysOf(item, settings.remap)[0] ?? ''} />
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
