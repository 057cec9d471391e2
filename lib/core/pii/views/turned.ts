/** `turned`: ROT13 or reversed text, read only where a word or a bidi override announces it. */
import { traitsOf } from '../traits.ts';
import type { Extent, View } from './view.ts';

const CUES = ['rot', 'revers', 'backward', 'umgekehrt', 'mirror'];

const CUE = /\brot-?13\b|\b(?:reversed?|backwards?|rückwärts|umgekehrt|mirrored)\b/giu;
const OVERRIDE = /\u202e([^\u202c\n]{3,400})\u202c?/g;
const NEAR = 40;
const REACH = 200;

export function turnedViews(parent: View): View[] {
  const views: View[] = [];
  const { lower } = parent.traits;
  if (!parent.traits.hasNonAscii && !CUES.some((cue) => lower.includes(cue))) return views;
  for (const match of parent.text.matchAll(OVERRIDE))
    views.push(reversed(parent, match.index + 1, match.index + 1 + match[1]!.length));
  const windows = { rot13: [] as Extent[], reversed: [] as Extent[] };
  for (const cue of parent.text.matchAll(CUE)) {
    const list = /rot/i.test(cue[0]) ? windows.rot13 : windows.reversed;
    const start = Math.max(0, cue.index - REACH);
    const end = Math.min(parent.text.length, cue.index + cue[0].length + NEAR + REACH);
    const last = list.at(-1);
    if (last !== undefined && start <= last.end) last.end = end;
    else list.push({ start, end });
  }
  for (const { start, end } of windows.rot13) views.push(rot13(parent, start, end));
  for (const { start, end } of windows.reversed) views.push(reversed(parent, start, end));
  return views;
}

function rot13(parent: View, start: number, end: number): View {
  const text = parent.text.slice(start, end).replace(/[a-zA-Z]/g, (char) => {
    const base = char <= 'Z' ? 65 : 97;
    return String.fromCharCode(((char.charCodeAt(0) - base + 13) % 26) + base);
  });
  return { id: 'turned', text, traits: traitsOf(text), ...mapOf(parent, start, end) };
}

function reversed(parent: View, start: number, end: number): View {
  const map = mapOf(parent, start, end);
  const text = parent.text.slice(start, end).split('').reverse().join('');
  return {
    id: 'turned',
    text,
    traits: traitsOf(text),
    from: map.from.reverse(),
    to: map.to.reverse(),
    unordered: true,
  };
}

function mapOf(parent: View, start: number, end: number): { from: number[]; to: number[] } {
  const from: number[] = [];
  const to: number[] = [];
  for (let i = start; i < end; i++) {
    from.push(parent.from?.[i] ?? i);
    to.push(parent.to?.[i] ?? i + 1);
  }
  return { from, to };
}
