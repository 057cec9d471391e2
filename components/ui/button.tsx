import { cva, type VariantProps } from 'class-variance-authority';
import Link from 'next/link';
import type { ComponentProps } from 'react';

export const buttonStyle = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      tone: {
        plain: 'border-line-strong bg-bg text-ink hover:bg-sunken',
        primary: 'border-transparent bg-accent text-on-accent hover:bg-accent-hover',
        quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink',
        danger: 'border-fail bg-bg text-fail hover:bg-delete hover:text-ink',
      },
      size: {
        small: 'h-7 px-2 text-label',
        normal: 'h-8 px-3 text-base',
        large: 'h-10 px-4 text-base',
      },
      square: { true: 'aspect-square px-0', false: '' },
    },
    defaultVariants: { tone: 'plain', size: 'normal', square: false },
  },
);
type Look = VariantProps<typeof buttonStyle>;

/** `type` is 'button' unless said, so that none submits a form by accident. */
export function Button({ tone, size, square, className, type = 'button', ...rest }: ComponentProps<'button'> & Look) {
  return <button type={type} className={buttonStyle({ tone, size, square, className })} {...rest} />;
}

/** A link that looks like a button: it goes somewhere, a button does something. */
export function ButtonLink({ tone, size, square, className, ...rest }: ComponentProps<typeof Link> & Look) {
  return <Link className={buttonStyle({ tone, size, square, className })} {...rest} />;
}

/** Square, needs a label: it has only a picture to show. */
export function IconButton({
  label,
  tone = 'quiet',
  ...rest
}: Omit<ComponentProps<typeof Button>, 'aria-label' | 'square'> & { label: string }) {
  return <Button aria-label={label} title={label} tone={tone} square {...rest} />;
}
