'use client';
import { useMemo, useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Textarea } from '../ui/input.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';
import { WordDiff } from './word-diff.tsx';

type Side = 'left' | 'right';
const SIDES = [
  { value: 'left', label: 'Left' },
  { value: 'right', label: 'Right' },
] as const;

/** The better answer made better: what is written becomes the chosen side, the answer as it stood the rejected one. */
export function EditDialog({
  words,
  start,
  onEdit,
  onDone,
  onClose,
}: {
  words: Record<Side, string>;
  start: Side;
  onEdit: (side: Side, text: string) => Promise<Answer<{ editId: string }>>;
  onDone: (side: Side, editId: string) => void;
  onClose: () => void;
}) {
  const [side, setSide] = useState<Side>(start);
  const [text, setText] = useState(words[start]);
  const { run, isPending, fault } = useAct();
  const isChanged = useMemo(() => text.trim() !== words[side].trim() && text.trim() !== '', [text, side, words]);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Edit the better answer"
      hint="What you write is chosen, the answer as it stood is rejected. Keep placeholders as they are; bring no names or numbers of persons in."
      width="wide"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            disabled={isPending || !isChanged}
            onClick={() =>
              run(
                () => onEdit(side, text.trim()),
                ({ editId }) => onDone(side, editId),
              )
            }
          >
            Choose it as edited
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {fault && (
          <Banner tone="fail" title={fault} live>
            A text is refused that stays as it was, brings in what looks like personal data, or a placeholder that
            stands nowhere in this pair.
          </Banner>
        )}
        <Segmented
          label="Answer to edit"
          value={side}
          options={SIDES}
          onChange={(value) => {
            setSide(value as Side);
            setText(words[value as Side]);
          }}
        />
        <Textarea
          aria-label="The answer as it should be"
          rows={10}
          value={text}
          onChange={(event) => setText(event.target.value)}
          dir="auto"
          translate="no"
        />
        <div className="flex max-h-60 flex-col border border-line">
          <WordDiff left={words[side]} right={text} />
        </div>
      </div>
    </Dialog>
  );
}
