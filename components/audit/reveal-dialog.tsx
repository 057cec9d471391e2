'use client';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { textOf } from '../ui/form-text.ts';
import type { RevealReason } from './use-reveal.ts';

const CODES: { code: string; label: string }[] = [
  { code: 'wrong_mask', label: 'The mask may be wrong' },
  { code: 'same_person', label: 'Two placeholders may be one person' },
  { code: 'unreadable', label: 'The text cannot be judged without it' },
  { code: 'other', label: 'Another reason' },
];

/** Asked before the first reveal: what for, in a code and in words. Both stand in the ledger before the value is shown. */
export function RevealDialog({
  placeholder,
  onReveal,
  onClose,
}: {
  placeholder: string;
  onReveal: (reason: RevealReason) => void;
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Reveal ${placeholder}`}
      hint="Your reason is written into the ledger with your name. The value is shown for five seconds; for five minutes the reason serves for more of them."
      width="narrow"
      footer={
        <Button tone="primary" type="submit" form="reveal-form">
          Reveal
        </Button>
      }
    >
      <form
        id="reveal-form"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          onReveal({ code: textOf(form, 'code'), reason: textOf(form, 'reason') });
        }}
      >
        <SelectField label="What for" name="code">
          {CODES.map(({ code, label }) => (
            <option key={code} value={code}>
              {label}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Reason"
          name="reason"
          minLength={10}
          maxLength={400}
          hint="At least ten characters, without the value"
          autoComplete="off"
        />
      </form>
    </Dialog>
  );
}
