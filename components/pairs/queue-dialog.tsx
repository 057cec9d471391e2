'use client';
import { type FormEvent, useState } from 'react';
import type { PairSource } from '#lib/core/pair/propose.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CheckboxField, FieldGroup, TextField } from '../ui/field.tsx';
import { count } from '../ui/figures.ts';
import { type Answer, useAct } from '../ui/use-act.ts';
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
  const [isOpen, setIsOpen] = useState(false);
  const { run, isPending, fault } = useAct();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    run(
      () =>
        onMake({
          name: String(form.get('name')).trim(),
          sources: form.getAll('source') as PairSource[],
          limit: Number(form.get('limit')),
        }),
      () => setIsOpen(false),
      'Queue made',
    );
  }
  return (
    <>
      <Button tone="primary" onClick={() => setIsOpen(true)}>
        Make a queue
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Make a queue of pairs"
        hint="Candidates that wait in no queue are mixed; each reader sees the sides in an order of their own."
        footer={
          <>
            <Button onClick={() => setIsOpen(false)}>Cancel</Button>
            <Button tone="primary" type="submit" form="pair-queue" disabled={isPending}>
              {isPending ? 'Making it' : 'Make it'}
            </Button>
          </>
        }
      >
        <form id="pair-queue" onSubmit={submit} className="flex flex-col gap-4">
          {fault && <Banner tone="fail" title={fault} live />}
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
        </form>
      </Dialog>
    </>
  );
}
