'use client';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { loadKeySettings, saveRemap } from './key-settings.ts';
import {
  type Capture,
  createKeyboard,
  type Handler,
  type Keyboard,
  type KeySettings,
  type LiveAct,
} from './keyboard.ts';
import type { ActId, Remap } from './keys.ts';

const Keys = createContext<{ keyboard: Keyboard; personId: string } | null>(null);

/** Stands once, around the signed-in app: the one listener for keys. */
export function KeysProvider({
  personId,
  lettersOff,
  children,
}: {
  personId: string;
  lettersOff: boolean;
  children: ReactNode;
}) {
  const [keyboard] = useState(() => createKeyboard({ remap: {}, lettersOff }));
  useEffect(() => keyboard.change(loadKeySettings(personId, lettersOff)), [keyboard, personId, lettersOff]);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => void keyboard.handle(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [keyboard]);
  const value = useMemo(() => ({ keyboard, personId }), [keyboard, personId]);
  return <Keys value={value}>{children}</Keys>;
}

export type ActHandlers = Partial<Record<ActId, Handler | { run: Handler; label?: string } | false | null | undefined>>;

/**
 * Makes acts live while the component stands; leave one out (or false) while it does nothing. Outside the provider
 * (a print, a test of one part) it does nothing.
 */
export function useActs(handlers: ActHandlers): void {
  const keyboard = useContext(Keys)?.keyboard;
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  const live = Object.entries(handlers)
    .filter(([, handler]) => handler)
    .map(([id, handler]) => `${id}\t${typeof handler === 'object' ? (handler?.label ?? '') : ''}`)
    .join('\n');
  useEffect(() => {
    if (!keyboard || live === '') return;
    return keyboard.register(
      live.split('\n').map((line) => {
        const [id, label] = line.split('\t') as [ActId, string];
        const run: Handler = (event) => {
          const handler = latest.current[id];
          if (typeof handler === 'function') handler(event);
          else if (handler) handler.run(event);
        };
        return { id, run, label: label || undefined };
      }),
    );
  }, [keyboard, live]);
}

/** Takes every keystroke while `take` is given: hint letters. Return true for those used. */
export function useKeyCapture(take: Capture | null): void {
  const keyboard = useContext(Keys)?.keyboard;
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  const isOn = take !== null;
  useEffect(() => {
    if (!keyboard || !isOn) return;
    return keyboard.capture((event) => latest.current?.(event) ?? false);
  }, [keyboard, isOn]);
}

const NONE: readonly LiveAct[] = [];
const NO_SETTINGS: KeySettings = { remap: {}, lettersOff: false };
const never = () => () => {};

/** Acts that work now, innermost scope first, with their keys as this person has them. */
export function useLiveActs(): readonly LiveAct[] {
  const keyboard = useContext(Keys)?.keyboard;
  return useSyncExternalStore(
    keyboard?.subscribe ?? never,
    () => keyboard?.liveActs() ?? NONE,
    () => NONE,
  );
}

export function useKeySettings(): {
  settings: KeySettings;
  setRemap: (remap: Remap) => void;
  setLettersOff: (off: boolean) => void;
} {
  const held = useContext(Keys);
  const settings = useSyncExternalStore(
    held?.keyboard.subscribe ?? never,
    () => held?.keyboard.settings() ?? NO_SETTINGS,
    () => NO_SETTINGS,
  );
  return {
    settings,
    setRemap(remap) {
      held?.keyboard.change({ ...settings, remap });
      if (held) saveRemap(held.personId, remap);
    },
    setLettersOff: (lettersOff) => held?.keyboard.change({ ...settings, lettersOff }),
  };
}

/** Runs a live act by name, and hands keystrokes to acts from inside the menu of acts. */
export const useKeyboard = (): Keyboard | undefined => useContext(Keys)?.keyboard;
