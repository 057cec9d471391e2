import type { ReactNode } from 'react';

/** A page with one thing to say: not found, failed, signed out. */
export function PlainPage({ title, acts, children }: { title: string; acts?: ReactNode; children?: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-[70vh] max-w-md flex-col justify-center gap-4 px-4">
      <h1 className="font-semibold text-title tracking-tight">{title}</h1>
      {children && <p className="text-ink-2">{children}</p>}
      {acts && <div className="flex gap-2">{acts}</div>}
    </main>
  );
}
