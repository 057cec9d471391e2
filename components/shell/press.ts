/** Does this keystroke match this key of the table? The grammar of named keys is tinykeys'. */
import { type KeybindingPress, matchKeybindingPress, parseKeybinding } from 'tinykeys';

export type Keystroke = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'getModifierState'
>;

const isLetter = (sign: string): boolean => sign.toLowerCase() !== sign.toUpperCase();
const parsed = new Map<string, KeybindingPress[]>();

function toTinykeys(press: string): string[] {
  if ([...press].length > 1) return [press];
  if (/[0-9]/.test(press)) return [`Digit${press}`, `[Shift]+${press}`];
  return [press === press.toLowerCase() ? press : `Shift+${press.toLowerCase()}`];
}

/**
 * Letters follow the typed character; Caps Lock does not make `x` an `X`. Signs match however they are typed (Shift,
 * AltGr), but not with a bare Ctrl, Alt or Command. Digits are also the number row without Shift (French layouts).
 */
export function isPress(event: Keystroke, press: string): boolean {
  if ([...press].length === 1 && !isLetter(press) && !/[0-9]/.test(press)) {
    const isTyped = event.getModifierState('AltGraph') || (!event.ctrlKey && !event.altKey);
    return event.key === press && !event.metaKey && isTyped;
  }
  let presses = parsed.get(press);
  if (!presses) {
    presses = toTinykeys(press).flatMap((text) => parseKeybinding(text));
    parsed.set(press, presses);
  }
  return presses.some((one) => matchKeybindingPress(event as KeyboardEvent, one));
}

/** Keys that WCAG 2.1.4 wants to be able to switch off: one bare letter, digit or sign. */
export const isBareCharacter = (press: string): boolean => [...press].length === 1;

/** How a keystroke is written in the table, for remapping; undefined for a modifier alone. */
export function writePress(event: Keystroke): string | undefined {
  if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Unidentified'].includes(event.key)) return undefined;
  const name = event.key === ' ' ? 'Space' : event.key;
  const isSign = [...name].length === 1;
  if (event.ctrlKey || event.metaKey) return `$mod+${event.shiftKey && !isSign ? 'Shift+' : ''}${name.toLowerCase()}`;
  if (event.altKey && !event.getModifierState('AltGraph')) return undefined;
  return isSign || !event.shiftKey ? name : `Shift+${name}`;
}

/** For `aria-keyshortcuts`; sequences cannot be said there. */
export function toAriaShortcut(keys: readonly string[]): string | undefined {
  const said = keys
    .filter((key) => !key.includes(' '))
    .map((key) => {
      if (key.startsWith('$mod+')) return `Control+${key.slice(5).toUpperCase()}`;
      return isLetter(key) && key.length === 1 && key !== key.toLowerCase() ? `Shift+${key}` : key;
    });
  return said.length > 0 ? said.join(' ') : undefined;
}
