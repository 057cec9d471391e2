import { Check, Circle, CircleDashed, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'accent' | 'pass' | 'fail' | 'warn' | 'open';

const INK: Record<Tone, string> = {
  neutral: 'text-ink-2',
  accent: 'text-accent',
  pass: 'text-pass',
  fail: 'text-fail',
  warn: 'text-warn',
  open: 'text-ink-2',
};
const GLYPH = { neutral: Circle, accent: Info, pass: Check, fail: X, warn: TriangleAlert, open: CircleDashed };

/** A state in a word. Pass, fail and warn carry a glyph besides the colour. */
export function Badge({ tone = 'neutral', glyph, children }: { tone?: Tone; glyph?: boolean; children: ReactNode }) {
  const Glyph = GLYPH[tone];
  const isShown = glyph ?? (tone !== 'neutral' && tone !== 'accent');
  return (
    <span
      className={`inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-sm border border-line px-1.5 font-medium text-label ${INK[tone]}`}
    >
      {isShown && <Glyph aria-hidden className="size-3" strokeWidth={2.5} />}
      {children}
    </span>
  );
}

/** The glyph of a state alone, with its word for those who do not see it. */
export function StateGlyph({ tone, label }: { tone: Tone; label: string }) {
  const Glyph = GLYPH[tone];
  return (
    <span className={`inline-flex ${INK[tone]}`} title={label}>
      <Glyph aria-hidden className="size-4" />
      <span className="sr-only">{label}</span>
    </span>
  );
}

/** A count beside a word: how many wait, how many are left. */
export function Count({ value, label }: { value: number; label?: string }) {
  return (
    <span className="inline-flex min-w-5 items-center justify-center rounded-full bg-sunken px-1.5 text-ink-2 text-label">
      {value.toLocaleString('en')}
      {label && <span className="sr-only"> {label}</span>}
    </span>
  );
}
