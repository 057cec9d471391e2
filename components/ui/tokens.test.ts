import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Theme = Record<string, string>;
const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [plain, contrast] = css.split('@media (prefers-contrast: more)') as [string, string];

function readThemes(source: string): { light: Theme; dark: Theme } {
  const light: Theme = {};
  const dark: Theme = {};
  for (const [, name, l, d] of source.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)) {
    light[name as string] = l as string;
    dark[name as string] = d as string;
  }
  return { light, dark };
}

const channels = (hex: string): number[] => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255);
/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrastOf(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (hi + 0.05) / (lo + 0.05);
}

const base = readThemes(plain);
const more = readThemes(contrast);
const themes: [string, Theme][] = [
  ['light', base.light],
  ['dark', base.dark],
  ['light, more contrast', { ...base.light, ...more.light }],
  ['dark, more contrast', { ...base.dark, ...more.dark }],
];
const FAMILIES = ['person', 'contact', 'ids', 'indirect'];
const TEXTS = ['ink', 'ink-2', 'ink-3', 'accent', 'accent-hover', 'pass', 'fail', 'warn'];
const PAGES = ['bg', 'surface', 'sunken'];
const FILLS = ['selected', 'insert', 'delete', 'find', 'loss', ...FAMILIES];

describe.each(themes)('%s', (_, t) => {
  const at = (name: string): string => t[name] ?? expect.fail(`no token ${name}`);
  it.each(TEXTS.flatMap((text) => PAGES.map((page) => [text, page] as const)))('%s is readable on %s', (text, page) => {
    expect(contrastOf(at(text), at(page))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(FILLS)('ink is readable on %s', (fill) => {
    expect(contrastOf(at('ink'), at(fill))).toBeGreaterThanOrEqual(4.5);
  });
  // The accent itself falls to 4.48 there: links on a selected row take accent-hover.
  it.each(['pass', 'fail', 'warn', 'ink-2', 'accent-hover'])('%s is readable on a selected row', (text) => {
    expect(contrastOf(at(text), at('selected'))).toBeGreaterThanOrEqual(4.5);
  });
  it('text on the accent is readable', () => {
    expect(contrastOf(at('on-accent'), at('accent'))).toBeGreaterThanOrEqual(4.5);
    expect(contrastOf(at('on-accent'), at('accent-hover'))).toBeGreaterThanOrEqual(4.5);
  });
  it('the edges of controls stand out from every page', () => {
    for (const page of PAGES) expect(contrastOf(at('line-strong'), at(page))).toBeGreaterThanOrEqual(3);
  });
  it.each(FAMILIES)('the edge of %s stands out from the page and from its fill', (family) => {
    expect(contrastOf(at(`${family}-edge`), at('bg'))).toBeGreaterThanOrEqual(3);
    expect(contrastOf(at(`${family}-edge`), at(family))).toBeGreaterThanOrEqual(3);
  });
  it('figures of section 9: ink, ink-2 and accent keep their margin', () => {
    expect(contrastOf(at('ink'), at('bg'))).toBeGreaterThanOrEqual(14);
    expect(contrastOf(at('accent'), at('bg'))).toBeGreaterThanOrEqual(5);
  });
});

/** CIE Lab, D65. */
function lab(rgb: number[]): [number, number, number] {
  const lin = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  const f = (v: number): number => (v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116);
  const x = f((0.4124 * lin[0] + 0.3576 * lin[1] + 0.1805 * lin[2]) / 0.95047);
  const y = f(0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2]);
  const z = f((0.0193 * lin[0] + 0.1192 * lin[1] + 0.9505 * lin[2]) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe('families of personal data', () => {
  it.each(['light', 'dark'] as const)('are told apart by normal sight in %s', (side) => {
    for (const a of FAMILIES) {
      for (const b of FAMILIES) {
        if (a === b) continue;
        const [la, lb] = [lab(channels(base[side][a] as string)), lab(channels(base[side][b] as string))];
        expect(Math.hypot(la[0] - lb[0], la[1] - lb[1], la[2] - lb[2]), `${a} ${b}`).toBeGreaterThanOrEqual(9);
      }
    }
  });
});
