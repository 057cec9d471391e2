'use client';
import { type FormEvent, useState } from 'react';
import type { Scope } from '#lib/core/policy/access.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { CodeBlock } from '../ui/code-block.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CheckboxField, FieldGroup, SelectField, TextField } from '../ui/field.tsx';
import { Time } from '../ui/time.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

export type Token = {
  id: string;
  name: string;
  scopes: string[];
  sourceName: string | null;
  expiresAt: string;
  lastUsedAt: string | null;
};
type Made = { id: string; token: string; scopes: Scope[]; expiresAt: Date };

const SCOPES: { scope: Scope; label: string }[] = [
  { scope: 'import', label: 'bring logs in' },
  { scope: 'units', label: 'read units' },
  { scope: 'review', label: 'claim and decide' },
  { scope: 'queue', label: 'manage queues' },
  { scope: 'release', label: 'read and download releases' },
  { scope: 'ledger', label: 'read the ledger' },
  { scope: 'people', label: 'people' },
];

/** One's own tokens. Each acts with its owner's role as it is at each call, within its scopes. */
export function TokenList({
  tokens,
  sources,
  onMake,
  onRevoke,
}: {
  tokens: readonly Token[];
  /** Those a token may be bound to; none when its owner may not bring logs in. */
  sources: readonly { id: string; name: string }[];
  onMake: (input: { name: string; scopes: Scope[]; days: number; sourceId?: string }) => Promise<Answer<Made>>;
  onRevoke: (input: { id: string }) => Promise<Answer<void>>;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [sourceId, setSourceId] = useState('');
  const { run, isPending, fault } = useAct();
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    run(
      () =>
        onMake({
          name: String(form.get('name')).trim(),
          scopes: sourceId ? ['import'] : (form.getAll('scope') as Scope[]),
          days: Number(form.get('days')),
          ...(sourceId && { sourceId }),
        }),
      ({ token }) => setSecret(token),
    );
  }
  function close() {
    setIsOpen(false);
    setSecret(null);
    setSourceId('');
  }
  return (
    <div className="flex flex-col gap-3">
      {fault && !isOpen && <Banner tone="fail" title={fault} live />}
      {tokens.length === 0 ? (
        <p className="text-ink-2">None. A token lets a script act as you, within the scopes you give it.</p>
      ) : (
        <ul className="flex flex-col">
          {tokens.map((token) => (
            <li key={token.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b py-1.5">
              <span className="font-medium">{token.name}</span>
              <span className="text-ink-2">
                {token.sourceName === null ? token.scopes.join(', ') : `sends to ${token.sourceName}`}
              </span>
              <span className="ms-auto text-ink-3">
                ends <Time at={token.expiresAt} />,{' '}
                {token.lastUsedAt ? (
                  <>
                    last used <Time at={token.lastUsedAt} />
                  </>
                ) : (
                  'never used'
                )}
              </span>
              <Button
                size="small"
                tone="danger"
                disabled={isPending}
                aria-label={`Revoke ${token.name}`}
                onClick={() => run(() => onRevoke({ id: token.id }), undefined, 'Revoked')}
              >
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button onClick={() => setIsOpen(true)}>Make a token</Button>
      </div>
      <Dialog
        open={isOpen}
        onClose={close}
        title={secret ? 'Your token' : 'Make a token'}
        hint={secret ? 'It is shown this once; only its hash is kept.' : 'It can do no more than you can.'}
        footer={
          secret ? (
            <Button tone="primary" onClick={close}>
              I have kept it
            </Button>
          ) : (
            <>
              <Button onClick={close}>Cancel</Button>
              <Button tone="primary" type="submit" form="token-form" disabled={isPending}>
                Make it
              </Button>
            </>
          )
        }
      >
        {secret ? (
          <CodeBlock text={secret} label="token" />
        ) : (
          <form id="token-form" onSubmit={submit} className="flex flex-col gap-4">
            {fault && <Banner tone="fail" title={fault} live />}
            <TextField label="Name" name="name" maxLength={60} hint="What it is for" />
            <TextField label="Days" name="days" type="number" min={1} max={90} defaultValue={30} />
            {sources.length > 0 && (
              <SelectField
                label="Bound to"
                value={sourceId}
                onChange={(event) => setSourceId(event.target.value)}
                hint="Bound to a source it sends uploads and OpenTelemetry there, and does nothing else"
              >
                <option value="">no source</option>
                {sources.map((source) => (
                  <option key={source.id} value={source.id}>
                    {source.name}
                  </option>
                ))}
              </SelectField>
            )}
            {!sourceId && (
              <FieldGroup legend="It may">
                {SCOPES.map(({ scope, label }) => (
                  <CheckboxField key={scope} name="scope" value={scope} label={label} />
                ))}
              </FieldGroup>
            )}
          </form>
        )}
      </Dialog>
    </div>
  );
}
