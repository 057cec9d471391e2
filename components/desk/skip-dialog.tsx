'use client';
import type { SkipReason } from '#lib/core/review/verdict.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

const SKIPS: { why: SkipReason; label: string }[] = [
  { why: 'too_long', label: 'Too long for now' },
  { why: 'language', label: 'A language I cannot judge' },
  { why: 'unsure', label: 'I am not sure' },
  { why: 'know_the_person', label: 'I know the person' },
  { why: 'cannot_be_shown', label: 'It cannot be shown' },
];

/** The item goes to another reader; it is never replaced by an easier one. */
export function SkipDialog({ onClose, onSkip }: { onClose: () => void; onSkip: (why: SkipReason) => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Skip this item"
      hint="It goes to another reader and does not come back to you."
      width="narrow"
    >
      <div className="flex flex-col gap-2">
        {SKIPS.map(({ why, label }) => (
          <Button key={why} onClick={() => onSkip(why)}>
            {label}
          </Button>
        ))}
      </div>
    </Dialog>
  );
}
