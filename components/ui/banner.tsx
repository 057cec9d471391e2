import type { ReactNode } from 'react';
import { StateGlyph, type Tone } from './badge.tsx';

const EDGE: Record<Tone, string> = {
  neutral: 'border-s-line-strong',
  accent: 'border-s-accent',
  pass: 'border-s-pass',
  fail: 'border-s-fail',
  warn: 'border-s-warn',
  open: 'border-s-line-strong',
};
const WORD: Record<Tone, string> = {
  neutral: 'Note',
  accent: 'Note',
  pass: 'Done',
  fail: 'Failed',
  warn: 'Warning',
  open: 'Open',
};

/** A sentence over the page: offline, blocked, invented data. `live` when it may appear while one is reading. */
export function Banner({
  tone = 'neutral',
  title,
  children,
  act,
  live,
}: {
  tone?: Tone;
  title: ReactNode;
  children?: ReactNode;
  act?: ReactNode;
  live?: boolean;
}) {
  return (
    <div
      role={live ? (tone === 'fail' ? 'alert' : 'status') : undefined}
      className={`flex items-start gap-3 rounded-md border border-line border-s-3 bg-surface py-2 ps-2.5 pe-3 ${EDGE[tone]}`}
    >
      <span className="pt-0.5">
        <StateGlyph tone={tone} label={WORD[tone]} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {children && <div className="text-ink-2">{children}</div>}
      </div>
      {act && <div className="flex shrink-0 gap-2">{act}</div>}
    </div>
  );
}
