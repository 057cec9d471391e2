'use client';
import { useMemo, useState } from 'react';
import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import { PLACEHOLDER } from '#lib/core/pii/taxonomy.ts';
import { countPoints, slicePoints } from '../transcript/code-points.ts';
import type { TextRange } from '../transcript/paint.ts';
import { moveEdge, neighbourToken, tokensOf } from '../transcript/tokens.ts';
import type { PressedPlaceholder } from '../transcript/transcript.tsx';

export type Pressed = Omit<PressedPlaceholder, 'element'>;

/** What is chosen in the texts of a unit, moved by keys: tokens, edges, placeholders. Logical order throughout. */
export function useCaret(texts: ReadonlyMap<string, string>) {
  const [chosen, setChosen] = useState<TextRange | null>(null);
  const [pressed, setPressed] = useState<Pressed | null>(null);
  /** Placeholders in reading order, for n and N. */
  const placeholders = useMemo(
    () =>
      [...texts].flatMap(([path, text]) =>
        [...text.matchAll(PLACEHOLDER)].map((match): Pressed => {
          const start = countPoints(text.slice(0, match.index));
          const end = start + match[0].length;
          return { path, start, end, type: match[1] as PiiType, n: Number(match[2]) };
        }),
      ),
    [texts],
  );
  const lastOf = (text: string) => countPoints(text);

  function choose(range: TextRange | null) {
    setChosen(range);
    setPressed(null);
  }
  function press(one: Pressed) {
    setPressed({ path: one.path, start: one.start, end: one.end, type: one.type, n: one.n });
    setChosen({ path: one.path, start: one.start, end: one.end });
  }
  function stepPlaceholder(step: 1 | -1) {
    if (placeholders.length === 0) return;
    const at = pressed
      ? placeholders.findIndex((one) => one.path === pressed.path && one.start === pressed.start)
      : step === 1
        ? -1
        : 0;
    press(placeholders[(at + step + placeholders.length) % placeholders.length]!);
  }
  function stepToken(step: 1 | -1) {
    const paths = [...texts.keys()];
    let path = chosen?.path ?? paths[0];
    let from = chosen ? { start: chosen.start, end: chosen.end } : { start: 0, end: 0 };
    while (path !== undefined) {
      const token = neighbourToken(texts.get(path) ?? '', from, step);
      if (token) return choose({ path, ...token });
      path = paths[paths.indexOf(path) + step];
      const end = lastOf(texts.get(path ?? '') ?? '');
      from = step === 1 ? { start: 0, end: 0 } : { start: end, end };
    }
  }
  function extend(step: 1 | -1) {
    const token = chosen && neighbourToken(texts.get(chosen.path) ?? '', chosen, step);
    if (!chosen || !token) return;
    setPressed(null);
    setChosen(step === 1 ? { ...chosen, end: token.end } : { ...chosen, start: token.start });
  }
  function nudge(which: 'start' | 'end', step: 1 | -1) {
    if (!chosen) return;
    setPressed(null);
    setChosen({ ...chosen, ...moveEdge(texts.get(chosen.path) ?? '', chosen, which, step) });
  }
  /** The first token of a range alone. */
  function firstToken(range: TextRange): TextRange {
    const token = tokensOf(texts.get(range.path) ?? '').find(({ start }) => start >= range.start);
    return token && token.end <= range.end ? { path: range.path, ...token } : range;
  }
  const textOf = ({ path, start, end }: TextRange): string => slicePoints(texts.get(path) ?? '', start, end);
  return {
    chosen,
    pressed,
    hasPlaceholders: placeholders.length > 0,
    choose,
    press,
    stepPlaceholder,
    stepToken,
    extend,
    nudge,
    firstToken,
    textOf,
  };
}
export type Caret = ReturnType<typeof useCaret>;
