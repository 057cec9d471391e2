'use client';
import { useState } from 'react';
import { SelectField, TextField } from '../ui/field.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { textOf, wordsOf } from '../ui/form-text.ts';
import type { Answer } from '../ui/use-act.ts';

type Basis = 'consent' | 'contract' | 'legal_obligation' | 'vital_interests' | 'public_task' | 'legitimate_interests';
export type Terms = {
  controller: string;
  legalBasis: Basis;
  purposes: string[];
  region: string;
  recipientsAllowed: string[];
  retention: { raw: number; redacted: number };
  consentRef?: string;
};
export type SourceInput = Terms & { name: string };
type Source = Omit<Terms, 'legalBasis' | 'retention' | 'consentRef'> & {
  id: string;
  name: string;
  legalBasis: string;
  retentionRawDays: number;
  retentionRedactedDays: number;
  consentRef: string | null;
};

const BASES: { value: Basis; label: string }[] = [
  { value: 'consent', label: 'Consent' },
  { value: 'contract', label: 'Contract' },
  { value: 'legitimate_interests', label: 'Legitimate interests' },
  { value: 'legal_obligation', label: 'Legal obligation' },
  { value: 'public_task', label: 'Public task' },
  { value: 'vital_interests', label: 'Vital interests' },
];

const termsOf = (form: FormData): Terms => ({
  controller: textOf(form, 'controller'),
  legalBasis: textOf(form, 'legalBasis') as Basis,
  purposes: wordsOf(form, 'purposes'),
  region: textOf(form, 'region'),
  recipientsAllowed: wordsOf(form, 'recipients'),
  retention: { raw: Number(form.get('raw')), redacted: Number(form.get('redacted')) },
  ...(textOf(form, 'consentRef') ? { consentRef: textOf(form, 'consentRef') } : {}),
});

/** The register's entry of a source (GDPR art. 30): without one no log is accepted. */
export function SourceForm({
  onRegister,
  isFirst,
}: {
  onRegister: (input: SourceInput) => Promise<Answer<{ id: string; name: string }>>;
  isFirst: boolean;
}) {
  return (
    <FormDialog
      opener="Register a source"
      tone={isFirst ? 'primary' : 'plain'}
      hint="What a privacy officer must know before the first byte is accepted. It travels with every unit."
      send="Register"
      says="Source registered"
      isWide
      onSend={(form) => onRegister({ name: textOf(form, 'name'), ...termsOf(form) })}
    >
      <TextField label="Name" name="name" maxLength={80} hint="For instance “Support chat EU”" />
      <TermFields />
    </FormDialog>
  );
}

/** What was agreed later: a further recipient, a purpose withdrawn, a shorter time. */
export function ChangeTerms({
  source,
  onChange,
}: {
  source: Source;
  onChange: (input: Terms & { sourceId: string }) => Promise<Answer<{ units: number }>>;
}) {
  return (
    <FormDialog
      opener="Change terms"
      tone="plain"
      size="small"
      title={`Terms of ${source.name}`}
      hint="They hold at once for every unit that came from this source; the ledger says who changed what."
      send="Change"
      says="Terms changed"
      isWide
      onSend={(form) => onChange({ sourceId: source.id, ...termsOf(form) })}
    >
      <TermFields source={source} />
    </FormDialog>
  );
}

function TermFields({ source }: { source?: Source }) {
  const [basis, setBasis] = useState(source?.legalBasis ?? 'legitimate_interests');
  return (
    <>
      <TextField
        label="Owner"
        name="controller"
        maxLength={120}
        defaultValue={source?.controller}
        hint="The controller: who answers for these logs"
      />
      <SelectField
        label="Legal basis"
        name="legalBasis"
        value={basis}
        onChange={(event) => setBasis(event.target.value)}
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
        defaultValue={source?.consentRef ?? ''}
        hint="Where the consent is recorded"
      />
      <TextField
        label="Purposes"
        name="purposes"
        defaultValue={source?.purposes.join(', ') ?? 'sft, dpo, eval'}
        hint="Short words, commas between"
      />
      <TextField label="Region" name="region" defaultValue={source?.region ?? 'EU'} maxLength={40} />
      <TextField
        label="Allowed recipients"
        name="recipients"
        optional
        defaultValue={source?.recipientsAllowed.join(', ')}
        hint="Names, commas between; empty: nobody outside"
      />
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label="Keep raw, days"
          name="raw"
          type="number"
          min={1}
          max={3650}
          defaultValue={source?.retentionRawDays ?? 30}
          hint={source && 'For later imports'}
        />
        <TextField
          label="Keep redacted, days"
          name="redacted"
          type="number"
          min={1}
          max={3650}
          defaultValue={source?.retentionRedactedDays ?? 365}
        />
      </div>
    </>
  );
}
