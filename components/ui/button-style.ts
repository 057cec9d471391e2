import { cva, type VariantProps } from 'class-variance-authority';

/** Apart from the buttons, so that a page that a stranger meets needs no router for one. */
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
export type ButtonLook = VariantProps<typeof buttonStyle>;
