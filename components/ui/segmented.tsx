'use client';
import { type ReactNode, useId } from 'react';

/** One of few, all seen at once. Radios underneath: arrow keys, names and states come from the browser. */
export function Segmented<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: V;
  options: readonly { value: V; label: ReactNode; hint?: string }[];
  onChange: (value: V) => void;
}) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex h-8 items-stretch rounded-md border border-line-strong bg-bg p-0.5"
    >
      {options.map((option) => (
        <label
          key={option.value}
          title={option.hint}
          className="inline-flex cursor-pointer items-center gap-1.5 rounded-sm px-2 text-ink-2 hover:text-ink has-checked:bg-selected has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2 [&_svg]:size-4"
        >
          <input
            type="radio"
            className="sr-only"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
