import Link from 'next/link';
import type { ComponentProps } from 'react';
import { type ButtonLook, buttonStyle } from './button-style.ts';

/** `type` is 'button' unless said, so that none submits a form by accident. */
export function Button({
  tone,
  size,
  square,
  className,
  type = 'button',
  ...rest
}: ComponentProps<'button'> & ButtonLook) {
  return <button type={type} className={buttonStyle({ tone, size, square, className })} {...rest} />;
}

/** A link that looks like a button: it goes somewhere, a button does something. */
export function ButtonLink({ tone, size, square, className, ...rest }: ComponentProps<typeof Link> & ButtonLook) {
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
