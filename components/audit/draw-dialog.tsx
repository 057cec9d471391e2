'use client';
import { useRouter } from 'next/navigation';
import { SelectField, TextField } from '../ui/field.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { textOf } from '../ui/form-text.ts';
import type { Answer } from '../ui/use-act.ts';

type Input = {
  name: string;
  sampleSize: number;
  design: 'random' | 'stratified';
  canaries: number;
  importId?: string;
};
type Drawn = { planId: string; queueId: string; frameUnits: number; units: number; items: number; canaries: number };

/** Freezes what is there now and draws whom to read. The seed follows from the frame and the ledger: nobody chooses it. */
export function DrawDialog({
  imports,
  onDraw,
}: {
  imports: readonly { id: string; filename: string }[];
  onDraw: (input: Input) => Promise<Answer<Drawn>>;
}) {
  const router = useRouter();
  function send(form: FormData) {
    const importId = textOf(form, 'importId');
    return onDraw({
      name: textOf(form, 'name'),
      sampleSize: Number(form.get('sampleSize')),
      design: textOf(form, 'design') as Input['design'],
      canaries: Number(form.get('canaries')),
      ...(importId ? { importId } : {}),
    });
  }
  return (
    <FormDialog
      opener="Draw a sample"
      hint="All eligible units are frozen as they are now; the sample is drawn from them by a seed that nobody chooses."
      send="Draw"
      sending="Freezing and drawing"
      says="Sample drawn"
      onSend={send}
      onDone={({ queueId }) => router.push(`/quality#${queueId}`)}
    >
      <TextField
        label="Name"
        name="name"
        maxLength={80}
        hint="The same name, or mostly the same units, is a further attempt: it needs more clean readings, and the release says so"
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
      <TextField
        label="Canaries"
        name="canaries"
        type="number"
        min={0}
        max={500}
        defaultValue={100}
        hint="Review copies with one invented identifier each, from units outside the sample: they measure the readers. Readers are not told which. 60 at least for the gate; fewer where no more units are left"
      />
      <SelectField label="From" name="importId" optional defaultValue="">
        <option value="">All eligible units</option>
        {imports.map(({ id, filename }) => (
          <option key={id} value={id}>
            {filename}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
