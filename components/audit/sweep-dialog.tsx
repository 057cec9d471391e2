'use client';
import { useRouter } from 'next/navigation';
import { TextField } from '../ui/field.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { textOf } from '../ui/form-text.ts';
import type { Answer } from '../ui/use-act.ts';

/** Puts what the detector only suggests into a queue, the doubtful first. */
export function SweepDialog({
  onOpen,
}: {
  onOpen: (input: { name: string; limit: number }) => Promise<Answer<{ queueId: string; items: number }>>;
}) {
  const router = useRouter();
  return (
    <FormDialog
      opener="Open a sweep"
      tone="plain"
      hint="Values that the detector only suggests, each in clear with a few words around it. Finds never count in the bound."
      send="Open it"
      sending="Looking for doubts"
      says="Sweep opened"
      onSend={(form) => onOpen({ name: textOf(form, 'name'), limit: Number(form.get('limit')) })}
      onDone={({ queueId }) => router.push(`/sweep/${queueId}`)}
    >
      <TextField label="Name" name="name" maxLength={80} />
      <TextField
        label="At most"
        name="limit"
        type="number"
        min={1}
        max={2000}
        defaultValue={200}
        hint="Values; each takes about three seconds"
      />
    </FormDialog>
  );
}
