'use client';
import { type FormEvent, useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

export type RecipientInput = {
  name: string;
  region: string;
  purposes: string[];
  agreementDate: string;
  agreementExpires: string;
};

/** Who a release may be made for: with which agreement, for what, until when. */
export function RecipientForm({
  onRegister,
  isFirst,
  purposes,
}: {
  onRegister: (input: RecipientInput) => Promise<Answer<{ id: string }>>;
  isFirst: boolean;
  /** Those of the sources, as a start. */
  purposes: readonly string[];
}) {
  const [isOpen, setIsOpen] = useState(false);
  const { run, isPending, fault } = useAct();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const words = text('purposes').split(',');
    const input = {
      name: text('name'),
      region: text('region'),
      purposes: words.map((word) => word.trim()).filter(Boolean),
      agreementDate: text('from'),
      agreementExpires: text('until'),
    };
    run(
      () => onRegister(input),
      () => setIsOpen(false),
      'Recipient registered',
    );
  }
  return (
    <>
      <Button tone={isFirst ? 'primary' : 'plain'} onClick={() => setIsOpen(true)}>
        Register a recipient
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Register a recipient"
        hint="The name must be the one that sources allow. Needs a sign-in of the last 15 minutes."
        footer={
          <>
            <Button onClick={() => setIsOpen(false)}>Cancel</Button>
            <Button tone="primary" type="submit" form="recipient-form" disabled={isPending}>
              Register
            </Button>
          </>
        }
      >
        <form id="recipient-form" onSubmit={submit} className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          {fault && (
            <div className="sm:col-span-2">
              <Banner tone="fail" title={fault} live />
            </div>
          )}
          <TextField label="Name" name="name" maxLength={80} />
          <TextField label="Region" name="region" defaultValue="EU" maxLength={40} />
          <TextField
            label="Purposes"
            name="purposes"
            defaultValue={purposes.join(', ')}
            hint="Short words, commas between"
          />
          <span />
          <TextField label="Agreement of" name="from" type="date" />
          <TextField label="Agreement ends" name="until" type="date" />
        </form>
      </Dialog>
    </>
  );
}
