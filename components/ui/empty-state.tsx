import type { ReactNode } from 'react';

/** Says what is not there, why, and what to do next. Never only "no data". */
export function EmptyState({ title, children, act }: { title: ReactNode; children?: ReactNode; act?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 rounded-md border border-line border-dashed px-6 py-8">
      <div className="max-w-prose">
        <p className="font-medium">{title}</p>
        {children && <div className="mt-1 text-ink-2">{children}</div>}
      </div>
      {act && <div className="flex flex-wrap gap-2">{act}</div>}
    </div>
  );
}
