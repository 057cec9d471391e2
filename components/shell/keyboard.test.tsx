import { afterEach, describe, expect, it, vi } from 'vitest';
import { createKeyboard } from './keyboard.ts';

const plain = { remap: {}, lettersOff: false };
afterEach(() => {
  document.body.innerHTML = '';
});

function type(
  keyboard: ReturnType<typeof createKeyboard>,
  key: string,
  options: KeyboardEventInit = {},
  target: Element = document.body,
) {
  let result: unknown;
  const listen = (event: Event) => {
    result = keyboard.handle(event as KeyboardEvent);
  };
  document.addEventListener('keydown', listen, { once: true });
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options }));
  return result;
}

describe('which act a key runs', () => {
  it('the innermost scope wins, and the outer one is back when it leaves', () => {
    const keyboard = createKeyboard(plain);
    const desk = vi.fn();
    const mode = vi.fn();
    keyboard.register([{ id: 'desk.next-event', run: desk }]);
    const leave = keyboard.register([{ id: 'steps.next', run: mode }]);
    type(keyboard, 'j');
    leave();
    type(keyboard, 'j');
    expect([mode.mock.calls.length, desk.mock.calls.length]).toEqual([1, 1]);
  });

  it('takes one key after the other', () => {
    const keyboard = createKeyboard(plain);
    const home = vi.fn();
    keyboard.register([{ id: 'go.home', run: home }]);
    expect(type(keyboard, 'g')).toBe('waits');
    expect(type(keyboard, 'h')).toBe('go.home');
    expect(type(keyboard, 'h')).toBeUndefined();
    expect(home).toHaveBeenCalledTimes(1);
  });

  it('a mode’s single key ends a sequence that an outer scope began with it', () => {
    const keyboard = createKeyboard(plain);
    const gap = vi.fn();
    const home = vi.fn();
    keyboard.register([{ id: 'go.home', run: home }]);
    keyboard.register([{ id: 'cause.guideline', run: gap }]);
    type(keyboard, 'g');
    type(keyboard, 'h');
    expect([gap.mock.calls.length, home.mock.calls.length]).toEqual([1, 0]);
  });

  it('drops the auto-repeat of a deciding key and keeps that of a moving one', () => {
    const keyboard = createKeyboard(plain);
    const decide = vi.fn();
    const move = vi.fn();
    keyboard.register([
      { id: 'desk.decide', run: decide },
      { id: 'desk.next-event', run: move },
    ]);
    expect(type(keyboard, ' ', { code: 'Space', repeat: true })).toBe('held');
    type(keyboard, 'j', { repeat: true });
    expect([decide.mock.calls.length, move.mock.calls.length]).toEqual([0, 1]);
  });

  it('leaves letters to text fields, Enter to links and everything to input methods', () => {
    const keyboard = createKeyboard(plain);
    keyboard.register([
      { id: 'undo', run: () => expect.fail('ran') },
      { id: 'table.open', run: () => expect.fail('ran') },
    ]);
    document.body.innerHTML = '<textarea></textarea><a href="/x">x</a>';
    expect(type(keyboard, 'z', {}, document.querySelector('textarea')!)).toBeUndefined();
    expect(type(keyboard, 'Enter', {}, document.querySelector('a')!)).toBeUndefined();
    expect(type(keyboard, 'z', { isComposing: true })).toBeUndefined();
  });

  it('is still while a dialog is open', () => {
    const keyboard = createKeyboard(plain);
    keyboard.register([{ id: 'undo', run: () => expect.fail('ran') }]);
    document.body.innerHTML = '<dialog open></dialog>';
    expect(type(keyboard, 'z')).toBeUndefined();
  });

  it('with letters off only chords and named keys work', () => {
    const keyboard = createKeyboard({ remap: {}, lettersOff: true });
    const open = vi.fn();
    keyboard.register([
      { id: 'undo', run: () => expect.fail('ran') },
      { id: 'go.home', run: () => expect.fail('ran') },
      { id: 'acts.open', run: open },
    ]);
    type(keyboard, 'z');
    type(keyboard, 'g');
    type(keyboard, 'h');
    type(keyboard, 'F2', { code: 'F2' });
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('follows a person’s own keys', () => {
    const keyboard = createKeyboard({ remap: { undo: ['u'] }, lettersOff: false });
    const undo = vi.fn();
    keyboard.register([{ id: 'undo', run: undo }]);
    type(keyboard, 'z');
    type(keyboard, 'u');
    expect(undo).toHaveBeenCalledTimes(1);
  });
});
