'use client';
import { type FormEvent, useEffect, useState } from 'react';
import type { Done } from '../desk/use-desk.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';

export function HistoryDialog({
  done,
  onClose,
}: {
  done: readonly Done<{ subjectId: string }>[];
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Your last decisions"
      hint="z takes them back one by one, until the sample is sealed."
    >
      {done.length === 0 ? (
        <p className="text-ink-2">Nothing decided on this page yet.</p>
      ) : (
        <ol className="flex flex-col">
          {done.map(({ eventId, task, payload }) => (
            <li key={eventId} className="flex gap-3 border-line border-b py-1.5">
              <span className="font-mono text-mono">{task.subjectId.slice(0, 12)}</span>
              <span className="text-ink-2">
                {payload.kind === 'audit'
                  ? payload.leaks.length > 0
                    ? `${payload.leaks.length} missed`
                    : payload.verdict
                  : payload.kind}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}

const SHOWN_MS = 5_000;

/** One value, five seconds, with a reason that stands in the ledger before it is shown. */
export function RevealDialog({
  taskId,
  placeholder,
  onClose,
}: {
  taskId: string;
  placeholder: string;
  onClose: () => void;
}) {
  const [value, setValue] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    if (value === null) return;
    const timer = setTimeout(onClose, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [value, onClose]);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason'));
    const answer = await fetch('/api/v1/reveal', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ taskId, placeholder, reason }),
      cache: 'no-store',
    }).catch(() => null);
    const body = (await answer?.json().catch(() => null)) as { value?: string; error?: { message: string } } | null;
    if (answer?.ok && body?.value !== undefined) setValue(body.value);
    else setFault(body?.error?.message ?? 'The vault does not answer.');
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Reveal ${placeholder}`}
      hint="The reveal is written into the ledger with your name. The value is shown for five seconds."
      width="narrow"
      footer={
        value === null && (
          <Button tone="primary" type="submit" form="reveal-form">
            Reveal
          </Button>
        )
      }
    >
      {value !== null ? (
        <p className="font-mono text-mono" translate="no">
          {value}
        </p>
      ) : (
        <form id="reveal-form" onSubmit={submit} className="flex flex-col gap-3">
          {fault && <Banner tone="fail" title={fault} live />}
          <TextField
            label="Reason"
            name="reason"
            minLength={10}
            maxLength={400}
            hint="At least ten characters"
            autoComplete="off"
          />
        </form>
      )}
    </Dialog>
  );
}
