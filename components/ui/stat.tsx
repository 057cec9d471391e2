import type { ReactNode } from 'react';

/** One figure with what it counts; `href` opens the rows behind it (every number does). */
export function Stat({
  label,
  value,
  hint,
  href,
}: {
  label: ReactNode;
  value: ReactNode;
  hint?: ReactNode;
  href?: string;
}) {
  const figure = <span className="font-semibold text-figure tracking-tight">{value}</span>;
  return (
    <div className="flex min-w-32 flex-col">
      <dt className="text-ink-2 text-label">{label}</dt>
      <dd className="flex flex-col">
        {href ? (
          <a href={href} className="self-start rounded-sm hover:text-accent hover:underline">
            {figure}
          </a>
        ) : (
          figure
        )}
        {hint && <span className="text-ink-3 text-label">{hint}</span>}
      </dd>
    </div>
  );
}

export const StatRow = ({ children }: { children: ReactNode }) => (
  <dl className="flex flex-wrap gap-x-10 gap-y-4">{children}</dl>
);
