'use client';
import { Button } from '../ui/button.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { TextField } from '../ui/field.tsx';
import { count } from '../ui/figures.ts';
import { Input, Select } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';

export type Speaker = 'user' | 'assistant' | 'system' | 'tool';
export type Label = { label: string; is: Speaker };

const SPEAKERS: { is: Speaker; label: string }[] = [
  { is: 'user', label: 'the user' },
  { is: 'assistant', label: 'the model' },
  { is: 'system', label: 'the system' },
  { is: 'tool', label: 'a tool' },
];

/** What is still missing, by the codes of `faultsOf`. */
export const FAULTS: Record<string, string> = {
  needs_talk: 'Say who speaks: bind a field as “who speaks”, or a question or an answer.',
  needs_text: 'Bind what is said.',
  turn_field_outside_turns: 'Fields of a turn must stand inside the list of turns.',
  twice: 'One meaning is bound twice.',
  role_without_text: 'A list of turns, a text or what belongs to a turn needs a field that says who speaks.',
  arguments_without_tool: 'Arguments need the name of the tool.',
  label_ends_open: 'A label must end with something other than *.',
  needs_two_speakers: 'Name the labels of at least two speakers.',
};

const SpeakerSelect = ({ value, label, onPick }: { value: string; label: string; onPick: (is: string) => void }) => (
  <Select aria-label={label} value={value} onChange={(event) => onPick(event.target.value)}>
    <option value="">not said</option>
    {SPEAKERS.map(({ is, label: words }) => (
      <option key={is} value={is}>
        {words}
      </option>
    ))}
  </Select>
);

/** The log's words for who speaks. Those that every log uses need no word here. */
export function SpeakerBinder({
  words,
  unknown,
  speakers,
  onName,
}: {
  words: readonly string[];
  unknown: readonly { word: string; records: number }[];
  speakers: ReadonlyMap<string, Speaker>;
  onName: (speakers: ReadonlyMap<string, Speaker>) => void;
}) {
  const open = new Map(unknown.map(({ word, records }) => [word, records]));
  const all = [...new Set([...words.filter((word) => speakers.has(word)), ...open.keys(), ...speakers.keys()])];
  if (all.length === 0) return null;
  return (
    <Section title="Who speaks" hint="user, assistant, system, tool and their like are known">
      <ul aria-label="Speakers" className="flex flex-col">
        {all.map((word) => (
          <li
            key={word}
            className="grid grid-cols-[minmax(0,1fr)_6rem_13rem] items-center gap-3 border-line border-b py-1"
          >
            <span className="truncate font-mono text-mono">{word}</span>
            <span className="text-end text-ink-3 text-label">
              {open.has(word) ? `${count(open.get(word)!)} records` : ''}
            </span>
            <SpeakerSelect
              value={speakers.get(word) ?? ''}
              label={`${word} is`}
              onPick={(is) => {
                const next = new Map(speakers);
                if (is === '') next.delete(word);
                else next.set(word, is as Speaker);
                onName(next);
              }}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** How lines begin, beside the first lines themselves. */
export function LabelBinder({
  lines,
  labels,
  separator,
  onLabels,
  onSeparator,
}: {
  lines: readonly string[];
  labels: readonly Label[];
  separator: string;
  onLabels: (labels: readonly Label[]) => void;
  onSeparator: (separator: string) => void;
}) {
  const change = (n: number, label: Label) => onLabels(labels.map((one, at) => (at === n ? label : one)));
  return (
    <>
      <Section title="Labels" hint="How a line begins when somebody speaks; * stands for anything, such as a time">
        <ul className="flex flex-col gap-2">
          {labels.map((label, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name than their place
            <li key={n} className="grid grid-cols-[minmax(0,1fr)_13rem] gap-3">
              <Input
                aria-label={`Label ${n + 1}`}
                value={label.label}
                maxLength={80}
                placeholder="[*] Customer:"
                onChange={(event) => change(n, { ...label, label: event.target.value })}
              />
              <SpeakerSelect
                value={label.is}
                label={`Label ${n + 1} is`}
                onPick={(is) => change(n, { ...label, is: (is || label.is) as Speaker })}
              />
            </li>
          ))}
        </ul>
        <div className="flex flex-wrap items-end gap-3">
          <Button size="small" onClick={() => onLabels([...labels, { label: '', is: 'user' }])}>
            One more label
          </Button>
          <div className="w-64">
            <TextField
              label="Line that parts conversations"
              optional
              value={separator}
              maxLength={80}
              onChange={(event) => onSeparator(event.target.value)}
            />
          </div>
        </div>
      </Section>
      <Section title="First lines" hint="masked">
        <CodeBlock text={lines.join('\n')} label="first lines" copy={false} />
      </Section>
    </>
  );
}
