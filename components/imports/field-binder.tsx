'use client';
import type { Meaning } from '#lib/core/ingest/mapping/mapping.ts';
import type { Field } from '#lib/core/ingest/mapping/survey.ts';
import { Code } from '../ui/code-block.tsx';
import { count } from '../ui/figures.ts';
import { Select } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';

const MEANINGS: { is: Meaning; label: string; group: string }[] = [
  { is: 'conversation', label: 'id of the conversation', group: 'The record' },
  { is: 'turns', label: 'list of turns', group: 'The record' },
  { is: 'question', label: 'question (a whole turn)', group: 'The record' },
  { is: 'answer', label: 'answer (a whole turn)', group: 'The record' },
  { is: 'system', label: 'system prompt', group: 'The record' },
  { is: 'context', label: 'retrieved text', group: 'The record' },
  { is: 'role', label: 'who speaks', group: 'A turn' },
  { is: 'text', label: 'what is said', group: 'A turn' },
  { is: 'time', label: 'time', group: 'A turn' },
  { is: 'name', label: 'name of the speaker', group: 'A turn' },
  { is: 'message_id', label: 'id of the turn', group: 'A turn' },
  { is: 'tool', label: 'name of a called tool', group: 'A turn' },
  { is: 'arguments', label: 'arguments of the call', group: 'A turn' },
  { is: 'call_id', label: 'id of the call', group: 'A turn' },
];
const GROUPS = [...new Set(MEANINGS.map(({ group }) => group))];

/** Every field of the sample, with what it is. */
export function FieldBinder({
  fields,
  records,
  bound,
  onBind,
}: {
  fields: readonly Field[];
  records: number;
  bound: ReadonlyMap<string, Meaning>;
  onBind: (bound: ReadonlyMap<string, Meaning>) => void;
}) {
  function bind(at: string, is: string) {
    const next = new Map(bound);
    if (is === '') next.delete(at);
    else next.set(at, is as Meaning);
    onBind(next);
  }
  // Of a mapping that was taken over: bound, and not in these records.
  const absent = [...bound.keys()].filter((at) => !fields.some((field) => field.at === at));
  return (
    <Section title="Fields" hint={`${count(fields.length)} in ${count(records)} records`}>
      <ul aria-label="Fields" className="flex flex-col">
        {fields.map((field) => (
          <li
            key={field.at}
            className={`grid grid-cols-[minmax(0,1fr)_5rem_13rem] items-center gap-3 border-line border-b py-1 ${bound.has(field.at) ? '' : 'text-ink-2'}`}
          >
            <span className="min-w-0">
              <span className="block truncate font-mono text-mono">{field.at}</span>
              <span className="block truncate text-ink-3 text-label">
                <Code>{field.example}</Code>
              </span>
            </span>
            <span className="text-end text-ink-3 text-label">
              {field.kind}
              <span className="block">{count(field.records)}</span>
            </span>
            <Select
              aria-label={`${field.at} is`}
              value={bound.get(field.at) ?? ''}
              onChange={(event) => bind(field.at, event.target.value)}
            >
              <option value="">kept beside</option>
              {GROUPS.map((group) => (
                <optgroup key={group} label={group}>
                  {MEANINGS.filter((one) => one.group === group).map(({ is, label }) => (
                    <option key={is} value={is}>
                      {label}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Select>
          </li>
        ))}
        {absent.map((at) => (
          <li key={at} className="flex items-center gap-3 border-line border-b py-1 text-warn">
            <span className="font-mono text-mono">{at}</span> is bound and not in these records
            <button type="button" className="ms-auto underline" onClick={() => bind(at, '')}>
              let it go
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
