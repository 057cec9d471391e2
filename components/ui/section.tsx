import { type ReactNode, useId } from 'react';

/** Head of a page: where one is, one line on it, and the acts of the page. `h1` takes the focus after navigation. */
export function PageHeader({
  title,
  hint,
  acts,
  above,
}: {
  title: ReactNode;
  hint?: ReactNode;
  acts?: ReactNode;
  /** Way back up, a line above the title. */
  above?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-end gap-x-4 gap-y-2">
      <div className="min-w-0 flex-1">
        {above && <div className="mb-1 text-ink-3 text-label">{above}</div>}
        <h1 tabIndex={-1} className="truncate font-semibold text-title tracking-tight">
          {title}
        </h1>
        {hint && <p className="text-ink-2">{hint}</p>}
      </div>
      {acts && <div className="flex flex-wrap items-center gap-2">{acts}</div>}
    </header>
  );
}

/** A part of a page under its own heading: a line, not a card. */
export function Section({
  title,
  hint,
  acts,
  children,
}: {
  title: ReactNode;
  hint?: ReactNode;
  acts?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b pb-1.5">
        <h2 id={id} className="font-semibold text-head">
          {title}
        </h2>
        {hint && <p className="text-ink-3 text-label">{hint}</p>}
        {acts && <div className="ms-auto flex items-center gap-2">{acts}</div>}
      </header>
      {children}
    </section>
  );
}
