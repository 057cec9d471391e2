'use client';
import { useState } from 'react';
import { SelectField, TextField } from '../ui/field.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { textOf, wordsOf } from '../ui/form-text.ts';
import type { Answer } from '../ui/use-act.ts';

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

/** The register's entry of a source (GDPR art. 30): without one no log is accepted. */
export function SourceForm({
  onRegister,
  isFirst,
}: {
  onRegister: (input: SourceInput) => Promise<Answer<{ id: string; name: string }>>;
  isFirst: boolean;
}) {
  const [basis, setBasis] = useState<SourceInput['legalBasis']>('legitimate_interests');
  const send = (form: FormData) =>
    onRegister({
      name: textOf(form, 'name'),
      controller: textOf(form, 'controller'),
      legalBasis: basis,
      purposes: wordsOf(form, 'purposes'),
      region: textOf(form, 'region'),
      recipientsAllowed: wordsOf(form, 'recipients'),
      retention: { raw: Number(form.get('raw')), redacted: Number(form.get('redacted')) },
      ...(textOf(form, 'consentRef') ? { consentRef: textOf(form, 'consentRef') } : {}),
    });
  return (
    <FormDialog
      opener="Register a source"
      tone={isFirst ? 'primary' : 'plain'}
      hint="What a privacy officer must know before the first byte is accepted. It travels with every unit."
      send="Register"
      says="Source registered"
      isWide
      onSend={send}
    >
      <TextField label="Name" name="name" maxLength={80} hint="For instance “Support chat EU”" />
      <TextField label="Owner" name="controller" maxLength={120} hint="The controller: who answers for these logs" />
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
      <TextField label="Purposes" name="purposes" defaultValue="sft, dpo, eval" hint="Short words, commas between" />
      <TextField label="Region" name="region" defaultValue="EU" maxLength={40} />
      <TextField
        label="Allowed recipients"
        name="recipients"
        optional
        hint="Names, commas between; empty: nobody outside"
      />
      <div className="grid grid-cols-2 gap-4">
        <TextField label="Keep raw, days" name="raw" type="number" min={1} max={3650} defaultValue={30} />
        <TextField label="Keep redacted, days" name="redacted" type="number" min={1} max={3650} defaultValue={365} />
      </div>
    </FormDialog>
  );
}
