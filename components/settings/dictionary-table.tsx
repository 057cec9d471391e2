'use client';
import Link from 'next/link';
import { PII_TYPES, type PiiType } from '#lib/core/pii/taxonomy.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { count } from '../ui/figures.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import { Time } from '../ui/time.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

export type Entry = {
  id: string;
  type: string;
  mode: string;
  action: string;
  scope: string;
  state: string;
  origin: string;
  createdBy: string;
  createdAt: string;
  units: number;
  isOwn: boolean;
};
type Mode = 'exact' | 'folded' | 'word' | 'pattern';

const TONES: Record<string, Tone> = { accepted: 'pass', proposed: 'accent', refused: 'neutral', removed: 'neutral' };
const MODES: Record<string, string> = {
  exact: 'exactly',
  folded: 'in any case',
  word: 'as a word, in any case',
  pattern: 'by a pattern',
};
const SCOPES: Record<string, string> = { unit: 'one unit', trajectory: 'one trajectory' };
const typeName = (type: string): string => PII_TYPES[type as PiiType]?.label ?? type;

/** Terms of a project without their values: what was typed went sealed into the vault. */
export function DictionaryTable({
  entries,
  mayDecide,
  onDecide,
}: {
  entries: readonly Entry[];
  mayDecide: boolean;
  onDecide: (input: { id: string; accept: boolean }) => Promise<Answer<void>>;
}) {
  const { run, isPending, fault } = useAct();
  const decide = (id: string, accept: boolean) =>
    run(() => onDecide({ id, accept }), undefined, accept ? 'Accepted; what it touches is redacted again' : 'Refused');
  return (
    <div className="flex flex-col gap-3 overflow-x-auto">
      {fault && <Banner tone="fail" title={fault} live />}
      <table className="w-full" aria-label="Entries">
        <thead>
          <tr className="border-line border-b text-left text-ink-2 text-label">
            <th className="py-1.5 pe-4 font-medium">Kind</th>
            <th className="pe-4 font-medium">Found</th>
            <th className="pe-4 font-medium">Does</th>
            <th className="pe-4 font-medium">Where</th>
            <th className="pe-4 text-end font-medium">Units</th>
            <th className="pe-4 font-medium">By</th>
            <th className="pe-4 font-medium">Since</th>
            <th className="pe-4 font-medium">State</th>
            <th className="font-medium">
              <span className="sr-only">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id} className="border-line border-b">
              <td className="h-10 pe-4 font-medium">
                <Link href={`/settings/dictionaries/${entry.id}`} className="hover:text-accent hover:underline">
                  {typeName(entry.type)}
                </Link>
              </td>
              <td className="pe-4 text-ink-2">{MODES[entry.mode] ?? entry.mode}</td>
              <td className="pe-4 text-ink-2">{entry.action === 'keep' ? 'leaves it' : 'masks it'}</td>
              <td className="pe-4 text-ink-2">{SCOPES[entry.scope] ?? 'the project'}</td>
              <td className="pe-4 text-end">{count(entry.units)}</td>
              <td className="pe-4 text-ink-2">
                {entry.isOwn ? 'you' : entry.createdBy}
                {entry.origin === 'audit' && ', from an audit'}
              </td>
              <td className="pe-4 text-ink-2">
                <Time at={entry.createdAt} />
              </td>
              <td className="pe-4">
                <Badge tone={TONES[entry.state] ?? 'neutral'}>{entry.state}</Badge>
              </td>
              <td>
                {entry.state === 'proposed' &&
                  mayDecide &&
                  (entry.isOwn ? (
                    <span className="text-ink-3 text-label">another lead decides</span>
                  ) : (
                    <span className="flex gap-1.5">
                      <Button size="small" disabled={isPending} onClick={() => decide(entry.id, true)}>
                        Accept
                      </Button>
                      <Button size="small" tone="quiet" disabled={isPending} onClick={() => decide(entry.id, false)}>
                        Refuse
                      </Button>
                    </span>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ProposeDialog({
  onPropose,
}: {
  onPropose: (input: { value: string; type: string; mode: Mode }) => Promise<Answer<{ id: string }>>;
}) {
  return (
    <FormDialog
      opener="Propose a term"
      hint="The term goes sealed into the vault and is not shown again. A lead who is not you accepts it."
      send="Propose"
      sending="Sealing it"
      says="Proposed; a lead decides"
      onSend={(form) =>
        onPropose({
          value: String(form.get('value')),
          type: String(form.get('type')),
          mode: String(form.get('mode')) as Mode,
        })
      }
    >
      <TextField
        label="Term or pattern"
        name="value"
        minLength={2}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        hint={String.raw`A pattern is one for RE2, for example \bBW-[0-9]{5}\b; it finds at least three characters`}
      />
      <SelectField label="Kind" name="type" defaultValue="CONFIDENTIAL">
        {(Object.keys(PII_TYPES) as PiiType[]).map((type) => (
          <option key={type} value={type}>
            {PII_TYPES[type].label}
          </option>
        ))}
      </SelectField>
      <SelectField label="Find it" name="mode" defaultValue="word">
        {Object.entries(MODES).map(([mode, label]) => (
          <option key={mode} value={mode}>
            {label}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
