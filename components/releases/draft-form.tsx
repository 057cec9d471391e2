'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { CheckboxField, FieldGroup, SelectField, TextField } from '../ui/field.tsx';
import { count } from '../ui/figures.ts';
import { type Answer, useAct } from '../ui/use-act.ts';

export type DraftInput = {
  name: string;
  purpose: string;
  recipientId: string;
  kinds: ('qa' | 'thread' | 'agent')[];
  levels: ('L0' | 'L1' | 'L2' | 'L3' | 'L4' | 'L5')[];
  importIds: string[];
  includes: ('sft' | 'dpo' | 'eval')[];
  keep: 'all' | 'longest' | 'best_rated' | 'newest';
  evalFrom?: string;
};
type Choice = { id: string; name: string; purposes: string[]; allowedBy: string[]; isExpired: boolean };

const KINDS = [
  { value: 'qa', label: 'Questions with their answer' },
  { value: 'thread', label: 'Conversations' },
  { value: 'agent', label: 'Runs of agents with tools' },
] as const;
const LEVELS = ['L0', 'L1', 'L2', 'L3', 'L4', 'L5'] as const;

/** What goes in, for what, for whom. Boxes left empty mean everything. */
export function DraftForm({
  recipients,
  imports,
  gold,
  pairs,
  onDraft,
}: {
  recipients: readonly Choice[];
  imports: readonly { id: string; label: string; units: number }[];
  gold: number;
  pairs: number;
  onDraft: (input: DraftInput) => Promise<Answer<{ id: string; number: number }>>;
}) {
  const router = useRouter();
  const usable = recipients.filter((row) => !row.isExpired);
  const [recipientId, setRecipientId] = useState(usable[0]?.id ?? '');
  const recipient = usable.find((row) => row.id === recipientId);
  const { run, isPending, fault } = useAct();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const all = <T extends string>(name: string) => form.getAll(name) as T[];
    const input: DraftInput = {
      name: String(form.get('name') ?? '').trim(),
      purpose: String(form.get('purpose') ?? ''),
      recipientId,
      kinds: all('kinds'),
      levels: all('levels'),
      importIds: all('importIds'),
      includes: all('includes'),
      keep: String(form.get('keep') ?? 'all') as DraftInput['keep'],
      ...(form.get('evalFrom') ? { evalFrom: String(form.get('evalFrom')) } : {}),
    };
    run(
      () => onDraft(input),
      ({ id }) => router.push(`/releases/${id}`),
      'Draft saved',
    );
  }
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-6 md:grid-cols-2">
      {fault && (
        <div className="md:col-span-2">
          <Banner tone="fail" title={fault} live />
        </div>
      )}
      <TextField label="Name" name="name" maxLength={80} hint="For instance “Support assistant, November”" />
      <div className="grid grid-cols-2 gap-4">
        <SelectField
          label="Recipient"
          value={recipientId}
          onChange={(event) => setRecipientId(event.target.value)}
          hint={
            recipient && recipient.allowedBy.length > 0
              ? `allowed by ${recipient.allowedBy.join(', ')}`
              : 'no source allows this recipient: nothing could be released'
          }
        >
          {usable.map((row) => (
            <option key={row.id} value={row.id}>
              {row.name}
            </option>
          ))}
        </SelectField>
        <SelectField label="Purpose" name="purpose" hint="one that agreement and sources name">
          {(recipient?.purposes ?? []).map((purpose) => (
            <option key={purpose} value={purpose}>
              {purpose}
            </option>
          ))}
        </SelectField>
      </div>
      <FieldGroup legend="Rows" hint="At least one">
        <CheckboxField label="To fine-tune on (SFT)" name="includes" value="sft" defaultChecked />
        <CheckboxField
          label="Preferences (DPO)"
          name="includes"
          value="dpo"
          defaultChecked={pairs > 0}
          hint={pairs > 0 ? `${count(pairs)} pairs` : 'no pairs yet: find them on the pairs page'}
        />
        <CheckboxField
          label="Evaluation set (gold)"
          name="includes"
          value="eval"
          defaultChecked={gold > 0}
          hint={gold > 0 ? `${count(gold)} gold units, held out` : 'no gold units yet: seal some on the gold page'}
        />
      </FieldGroup>
      <FieldGroup legend="Kinds of units" hint="None ticked: all">
        {KINDS.map(({ value, label }) => (
          <CheckboxField key={value} label={label} name="kinds" value={value} />
        ))}
      </FieldGroup>
      <FieldGroup legend="Levels of complexity" hint="None ticked: all">
        <div className="flex flex-wrap gap-x-4">
          {LEVELS.map((level) => (
            <CheckboxField key={level} label={level} name="levels" value={level} />
          ))}
        </div>
      </FieldGroup>
      <FieldGroup legend="Imports" hint="None ticked: all">
        <div className="flex max-h-48 flex-col overflow-y-auto">
          {imports.map(({ id, label, units }) => (
            <CheckboxField key={id} label={`${label} (${count(units)} units)`} name="importIds" value={id} />
          ))}
        </div>
      </FieldGroup>
      <SelectField
        label="Of rows that say nearly the same"
        name="keep"
        defaultValue="all"
        hint="A person’s choice on the page of near-duplicates comes first"
      >
        <option value="all">keep all</option>
        <option value="longest">keep the longest</option>
        <option value="best_rated">keep the best rated</option>
        <option value="newest">keep the newest</option>
      </SelectField>
      <TextField
        label="Hold out everything from"
        name="evalFrom"
        type="date"
        optional
        hint="Empty: whole groups are held out by keyed hash. Groups that reach over the day stay at home"
      />
      <div className="md:col-span-2">
        <Button tone="primary" type="submit" disabled={isPending || usable.length === 0}>
          Save the draft
        </Button>
      </div>
    </form>
  );
}
