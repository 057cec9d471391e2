'use client';
import { type FormEvent, useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

type Input = { name: string; region: string; purposes: string[]; agreementDate: string; agreementExpires: string };

/** Who a release may be made for, by which agreement. */
export function RecipientDialog({ onAdd }: { onAdd: (input: Input) => Promise<Answer<{ id: string }>> }) {
  const [isOpen, setIsOpen] = useState(false);
  const { run, isPending, fault } = useAct();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    run(
      () =>
        onAdd({
          name: text('name'),
          region: text('region'),
          purposes: text('purposes')
            .toLowerCase()
            .split(/[,\s]+/)
            .filter(Boolean),
          agreementDate: text('agreementDate'),
          agreementExpires: text('agreementExpires'),
        }),
      () => setIsOpen(false),
      'Recipient added',
    );
  }
  return (
    <>
      <Button tone="primary" onClick={() => setIsOpen(true)}>
        Add a recipient
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Add a recipient"
        hint="The name must be one that a source allows; a release for them holds only units whose purposes fit."
        footer={
          <>
            <Button onClick={() => setIsOpen(false)}>Cancel</Button>
            <Button tone="primary" type="submit" form="recipient-form" disabled={isPending}>
              Add
            </Button>
          </>
        }
      >
        <form id="recipient-form" onSubmit={submit} className="flex flex-col gap-4">
          {fault && <Banner tone="fail" title={fault} live />}
          <TextField label="Name" name="name" maxLength={80} />
          <TextField label="Region" name="region" maxLength={40} hint="Where they keep what they get, e.g. EU" />
          <TextField label="Purposes" name="purposes" hint="Separated by commas, e.g. sft, dpo, eval" />
          <TextField label="Agreement of" name="agreementDate" type="date" />
          <TextField label="Agreement ends" name="agreementExpires" type="date" />
        </form>
      </Dialog>
    </>
  );
}
