'use client';
import { type FormEvent, useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

export type SourceInput = {
  name: string;
  controller: string;
  legalBasis: 'consent' | 'contract' | 'legal_obligation' | 'vital_interests' | 'public_task' | 'legitimate_interests';
  purposes: string[];
  region: string;
  recipientsAllowed: string[];
  retention: { raw: number; redacted: number };
  consentRef?: string;
};

const BASES: { value: SourceInput['legalBasis']; label: string }[] = [
  { value: 'consent', label: 'Consent' },
  { value: 'contract', label: 'Contract' },
  { value: 'legitimate_interests', label: 'Legitimate interests' },
  { value: 'legal_obligation', label: 'Legal obligation' },
  { value: 'public_task', label: 'Public task' },
  { value: 'vital_interests', label: 'Vital interests' },
];
const words = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

/** The register's entry of a source (GDPR art. 30): without one no log is accepted. */
export function SourceForm({
  onRegister,
  isFirst,
}: {
  onRegister: (input: SourceInput) => Promise<Answer<{ id: string; name: string }>>;
  isFirst: boolean;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [basis, setBasis] = useState<SourceInput['legalBasis']>('legitimate_interests');
  const { run, isPending, fault } = useAct();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const input: SourceInput = {
      name: text('name'),
      controller: text('controller'),
      legalBasis: basis,
      purposes: words(text('purposes')),
      region: text('region'),
      recipientsAllowed: words(text('recipients')),
      retention: { raw: Number(text('raw')), redacted: Number(text('redacted')) },
      ...(text('consentRef') ? { consentRef: text('consentRef') } : {}),
    };
    run(
      () => onRegister(input),
      () => setIsOpen(false),
      'Source registered',
    );
  }
  return (
    <>
      <Button tone={isFirst ? 'primary' : 'plain'} onClick={() => setIsOpen(true)}>
        Register a source
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Register a source"
        hint="What a privacy officer must know before the first byte is accepted. It travels with every unit."
        footer={
          <>
            <Button onClick={() => setIsOpen(false)}>Cancel</Button>
            <Button tone="primary" type="submit" form="source-form" disabled={isPending}>
              Register
            </Button>
          </>
        }
      >
        <form id="source-form" onSubmit={submit} className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          {fault && (
            <div className="sm:col-span-2">
              <Banner tone="fail" title={fault} live />
            </div>
          )}
          <TextField label="Name" name="name" maxLength={80} hint="For instance “Support chat EU”" />
          <TextField
            label="Owner"
            name="controller"
            maxLength={120}
            hint="The controller: who answers for these logs"
          />
          <SelectField
            label="Legal basis"
            value={basis}
            onChange={(event) => setBasis(event.target.value as SourceInput['legalBasis'])}
          >
            {BASES.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </SelectField>
          <TextField
            label="Consent reference"
            name="consentRef"
            optional={basis !== 'consent'}
            maxLength={200}
            hint="Where the consent is recorded"
          />
          <TextField
            label="Purposes"
            name="purposes"
            defaultValue="sft, dpo, eval"
            hint="Short words, commas between"
          />
          <TextField label="Region" name="region" defaultValue="EU" maxLength={40} />
          <TextField
            label="Allowed recipients"
            name="recipients"
            optional
            hint="Names, commas between; empty: nobody outside"
          />
          <div className="grid grid-cols-2 gap-4">
            <TextField label="Keep raw, days" name="raw" type="number" min={1} max={3650} defaultValue={30} />
            <TextField
              label="Keep redacted, days"
              name="redacted"
              type="number"
              min={1}
              max={3650}
              defaultValue={365}
            />
          </div>
        </form>
      </Dialog>
    </>
  );
}
