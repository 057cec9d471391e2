import { describe, expect, it } from 'vitest';
import { parseRemap } from './key-settings.ts';
import { ACT_BY_ID, ACTS, type Act, findClashes, SCOPES } from './keys.ts';
import { isPress, toAriaShortcut, writePress } from './press.ts';

type Stroke = { key: string; code?: string; ctrl?: boolean; shift?: boolean; alt?: boolean; altGr?: boolean };
function stroke({ key, code = '', ctrl = false, shift = false, alt = false, altGr = false }: Stroke) {
  const on: Record<string, boolean> = { Control: ctrl, Shift: shift, Alt: alt, AltGraph: altGr };
  return {
    key,
    code,
    ctrlKey: ctrl,
    shiftKey: shift,
    altKey: alt,
    metaKey: false,
    getModifierState: (name: string) => on[name] ?? false,
  };
}

describe('the table of keys', () => {
  it('has no two acts on one key in one scope', () => {
    expect(findClashes(ACTS)).toEqual([]);
  });
  it('names every act once', () => {
    expect(ACT_BY_ID.size).toBe(ACTS.length);
  });
  it('would notice a clash, also with the beginning of a sequence', () => {
    const more: Act[] = [...ACTS, { id: 'x.new', scope: 'global', keys: ['g'], label: 'New' }];
    expect(findClashes(more)[0]).toMatchObject({ scope: 'global', key: 'g' });
    expect(findClashes(ACTS, { undo: ['/'] })).toEqual([{ scope: 'global', key: '/', acts: ['find', 'undo'] }]);
  });
  it('lets an inner scope take a key of an outer one', () => {
    const j = ACTS.filter((item) => (item.keys as readonly string[]).includes('j')).map(
      (item) => SCOPES[item.scope].rank,
    );
    expect(new Set(j).size).toBeGreaterThan(1);
  });
});

describe('a keystroke', () => {
  it.each([
    ['x', { key: 'x' }, true],
    ['x', { key: 'X', shift: true }, false],
    ['x', { key: 'X' }, true],
    ['X', { key: 'X', shift: true }, true],
    ['x', { key: 'x', ctrl: true }, false],
    ['?', { key: '?', shift: true }, true],
    ['/', { key: '/', shift: true }, true],
    ['{', { key: '{', altGr: true, alt: true, ctrl: true }, true],
    ['/', { key: '/', ctrl: true }, false],
    ['1', { key: '1', code: 'Digit1' }, true],
    ['1', { key: '&', code: 'Digit1' }, true],
    ['1', { key: '1', code: 'Digit1', shift: true }, true],
    ['1', { key: '!', code: 'Digit1', shift: true }, false],
    ['$mod+k', { key: 'k', ctrl: true }, true],
    ['Shift+ArrowLeft', { key: 'ArrowLeft', shift: true }, true],
    ['Space', { key: ' ', code: 'Space' }, true],
  ] as const)('%s against %o is %s', (press, event, expected) => {
    expect(isPress(stroke(event), press)).toBe(expected);
  });
  it('is written back as the table writes it', () => {
    expect(writePress(stroke({ key: 'x' }))).toBe('x');
    expect(writePress(stroke({ key: ' ' }))).toBe('Space');
    expect(writePress(stroke({ key: 'K', ctrl: true, shift: true }))).toBe('$mod+k');
    expect(writePress(stroke({ key: 'Shift', shift: true }))).toBeUndefined();
  });
  it('is told to screen readers where it can be', () => {
    expect(toAriaShortcut(['j', 'ArrowDown'])).toBe('j ArrowDown');
    expect(toAriaShortcut(['X'])).toBe('Shift+X');
    expect(toAriaShortcut(['g h'])).toBeUndefined();
  });
});

describe('a person’s own keys', () => {
  it('are taken when whole', () => {
    expect(parseRemap('{"undo":["u"]}')).toEqual({ undo: ['u'] });
  });
  it.each(['', '[]', '{"undo":"u"}', '{"nothing":["u"]}', '{"undo":["/"]}', '{broken'])(
    'are dropped when broken, unknown or clashing: %s',
    (text) => {
      expect(parseRemap(text)).toEqual({});
    },
  );
});
