'use client';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

/** A small word in a row of such: a tag, a filter in force. With `onRemove` it can be taken away. */
export function Chip({
  label,
  children,
  onRemove,
}: {
  /** What is removed, for the name of the button. */
  label: string;
  children?: ReactNode;
  onRemove?: () => void;
}) {
  return (
    <span className="inline-flex h-6 max-w-full items-center gap-1 rounded-sm border border-line bg-surface ps-1.5 pe-1.5 text-ink-2 text-label has-[button]:pe-0">
      <span className="truncate">{children ?? label}</span>
      {onRemove && (
        <button
          type="button"
          aria-label={`Remove ${label}`}
          onClick={onRemove}
          className="inline-flex size-6 items-center justify-center rounded-sm text-ink-3 hover:bg-sunken hover:text-ink"
        >
          <X aria-hidden className="size-3" />
        </button>
      )}
    </span>
  );
}
