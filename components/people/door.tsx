import type { ReactNode } from 'react';

/** The frame of the pages a stranger sees: one narrow column, one thing to do. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 px-4 py-10">
      <header className="flex flex-col gap-2">
        <p className="flex items-center gap-2 font-semibold tracking-tight">
          <svg viewBox="0 0 20 20" aria-hidden="true" className="size-6">
            <path
              d="M3 7h14l-2 9a2 2 0 0 1-2 1.5H7A2 2 0 0 1 5 16Z"
              className="fill-none stroke-ink"
              strokeWidth="1.5"
            />
            <circle cx="10" cy="7" r="3.25" className="fill-accent" />
          </svg>
          Assay
        </p>
        <h1 className="font-semibold text-title tracking-tight">{title}</h1>
        {lead && <p className="text-ink-2">{lead}</p>}
      </header>
      {children}
    </main>
  );
}
