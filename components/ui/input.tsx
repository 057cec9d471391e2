import type { ComponentProps } from 'react';

const edge =
  'w-full rounded-md border border-line-strong bg-bg text-base text-ink hover:border-ink-3 disabled:opacity-50 aria-invalid:border-fail focus-visible:outline-offset-0';

export function Input({ className = '', ...rest }: ComponentProps<'input'>) {
  return <input className={`${edge} h-8 px-2 ${className}`} {...rest} />;
}

export function Textarea({ className = '', rows = 3, ...rest }: ComponentProps<'textarea'>) {
  return <textarea rows={rows} className={`${edge} min-h-16 px-2 py-1.5 ${className}`} {...rest} />;
}

/** The browser's own list: works with every reader, on touch, and costs no script. */
export function Select({ className = '', ...rest }: ComponentProps<'select'>) {
  return <select className={`${edge} h-8 ps-2 pe-1 ${className}`} {...rest} />;
}

export function Checkbox({ className = '', ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  return <input type="checkbox" className={`size-4 shrink-0 accent-accent ${className}`} {...rest} />;
}

export function Radio({ className = '', ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  return <input type="radio" className={`size-4 shrink-0 accent-accent ${className}`} {...rest} />;
}
