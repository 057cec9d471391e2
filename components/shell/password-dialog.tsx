'use client';
import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { type Answer, AskForProof } from '../ui/use-act.ts';

/** Stands ready for acts that need a fresh sign-in: asks for the password on the spot, and the act goes on where it was. */
export function PasswordDialog({
  email,
  onConfirm,
  children,
}: {
  email: string;
  onConfirm: (input: { password: string }) => Promise<Answer<void>>;
  children: ReactNode;
}) {
  const form = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const settle = useRef<(isProven: boolean) => void>(() => {});

  const ask = () =>
    new Promise<boolean>((resolve) => {
      settle.current = resolve;
      setFault(null);
      setIsOpen(true);
    });
  function end(isProven: boolean) {
    settle.current(isProven);
    setIsOpen(false);
  }
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get('password'));
    setIsBusy(true);
    const answer = await onConfirm({ password }).catch(() => null);
    setIsBusy(false);
    if (answer?.ok) end(true);
    else if (answer?.code === 'wrong_credentials') setFault('The password is wrong.');
    else setFault(answer?.message ?? 'The installation does not answer. Try again in a moment.');
  }
  return (
    <AskForProof value={ask}>
      {children}
      <Dialog
        open={isOpen}
        onClose={() => end(false)}
        title="Confirm that it is you"
        hint="Your last sign-in is more than 15 minutes ago, and what you are about to do asks for a fresh one."
        width="narrow"
        footer={
          <>
            <Button onClick={() => end(false)}>Cancel</Button>
            <Button tone="primary" type="submit" form={form} disabled={isBusy}>
              Confirm
            </Button>
          </>
        }
      >
        <form id={form} onSubmit={submit} className="flex flex-col gap-4">
          {fault && <Banner tone="fail" title={fault} live />}
          {/* Password managers look for the account beside the password. */}
          <TextField label="E-mail" name="email" value={email} readOnly autoComplete="username" />
          <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
        </form>
      </Dialog>
    </AskForProof>
  );
}
