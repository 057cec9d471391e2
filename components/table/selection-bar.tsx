'use client';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import type { Picking } from './use-picking.ts';

/** What is picked and what can be done with it; stands at the foot while anything is. */
export function SelectionBar({ picking, total, children }: { picking: Picking; total: number; children: ReactNode }) {
  const { count, selection, isPage } = picking;
  const isQuery = selection.kind === 'query';
  return (
    <section
      aria-label="Picked rows"
      className="sticky bottom-2 z-20 flex flex-wrap items-center gap-2 rounded-md border border-line-strong bg-selected py-1.5 ps-3 pe-1.5 shadow-raised"
    >
      <p className="font-medium">
        {count.toLocaleString('en')} picked{isQuery && ', of all the query finds'}
      </p>
      {!isQuery && isPage && total > count && (
        <Button size="small" onClick={picking.pickQuery}>
          Pick all {total.toLocaleString('en')}
        </Button>
      )}
      <div className="ms-auto flex items-center gap-2">
        {children}
        <IconButton label="Pick nothing" size="small" onClick={picking.clear}>
          <X aria-hidden />
        </IconButton>
      </div>
    </section>
  );
}
