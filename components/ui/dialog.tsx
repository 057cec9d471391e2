'use client';
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';

const WIDTHS = { narrow: 'max-w-md', normal: 'max-w-xl', wide: 'max-w-4xl' } as const;

/**
 * The browser's own modal: it keeps the focus inside, makes the rest inert, closes on Escape and gives the focus back.
 * (Radix injects a style element for its scroll lock, which our Content-Security-Policy refuses.)
 */
export function Dialog({
  open,
  onClose,
  title,
  hint,
  footer,
  width = 'normal',
  isBare = false,
  children,
}: {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  hint?: ReactNode;
  /** Buttons, the deciding one last. */
  footer?: ReactNode;
  width?: keyof typeof WIDTHS;
  /** No head of its own, near the top: a palette. */
  isBare?: boolean;
  children?: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open === open) return;
    if (!open) return dialog.close();
    dialog.showModal();
    // The browser would take the first button; a field to fill in is what one came for.
    dialog.querySelector<HTMLElement>('[data-body] :is(input,textarea,select):not(:disabled,[readonly])')?.focus();
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click is only on the backdrop; Escape is the key for it
    <dialog
      ref={ref}
      aria-labelledby={`${id}-title`}
      aria-describedby={hint ? `${id}-hint` : undefined}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={`${isBare ? 'mx-auto mt-[12vh] mb-auto' : 'm-auto'} max-h-[85vh] w-[calc(100%-2rem)] overflow-visible rounded-md border border-line bg-bg p-0 text-ink shadow-raised backdrop:bg-scrim ${WIDTHS[width]}`}
    >
      {open && (
        <div className="flex max-h-[85vh] flex-col">
          <header className={isBare ? 'sr-only' : 'flex items-start gap-2 border-line border-b py-2.5 ps-4 pe-2'}>
            <div className="min-w-0 flex-1 pt-0.5">
              <h2 id={`${id}-title`} className="font-semibold text-head">
                {title}
              </h2>
              {hint && (
                <p id={`${id}-hint`} className="text-ink-2">
                  {hint}
                </p>
              )}
            </div>
            {!isBare && (
              <IconButton label="Close" size="small" onClick={onClose}>
                <X aria-hidden />
              </IconButton>
            )}
          </header>
          <div
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by key
            tabIndex={0}
            data-body
            className={`min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2 ${isBare ? '' : 'p-4'}`}
          >
            {children}
          </div>
          {footer && <footer className="flex justify-end gap-2 border-line border-t px-4 py-3">{footer}</footer>}
        </div>
      )}
    </dialog>
  );
}
