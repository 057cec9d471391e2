import type { ReactNode } from 'react';

/** The column of a signed-in page. `wide` for tables, which take the whole width. */
export const Page = ({ wide, children }: { wide?: boolean; children: ReactNode }) => (
  <div className={`flex flex-col gap-6 px-6 py-5 ${wide ? '' : 'mx-auto w-full max-w-5xl'}`}>{children}</div>
);
