'use client';
import { type ReactNode, useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextareaField, TextField } from '../ui/field.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

type Act<I, T> = (input: I) => Promise<Answer<T>>;

const Fault = ({ fault }: { fault: string | null }) => fault && <Banner tone="fail" title={fault} live />;

export function BuildButton({
  releaseId,
  again,
  onBuild,
}: {
  releaseId: string;
  again: boolean;
  onBuild: Act<{ releaseId: string }, { runId: string }>;
}) {
  const { run, isPending, fault } = useAct();
  return (
    <>
      <Button
        tone={again ? 'plain' : 'primary'}
        disabled={isPending}
        onClick={() => run(() => onBuild({ releaseId }), undefined, 'The build is queued')}
      >
        {again ? 'Build again' : 'Build and check'}
      </Button>
      {fault && <Banner tone="fail" title={fault} live />}
    </>
  );
}

/** Says once more what is approved: the sentence, five numbers, the name to type. */
export function ApproveButton({
  releaseId,
  standing,
  name,
  sentence,
  numbers,
  onApprove,
}: {
  releaseId: string;
  standing: string;
  name: string;
  sentence: string;
  numbers: readonly { label: string; value: string }[];
  onApprove: Act<{ releaseId: string; standing: string; name: string }, { approvals: number; needed: number }>;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const { run, isPending, fault } = useAct();
  return (
    <>
      <Button tone="primary" onClick={() => setIsOpen(true)}>
        Approve
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Approve this release"
        hint="What you approve is exactly this build."
        footer={
          <>
            <Button onClick={() => setIsOpen(false)}>Cancel</Button>
            <Button
              tone="primary"
              disabled={isPending || typed.trim() !== name}
              onClick={() =>
                run(
                  () => onApprove({ releaseId, standing, name: typed.trim() }),
                  () => setIsOpen(false),
                  'Approved',
                )
              }
            >
              Approve
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          <Fault fault={fault} />
          <p className="max-w-prose text-prose">{sentence}</p>
          <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1">
            {numbers.map(({ label, value }) => (
              <div key={label} className="contents">
                <dt className="text-ink-2">{label}</dt>
                <dd className="text-end font-medium">{value}</dd>
              </div>
            ))}
          </dl>
          <TextField
            label={
              <>
                Type <code className="font-mono text-mono">{name}</code>
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </div>
      </Dialog>
    </>
  );
}

/** An act that asks for a reason in writing. */
function ReasonButton({
  label,
  title,
  hint,
  tone,
  onSay,
  children,
}: {
  label: string;
  title: string;
  hint: string;
  tone: 'plain' | 'danger';
  onSay: (reason: string) => Promise<Answer<unknown>>;
  children?: ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState('');
  const { run, isPending, fault } = useAct();
  return (
    <>
      <Button tone={tone} onClick={() => setIsOpen(true)}>
        {label}
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title={title}
        hint={hint}
        width="narrow"
        footer={
          <>
            <Button onClick={() => setIsOpen(false)}>Cancel</Button>
            <Button
              tone={tone === 'danger' ? 'danger' : 'primary'}
              disabled={isPending || reason.trim().length < 10}
              onClick={() =>
                run(
                  () => onSay(reason.trim()),
                  () => setIsOpen(false),
                )
              }
            >
              {label}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-3">
          <Fault fault={fault} />
          {children}
          <TextareaField
            label="Reason"
            hint="At least ten characters; it is kept"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
      </Dialog>
    </>
  );
}

export const RevokeButton = ({
  releaseId,
  fetchedBy,
  onRevoke,
}: {
  releaseId: string;
  /** Names of people who downloaded it. */
  fetchedBy: readonly string[];
  onRevoke: Act<{ releaseId: string; reason: string }, unknown>;
}) => (
  <ReasonButton
    label="Revoke"
    title="Revoke this release"
    hint="For good: nobody can download it any more."
    tone="danger"
    onSay={(reason) => onRevoke({ releaseId, reason })}
  >
    <p className="text-ink-2">
      {fetchedBy.length === 0 ? 'Nobody downloaded it so far.' : `Downloaded so far by ${fetchedBy.join(', ')}.`}
    </p>
  </ReasonButton>
);

export const StandButton = ({
  releaseId,
  onStand,
}: {
  releaseId: string;
  onStand: Act<{ releaseId: string; reason: string }, unknown>;
}) => (
  <ReasonButton
    label="Let it stand"
    title="Let this release stand"
    hint="A rule that came later changed units of it, so nobody can download it. Say why it may be handed out all the same, or build it anew. Needs a sign-in of the last 15 minutes."
    tone="plain"
    onSay={(reason) => onStand({ releaseId, reason })}
  />
);

export const WaiveButton = ({
  releaseId,
  gate,
  onWaive,
}: {
  releaseId: string;
  gate: string;
  onWaive: Act<{ releaseId: string; gate: string; reason: string }, unknown>;
}) => (
  <ReasonButton
    label="Waive in writing"
    title="Waive this gate"
    hint="The reason is printed in the manifest; approvals given before no longer count."
    tone="plain"
    onSay={(reason) => onWaive({ releaseId, gate, reason })}
  />
);

/** Asks for a link of one minute and follows it. */
export function DownloadButton({
  releaseId,
  file,
  label,
  quiet,
  onDownload,
}: {
  releaseId: string;
  file: string;
  label: string;
  quiet?: boolean;
  onDownload: Act<{ releaseId: string; file: string }, { url: string; expiresAt: string }>;
}) {
  const { run, isPending, fault } = useAct();
  return (
    <>
      <Button
        tone={quiet ? 'quiet' : 'primary'}
        size={quiet ? 'small' : 'normal'}
        disabled={isPending}
        aria-label={quiet ? `Download ${file}` : undefined}
        onClick={() =>
          run(
            () => onDownload({ releaseId, file }),
            ({ url }) => window.location.assign(url),
          )
        }
      >
        {label}
      </Button>
      {fault && <Banner tone="fail" title={fault} live />}
    </>
  );
}
