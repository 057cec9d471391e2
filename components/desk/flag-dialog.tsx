'use client';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextareaField } from '../ui/field.tsx';

/** Tells a lead of the item without ending it. */
export function FlagDialog({ onFlag, onClose }: { onFlag: (note: string) => void; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Flag to a lead"
      hint="The item stays with you. Name places, not values: what looks like personal data is masked in the note."
      width="narrow"
      footer={
        <Button tone="primary" type="submit" form="flag-form">
          Flag
        </Button>
      }
    >
      <form
        id="flag-form"
        onSubmit={(event) => {
          event.preventDefault();
          onFlag(String(new FormData(event.currentTarget).get('note')).trim());
        }}
      >
        <TextareaField label="What is it?" name="note" rows={3} maxLength={500} autoComplete="off" />
      </form>
    </Dialog>
  );
}
