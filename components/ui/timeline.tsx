import type { ReactNode } from 'react';
import { StateGlyph, type Tone } from './badge.tsx';
import { Time } from './time.tsx';

export type Moment = { id: string; at: string; who?: ReactNode; what: ReactNode; detail?: ReactNode; tone?: Tone };

/** What happened, newest first or last as given. */
export function Timeline({ label, moments }: { label: string; moments: Moment[] }) {
  return (
    <ol aria-label={label} className="flex flex-col">
      {moments.map((moment) => (
        <li key={moment.id} className="group relative flex gap-3 pb-3">
          <span className="absolute top-5 bottom-0 left-2 w-px bg-line group-last:hidden" />
          <span className="pt-0.5">
            <StateGlyph tone={moment.tone ?? 'neutral'} label="" />
          </span>
          <div className="min-w-0 flex-1">
            <p>
              {moment.who && <span className="font-medium">{moment.who} </span>}
              {moment.what}
            </p>
            {moment.detail && <div className="text-ink-2">{moment.detail}</div>}
          </div>
          <span className="text-ink-3 text-label">
            <Time at={moment.at} />
          </span>
        </li>
      ))}
    </ol>
  );
}
