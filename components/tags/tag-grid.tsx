'use client';
import Link from 'next/link';
import { useState } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { count, percent } from '../ui/figures.ts';
import { Input } from '../ui/input.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

type Tag = 'level' | 'domain' | 'task' | 'lang' | 'outcome';
type Card = {
  unitId: string;
  title: string;
  level: string;
  value: string;
  origin: string;
  suggestion: { label: string; confidence: number } | null;
};

/** Who said it, in words. */
export const originOf = (origin: string): string => {
  if (origin === 'person') return 'a person';
  if (origin === 'events' || origin === 'tools') return 'counted';
  return origin.startsWith('model:') ? `classifier ${origin.slice(6)}` : `rule ${origin.replace(/^rule:?/, '')}`.trim();
};

/** Cards to tick, and one value to give them: many units with one key or click, each still readable. */
export function TagGrid({
  tag,
  cards,
  values,
  isOpen,
  want,
  maySet,
  onCorrect,
}: {
  tag: Tag;
  cards: readonly Card[];
  values: readonly string[];
  /** New values may be made up. */
  isOpen: boolean;
  want?: string;
  maySet: boolean;
  onCorrect: (input: { tag: Tag; value: string; unitIds: string[] }) => Promise<Answer<{ units: number }>>;
}) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [value, setValue] = useState(want ?? '');
  const { run, isPending, fault } = useAct();
  const toggle = (id: string) =>
    setPicked(picked.has(id) ? new Set([...picked].filter((one) => one !== id)) : new Set([...picked, id]));
  const send = (to: string, unitIds: string[]) =>
    run(
      () => onCorrect({ tag, value: to, unitIds }),
      () => setPicked(new Set()),
      `${count(unitIds.length)} tagged ${to}`,
    );
  const agreed = Map.groupBy(
    cards.filter(({ unitId, suggestion, value: has }) => picked.has(unitId) && suggestion && suggestion.label !== has),
    ({ suggestion }) => suggestion!.label,
  );
  return (
    <div className="flex flex-col gap-3">
      {fault && (
        <p role="alert" className="text-fail">
          {fault}
        </p>
      )}
      {maySet && (
        <div className="sticky top-0 z-10 flex flex-wrap items-center gap-2 border-line border-b bg-bg py-2">
          <Button
            onClick={() =>
              setPicked(picked.size === cards.length ? new Set() : new Set(cards.map((card) => card.unitId)))
            }
          >
            {picked.size === cards.length ? 'Pick none' : 'Pick all'}
          </Button>
          <span className="text-ink-2">{count(picked.size)} picked</span>
          <div className="w-56">
            <Input
              aria-label="Value to give them"
              list={`values-${tag}`}
              value={value}
              maxLength={60}
              placeholder={isOpen ? 'a value, or a new one' : 'a value'}
              onChange={(event) => setValue(event.target.value)}
            />
          </div>
          <datalist id={`values-${tag}`}>
            {values.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
          <Button
            tone="primary"
            disabled={isPending || picked.size === 0 || value.trim() === ''}
            onClick={() => send(value.trim(), [...picked])}
          >
            Tag them
          </Button>
          {[...agreed].map(([label, of]) => (
            <Button
              key={label}
              disabled={isPending}
              onClick={() =>
                send(
                  label,
                  of.map(({ unitId }) => unitId),
                )
              }
            >
              Accept {label} for {count(of.length)}
            </Button>
          ))}
        </div>
      )}
      <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {cards.map(({ unitId, title, level, value: has, origin, suggestion }) => (
          <li
            key={unitId}
            className={`flex min-w-0 gap-3 rounded-md border p-3 ${picked.has(unitId) ? 'border-accent bg-selected' : 'border-line'}`}
          >
            {maySet && (
              <input
                type="checkbox"
                className="mt-1"
                aria-label={`Pick ${title}`}
                checked={picked.has(unitId)}
                onChange={() => toggle(unitId)}
              />
            )}
            <div className="flex min-w-0 flex-1 flex-col gap-1">
              <Link
                href={`/units/${encodeURIComponent(unitId)}`}
                className="line-clamp-2 hover:text-accent hover:underline"
              >
                {title}
              </Link>
              <p className="flex flex-wrap items-center gap-2">
                <Badge tone={has === 'unknown' || has === 'und' || has === 'other' ? 'warn' : 'neutral'}>{has}</Badge>
                <span className="text-ink-3 text-label">
                  {level}, by {originOf(origin)}
                </span>
              </p>
              {suggestion && suggestion.label !== has && (
                <p className="text-ink-2 text-label">
                  classifier: {suggestion.label}, {percent(suggestion.confidence, 0)} sure
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
