'use client';
import type { Payload } from '#lib/core/review/verdict.ts';
import { useKeyCapture } from '../shell/keys-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import type { Done } from './use-desk.ts';

const STRENGTHS: Record<string, string> = {
  '-2': 'left, much better',
  '-1': 'left',
  '0': 'tie',
  '1': 'right',
  '2': 'right, much better',
};

function saysOf(payload: Payload): string {
  switch (payload.kind) {
    case 'audit':
      return payload.leaks.length > 0 ? `${payload.leaks.length} missed` : payload.verdict;
    case 'pair':
      return payload.strength === null ? 'both bad' : (STRENGTHS[String(payload.strength)] ?? '');
    case 'adjudication':
      return payload.take;
    case 'sweep':
      return payload.is.replaceAll('_', ' ');
    default:
      return payload.kind;
  }
}

/** The last ten, each one key away from being at hand again, until they are sealed. */
export function HistoryDialog({
  done,
  onReturn,
  onClose,
}: {
  done: readonly Done[];
  onReturn: (eventId: string) => void;
  onClose: () => void;
}) {
  // Wherever the focus is inside the dialog.
  useKeyCapture((event) => {
    const at = event.key.length === 1 ? '1234567890'.indexOf(event.key) : -1;
    const one = at >= 0 ? done[at] : undefined;
    if (one) onReturn(one.eventId);
    return one !== undefined;
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Your last decisions"
      hint="A digit brings one back; z takes them back one by one, until they are sealed."
    >
      {done.length === 0 ? (
        <p className="text-ink-2">Nothing decided in this queue that could be taken back.</p>
      ) : (
        <ol className="flex flex-col">
          {done.map(({ eventId, task, payload, isHasty }, at) => (
            <li key={eventId} className="flex items-center gap-3 border-line border-b py-1.5">
              <Kbd keys={String((at + 1) % 10)} />
              <span className="font-mono text-mono">{task.subjectId.slice(0, 12)}</span>
              <span className="text-ink-2">{saysOf(payload)}</span>
              {isHasty && <Badge tone="warn">within 0.4 s</Badge>}
              <span className="ms-auto">
                <Button size="small" aria-label={`Return to decision ${at + 1}`} onClick={() => onReturn(eventId)}>
                  Return
                </Button>
              </span>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
