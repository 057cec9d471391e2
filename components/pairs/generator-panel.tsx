'use client';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { percent } from '../ui/figures.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import { textOf } from '../ui/form-text.ts';
import { type Answer, useAct } from '../ui/use-act.ts';

export type GeneratorLine = {
  id: string;
  name: string;
  version: number;
  says: string;
  capShare: number;
  state: 'proposed' | 'approved' | 'refused' | 'retired';
  proposedBy: string;
  decidedBy: string | null;
  isMine: boolean;
};
type Decision = 'approve' | 'refuse' | 'retire';
type Rule<R extends string> = { rule: R; says: string };

const TONES = { proposed: 'warn', approved: 'pass', refused: 'fail', retired: 'neutral' } as const;

/** A version is proposed with its cap, approved by another lead, and retired by any; it is never changed. */
export function GeneratorPanel<R extends string>({
  generators,
  rules,
  mayDecide,
  mostShare,
  onPropose,
  onDecide,
}: {
  generators: readonly GeneratorLine[];
  rules: readonly Rule<R>[];
  mayDecide: boolean;
  mostShare: number;
  onPropose: (input: { name: string; rule: R; capShare: number }) => Promise<Answer<{ id: string; version: number }>>;
  onDecide: (input: { id: string; decision: Decision }) => Promise<Answer<unknown>>;
}) {
  const { run, isPending, fault } = useAct();
  const decide = (id: string, decision: Decision) => run(() => onDecide({ id, decision }), undefined, 'Decided');
  return (
    <div className="flex flex-col gap-3">
      {fault && (
        <p role="alert" className="text-fail">
          {fault}
        </p>
      )}
      <ul className="flex flex-col">
        {generators.map(({ id, name, version, says, capShare, state, proposedBy, decidedBy, isMine }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b py-2">
            <span className="font-medium">
              {name}@{version}
            </span>
            <Badge tone={TONES[state]} glyph>
              {state}
            </Badge>
            <span className="min-w-0 flex-1 text-ink-2">
              {says}; at most {percent(capShare)} of the pairs
            </span>
            <span className="text-ink-3 text-label">
              proposed by {proposedBy}
              {decidedBy && `, ${state} by ${decidedBy}`}
            </span>
            {mayDecide && state === 'proposed' && (
              <span className="flex gap-2">
                {isMine ? (
                  <span className="text-ink-3 text-label">another lead approves it</span>
                ) : (
                  <Button tone="primary" disabled={isPending} onClick={() => decide(id, 'approve')}>
                    Approve
                  </Button>
                )}
                <Button disabled={isPending} onClick={() => decide(id, 'refuse')}>
                  Refuse
                </Button>
              </span>
            )}
            {mayDecide && state === 'approved' && (
              <Button disabled={isPending} onClick={() => decide(id, 'retire')}>
                Retire
              </Button>
            )}
          </li>
        ))}
        {generators.length === 0 && (
          <li className="text-ink-2">None. Without an approved generator nothing synthetic is made or exported.</li>
        )}
      </ul>
      <div>
        <FormDialog
          opener="Propose a generator"
          tone="plain"
          hint="It makes rejected answers out of runs that are known to have succeeded. Another lead must approve the version."
          send="Propose"
          says="Proposed"
          onSend={(form) =>
            onPropose({
              name: textOf(form, 'name'),
              rule: textOf(form, 'rule') as R,
              capShare: Number(form.get('cap')) / 100,
            })
          }
        >
          <TextField label="Name" name="name" pattern="[a-z][a-z0-9-]{0,39}" hint="Small letters, digits, hyphens" />
          <SelectField label="Rule" name="rule" defaultValue={rules[0]?.rule}>
            {rules.map(({ rule, says }) => (
              <option key={rule} value={rule}>
                {rule.replaceAll('_', ' ')}: {says}
              </option>
            ))}
          </SelectField>
          <TextField
            label="At most, percent of a release's pairs"
            name="cap"
            type="number"
            min={1}
            max={mostShare * 100}
            defaultValue={10}
          />
        </FormDialog>
      </div>
    </div>
  );
}
