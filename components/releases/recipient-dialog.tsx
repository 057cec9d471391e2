'use client';
import { TextField } from '../ui/field.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { textOf, wordsOf } from '../ui/form-text.ts';
import type { Answer } from '../ui/use-act.ts';

type RecipientInput = {
  name: string;
  region: string;
  purposes: string[];
  agreementDate: string;
  agreementExpires: string;
};

/** Who a release may be made for: with which agreement, for what, until when. */
export function RecipientDialog({
  onRegister,
  isFirst,
  purposes,
}: {
  onRegister: (input: RecipientInput) => Promise<Answer<{ id: string }>>;
  isFirst: boolean;
  /** Those of the sources, as a start. */
  purposes: readonly string[];
}) {
  return (
    <FormDialog
      opener="Register a recipient"
      tone={isFirst ? 'primary' : 'plain'}
      hint="The name must be the one that sources allow. Needs a sign-in of the last 15 minutes."
      send="Register"
      says="Recipient registered"
      isWide
      onSend={(form) =>
        onRegister({
          name: textOf(form, 'name'),
          region: textOf(form, 'region'),
          purposes: wordsOf(form, 'purposes').map((word) => word.toLowerCase()),
          agreementDate: textOf(form, 'agreementDate'),
          agreementExpires: textOf(form, 'agreementExpires'),
        })
      }
    >
      <TextField label="Name" name="name" maxLength={80} />
      <TextField
        label="Region"
        name="region"
        defaultValue="EU"
        maxLength={40}
        hint="Where they keep what they get, e.g. EU"
      />
      <TextField
        label="Purposes"
        name="purposes"
        defaultValue={purposes.join(', ')}
        hint="Short words, commas between, e.g. sft, dpo, eval"
      />
      <span />
      <TextField label="Agreement of" name="agreementDate" type="date" />
      <TextField label="Agreement ends" name="agreementExpires" type="date" />
    </FormDialog>
  );
}
