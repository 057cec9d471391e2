import { type ComponentProps, type ReactNode, useId } from 'react';
import { Checkbox, Input, Select, Textarea } from './input.tsx';

type Words = {
  label: ReactNode;
  /** One line on what is asked, always shown. */
  hint?: ReactNode;
  /** What is wrong and what to do; read out when it appears. */
  error?: ReactNode;
  /** Shown beside the label when the field may stay empty. */
  optional?: boolean;
};
type Of<C extends 'input' | 'textarea' | 'select'> = Words & Omit<ComponentProps<C>, 'id'>;

function Frame({ id, words, children }: { id: string; words: Words; children: ReactNode }) {
  const { label, hint, error, optional } = words;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium text-base">
        {label}
        {optional && <span className="ms-1.5 font-normal text-ink-3 text-label">optional</span>}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-ink-3 text-label">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-fail text-label">
          {error}
        </p>
      )}
    </div>
  );
}

function ariaOf(id: string, { hint, error }: Words) {
  const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return { id, 'aria-describedby': ids || undefined, 'aria-invalid': error ? true : undefined };
}

export function TextField({ label, hint, error, optional, ...rest }: Of<'input'>) {
  const id = useId();
  const words = { label, hint, error, optional };
  return (
    <Frame id={id} words={words}>
      <Input required={!optional} {...rest} {...ariaOf(id, words)} />
    </Frame>
  );
}

export function TextareaField({ label, hint, error, optional, ...rest }: Of<'textarea'>) {
  const id = useId();
  const words = { label, hint, error, optional };
  return (
    <Frame id={id} words={words}>
      <Textarea required={!optional} {...rest} {...ariaOf(id, words)} />
    </Frame>
  );
}

export function SelectField({ label, hint, error, optional, children, ...rest }: Of<'select'>) {
  const id = useId();
  const words = { label, hint, error, optional };
  return (
    <Frame id={id} words={words}>
      <Select required={!optional} {...rest} {...ariaOf(id, words)}>
        {children}
      </Select>
    </Frame>
  );
}

export function CheckboxField({ label, hint, error, ...rest }: Of<'input'>) {
  const id = useId();
  return (
    <div className="flex gap-2">
      <span className="flex h-6 items-center">
        <Checkbox {...rest} {...ariaOf(id, { label, hint, error })} />
      </span>
      <div className="flex flex-col">
        <label htmlFor={id} className="min-h-6 py-0.5">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-ink-3 text-label">
            {hint}
          </p>
        )}
        {error && (
          <p id={`${id}-error`} role="alert" className="text-fail text-label">
            {error}
          </p>
        )}
      </div>
    </div>
  );
}

/** Several boxes or radios under one question. */
export function FieldGroup({ legend, hint, children }: { legend: ReactNode; hint?: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium text-base">{legend}</legend>
      {hint && <p className="text-ink-3 text-label">{hint}</p>}
      {children}
    </fieldset>
  );
}
