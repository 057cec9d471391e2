'use client';
import { type ReactNode, useId, useState } from 'react';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { type Answer, useAct } from './use-act.ts';

/** A button that opens a form: it stays open with what was typed until the server has taken it. */
export function FormDialog<T>({
  opener,
  tone = 'primary',
  size = 'normal',
  title = opener,
  hint,
  send,
  sending = send,
  says,
  isWide = false,
  onSend,
  onDone,
  children,
}: {
  opener: string;
  tone?: 'primary' | 'plain';
  size?: 'small' | 'normal';
  title?: string;
  hint: string;
  /** The deciding button, and what it says while the server works. */
  send: string;
  sending?: string;
  /** Said when it worked. */
  says: string;
  /** Two columns where there is room. */
  isWide?: boolean;
  onSend: (form: FormData) => Promise<Answer<T>>;
  onDone?: (value: T) => void;
  children: ReactNode;
}) {
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const { run, isPending, fault } = useAct();
  const close = () => setIsOpen(false);
  return (
    <>
      <Button tone={tone} size={size} onClick={() => setIsOpen(true)}>
        {opener}
      </Button>
      <Dialog
        open={isOpen}
        onClose={close}
        title={title}
        hint={hint}
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button tone="primary" type="submit" form={id} disabled={isPending}>
              {isPending ? sending : send}
            </Button>
          </>
        }
      >
        <form
          id={id}
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            run(
              () => onSend(form),
              (value) => {
                close();
                onDone?.(value);
              },
              says,
            );
          }}
          className={isWide ? 'grid grid-cols-1 gap-4 sm:grid-cols-2' : 'flex flex-col gap-4'}
        >
          {fault && (
            <div className={isWide ? 'sm:col-span-2' : ''}>
              <Banner tone="fail" title={fault} live />
            </div>
          )}
          {children}
        </form>
      </Dialog>
    </>
  );
}
