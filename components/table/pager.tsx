'use client';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { IconButton } from '../ui/button.tsx';
import { Select } from '../ui/input.tsx';
import { PAGE_SIZES } from './table-url.ts';

const n = (value: number): string => value.toLocaleString('en');

export function Pager({
  page,
  size,
  total,
  onPage,
  onSize,
}: {
  /** From 1. */
  page: number;
  size: number;
  total: number;
  onPage: (page: number) => void;
  onSize: (size: number) => void;
}) {
  const pages = Math.max(1, Math.ceil(total / size));
  const from = Math.min(total, (page - 1) * size + 1);
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center gap-3 text-ink-2 text-label">
      <p>
        {n(from)}–{n(Math.min(total, page * size))} of {n(total)}
      </p>
      <label className="flex items-center gap-1.5">
        <span>Rows</span>
        <Select className="h-7 w-16 text-label" value={size} onChange={(event) => onSize(Number(event.target.value))}>
          {PAGE_SIZES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
      </label>
      <div className="ms-auto flex items-center gap-1">
        <IconButton label="Previous page" size="small" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          <ChevronLeft aria-hidden />
        </IconButton>
        <span>
          Page {n(page)} of {n(pages)}
        </span>
        <IconButton label="Next page" size="small" disabled={page >= pages} onClick={() => onPage(page + 1)}>
          <ChevronRight aria-hidden />
        </IconButton>
      </div>
    </nav>
  );
}
