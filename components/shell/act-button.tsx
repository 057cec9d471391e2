'use client';
import type { ComponentProps, ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { ACT_BY_ID, type ActId, keysOf } from './keys.ts';
import { useKeyboard, useKeySettings, useLiveActs } from './keys-provider.tsx';
import { toAriaShortcut } from './press.ts';

/** The button of an act: same name, same effect, shows its key. Off while the act is not live. */
export function ActButton({
  act,
  children,
  showKey = true,
  ...rest
}: Omit<ComponentProps<typeof Button>, 'onClick'> & { act: ActId; children?: ReactNode; showKey?: boolean }) {
  const keyboard = useKeyboard();
  const { settings } = useKeySettings();
  const live = useLiveActs().find((item) => item.id === act);
  const item = live ?? ACT_BY_ID.get(act);
  if (!item) return null;
  const keys = keysOf(item, settings.remap);
  return (
    <Button aria-keyshortcuts={toAriaShortcut(keys)} disabled={!live} {...rest} onClick={() => keyboard?.run(act)}>
      {children ?? item.label}
      {showKey && keys[0] && <Kbd keys={keys[0]} />}
    </Button>
  );
}
