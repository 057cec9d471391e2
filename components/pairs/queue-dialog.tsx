'use client';
import type { PairSource } from '#lib/core/pair/candidate.ts';
import { CheckboxField, FieldGroup, TextField } from '../ui/field.tsx';
import { count } from '../ui/figures.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import { textOf } from '../ui/form-text.ts';
import type { Answer } from '../ui/use-act.ts';
import { sourceName } from './source-names.ts';

type Input = { name: string; sources: PairSource[]; limit: number };

/** Puts free candidates into a queue, in an order that a stored seed decides. */
export function QueueDialog({
  sources,
  onMake,
}: {
  sources: readonly { source: PairSource; free: number; isWeak: boolean }[];
  onMake: (input: Input) => Promise<Answer<{ queueId: string; pairs: number }>>;
}) {
  return (
    <FormDialog
      opener="Make a queue"
      title="Make a queue of pairs"
      hint="Candidates that wait in no queue are mixed; each reader sees the sides in an order of their own."
      send="Make it"
      sending="Making it"
      says="Queue made"
      onSend={(form) =>
        onMake({
          name: textOf(form, 'name'),
          sources: form.getAll('source') as PairSource[],
          limit: Number(form.get('limit')),
        })
      }
    >
      <TextField label="Name" name="name" maxLength={80} />
      <TextField
        label="At most"
        name="limit"
        type="number"
        min={1}
        max={2000}
        defaultValue={60}
        hint="Pairs; a careful choice takes about 25 seconds, an agent’s about 90"
      />
      <FieldGroup legend="From">
        {sources.map(({ source, free, isWeak }) => (
          <CheckboxField
            key={source}
            name="source"
            value={source}
            defaultChecked={free > 0}
            disabled={free === 0}
            label={`${sourceName(source)}, ${count(free)} free`}
            hint={isWeak ? 'Weak: never exported without a person’s choice' : undefined}
          />
        ))}
      </FieldGroup>
    </FormDialog>
  );
}
