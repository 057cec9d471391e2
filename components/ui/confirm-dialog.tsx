'use client';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';

/** Asks before an act that cannot be taken back; with `typed`, only when that word was typed. */
export function ConfirmDialog({
  open,
  onClose,
  onConfirm,
  title,
  act,
  typed,
  isBusy = false,
  children,
}: {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: ReactNode;
  /** The verb on the button. */
  act: string;
  typed?: string;
  isBusy?: boolean;
  /** What will happen, with its counts. */
  children?: ReactNode;
}) {
  const [word, setWord] = useState('');
  const isReady = !typed || word.trim() === typed;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      width="narrow"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="danger" disabled={!isReady || isBusy} onClick={onConfirm}>
            {act}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-ink-2">
        {children}
        {typed && (
          <TextField
            label={
              <>
                Type <code className="font-mono text-mono">{typed}</code> to go on
              </>
            }
            value={word}
            onChange={(event) => setWord(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </div>
    </Dialog>
  );
}
