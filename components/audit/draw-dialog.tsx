'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

type Input = { name: string; sampleSize: number; design: 'random' | 'stratified'; importId?: string };
type Drawn = { planId: string; queueId: string; frameUnits: number; units: number; items: number };

/** Freezes what is there now and draws whom to read. The seed follows from the frame and the ledger: nobody chooses it. */
export function DrawDialog({
  imports,
  onDraw,
}: {
  imports: readonly { id: string; filename: string }[];
  onDraw: (input: Input) => Promise<Answer<Drawn>>;
}) {
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  const { run, isPending, fault } = useAct();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const importId = String(form.get('importId') ?? '');
    run(
      () =>
        onDraw({
          name: String(form.get('name')).trim(),
          sampleSize: Number(form.get('sampleSize')),
          design: String(form.get('design')) as Input['design'],
          ...(importId ? { importId } : {}),
        }),
      ({ queueId }) => {
        setIsOpen(false);
        router.push(`/quality#${queueId}`);
      },
      'Sample drawn',
    );
  }
  return (
    <>
      <Button tone="primary" onClick={() => setIsOpen(true)}>
        Draw a sample
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Draw a sample"
        hint="All eligible units are frozen as they are now; the sample is drawn from them by a seed that nobody chooses."
        footer={
          <>
            <Button onClick={() => setIsOpen(false)}>Cancel</Button>
            <Button tone="primary" type="submit" form="draw-form" disabled={isPending}>
              {isPending ? 'Freezing and drawing' : 'Draw'}
            </Button>
          </>
        }
      >
        <form id="draw-form" onSubmit={submit} className="flex flex-col gap-4">
          {fault && <Banner tone="fail" title={fault} live />}
          <TextField
            label="Name"
            name="name"
            maxLength={80}
            hint="The same name again is a further attempt, and says so on the release"
          />
          <TextField
            label="Units to read"
            name="sampleSize"
            type="number"
            min={1}
            max={5000}
            defaultValue={598}
            hint="598 clean units bound the share of leaky ones at 0.5 %; fewer give a wider bound"
          />
          <SelectField label="Design" name="design" defaultValue="stratified">
            <option value="stratified">In proportion to kinds, small ones topped up</option>
            <option value="random">At random over all</option>
          </SelectField>
          <SelectField label="From" name="importId" optional defaultValue="">
            <option value="">All eligible units</option>
            {imports.map(({ id, filename }) => (
              <option key={id} value={id}>
                {filename}
              </option>
            ))}
          </SelectField>
        </form>
      </Dialog>
    </>
  );
}
