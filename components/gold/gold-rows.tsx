import type { ReactNode } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Input, Select } from '../ui/input.tsx';
import { type Draft, LEVELS, type Level, type Machine, OUTCOMES, type Outcome, type Tags } from './gold-draft.ts';

/** Machine beside gold, one line a field: what it said, what it should say, and a way to take the machine's. */
export function GoldRows({
  draft,
  machine,
  places,
  known,
  isLocked,
  onChange,
}: {
  draft: Draft;
  machine: Machine;
  places: readonly { seq: number; kind: string }[];
  known: Record<'domain' | 'lang' | 'task', string[]>;
  isLocked: boolean;
  onChange: (draft: Draft) => void;
}) {
  const last = (range: readonly [number, number]): number => range[1] - 1;
  const placeOptions = (extra: number) =>
    [...new Map([{ seq: extra, kind: '' }, ...places].map((place) => [place.seq, place])).values()]
      .sort((a, b) => a.seq - b.seq)
      .map(({ seq, kind }) => (
        <option key={seq} value={seq}>
          {seq} {kind.replaceAll('_', ' ')}
        </option>
      ));
  const setTag = <T extends keyof Tags>(tag: T, value: Tags[T]) =>
    onChange({ ...draft, tags: { ...draft.tags, [tag]: value } });
  return (
    <table className="w-full border-separate border-spacing-0">
      <thead>
        <tr className="text-ink-3 text-label">
          <th scope="col" className="py-1 text-start font-normal">
            Field
          </th>
          <th scope="col" className="py-1 text-start font-normal">
            Machine
          </th>
          <th scope="col" className="py-1 text-start font-normal">
            Gold
          </th>
          <th scope="col">
            <span className="sr-only">Take the machine’s</span>
          </th>
        </tr>
      </thead>
      <tbody>
        <Row
          name="Starts at event"
          machine={String(machine.range[0])}
          isSame={draft.range[0] === machine.range[0]}
          isLocked={isLocked}
          onTake={() => onChange({ ...draft, range: [machine.range[0], draft.range[1]] })}
        >
          <Select
            aria-label="Gold: starts at event"
            disabled={isLocked}
            value={draft.range[0]}
            onChange={(event) => onChange({ ...draft, range: [Number(event.target.value), draft.range[1]] })}
          >
            {placeOptions(draft.range[0])}
          </Select>
        </Row>
        <Row
          name="Ends with event"
          machine={String(last(machine.range))}
          isSame={draft.range[1] === machine.range[1]}
          isLocked={isLocked}
          onTake={() => onChange({ ...draft, range: [draft.range[0], machine.range[1]] })}
        >
          <Select
            aria-label="Gold: ends with event"
            disabled={isLocked}
            value={last(draft.range)}
            onChange={(event) => onChange({ ...draft, range: [draft.range[0], Number(event.target.value) + 1] })}
          >
            {placeOptions(last(draft.range))}
          </Select>
        </Row>
        <Row
          name="Level"
          machine={machine.tags.level}
          isSame={draft.tags.level === machine.tags.level}
          isLocked={isLocked}
          onTake={() => setTag('level', machine.tags.level as Level)}
        >
          <Select
            aria-label="Gold: level"
            disabled={isLocked}
            value={draft.tags.level}
            onChange={(event) => setTag('level', event.target.value as Level)}
          >
            {LEVELS.map((level) => (
              <option key={level}>{level}</option>
            ))}
          </Select>
        </Row>
        {(['domain', 'lang', 'task'] as const).map((tag) => (
          <Row
            key={tag}
            name={TAG_NAMES[tag]}
            machine={machine.tags[tag]}
            isSame={draft.tags[tag] === machine.tags[tag]}
            isLocked={isLocked}
            onTake={() => setTag(tag, machine.tags[tag])}
          >
            <Input
              aria-label={`Gold: ${TAG_NAMES[tag].toLowerCase()}`}
              list={`gold-${tag}`}
              disabled={isLocked}
              value={draft.tags[tag]}
              maxLength={tag === 'lang' ? 20 : 60}
              onChange={(event) => setTag(tag, event.target.value)}
            />
            <datalist id={`gold-${tag}`}>
              {known[tag].map((value) => (
                <option key={value} value={value} />
              ))}
            </datalist>
          </Row>
        ))}
        <Row
          name="Outcome"
          machine={machine.tags.outcome}
          isSame={draft.tags.outcome === machine.tags.outcome}
          isLocked={isLocked}
          onTake={() => setTag('outcome', machine.tags.outcome as Outcome)}
        >
          <Select
            aria-label="Gold: outcome"
            disabled={isLocked}
            value={draft.tags.outcome}
            onChange={(event) => setTag('outcome', event.target.value as Outcome)}
          >
            {OUTCOMES.map((outcome) => (
              <option key={outcome}>{outcome}</option>
            ))}
          </Select>
        </Row>
      </tbody>
    </table>
  );
}

const TAG_NAMES = { domain: 'Domain', lang: 'Language', task: 'Task' } as const;

function Row({
  name,
  machine,
  isSame,
  isLocked,
  onTake,
  children,
}: {
  name: string;
  machine: string;
  isSame: boolean;
  isLocked: boolean;
  onTake: () => void;
  children: ReactNode;
}) {
  return (
    <tr data-difference={isSame ? undefined : true}>
      <th scope="row" className="border-line border-b py-1.5 pe-3 text-start font-normal text-ink-2">
        {name}
      </th>
      <td className="border-line border-b py-1.5 pe-3">{machine}</td>
      <td className="w-44 border-line border-b py-1.5 pe-2">{children}</td>
      <td className="border-line border-b py-1.5">
        {isSame ? (
          <Badge tone="pass">same</Badge>
        ) : (
          <Button
            size="small"
            tone="quiet"
            disabled={isLocked}
            aria-label={`Take ${machine} for ${name}, as the machine says`}
            onClick={onTake}
          >
            Take {machine}
          </Button>
        )}
      </td>
    </tr>
  );
}
