'use client';
import { ListFilter, Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useActs } from '../shell/keys-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { CheckboxField } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Popover } from '../ui/popover.tsx';
import { useFilter, useSearchWords } from './table-url.ts';

/** Words to find, `?q=`; sent on Enter, reached by `/`. */
export function SearchField({ label = 'Search', hint = 'Words to find' }: { label?: string; hint?: string }) {
  const { words, set } = useSearchWords();
  const [typed, setTyped] = useState(words);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(words), [words]);
  useActs({ find: () => input.current?.focus() });
  return (
    <search>
      <form
        className="relative w-64"
        onSubmit={(event) => {
          event.preventDefault();
          void set(typed);
        }}
      >
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2 size-4 text-ink-3" />
        <Input
          ref={input}
          type="search"
          aria-label={label}
          placeholder={hint}
          value={typed}
          maxLength={200}
          className="ps-8"
          onChange={(event) => {
            setTyped(event.target.value);
            if (event.target.value === '') void set('');
          }}
          onKeyDown={(event) => event.key === 'Escape' && input.current?.blur()}
        />
      </form>
    </search>
  );
}

export type FilterOption = { value: string; label: string; count?: number };

/** One filter with its values, `?name=a,b`; what is in force stands beside it as chips. */
export function FilterMenu({
  name,
  label,
  options,
}: {
  name: string;
  label: string;
  options: readonly FilterOption[];
}) {
  const { values, set } = useFilter(name);
  const nameOf = (value: string): string => options.find((option) => option.value === value)?.label ?? value;
  return (
    <>
      <Popover
        label={label}
        trigger={
          <Button>
            <ListFilter aria-hidden />
            {label}
          </Button>
        }
      >
        {options.map(({ value, label: text, count }) => (
          <div key={value} className="flex items-start justify-between gap-2">
            <CheckboxField
              label={text}
              checked={values.includes(value)}
              onChange={(event) =>
                void set(event.target.checked ? [...values, value] : values.filter((one) => one !== value))
              }
            />
            {count !== undefined && <span className="py-0.5 text-ink-3">{count.toLocaleString('en')}</span>}
          </div>
        ))}
      </Popover>
      {values.map((value) => (
        <Chip
          key={value}
          label={`${label}: ${nameOf(value)}`}
          onRemove={() => void set(values.filter((one) => one !== value))}
        />
      ))}
    </>
  );
}
