'use client';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

type Act<I> = (input: I) => Promise<Answer<unknown>>;

/** Preview, then accept or refuse; an accepted entry can be taken out again. */
export function EntryActs({
  id,
  state,
  isOwn,
  mayDecide,
  isCounting,
  onDecide,
  onPreview,
  onUndo,
}: {
  id: string;
  state: string;
  isOwn: boolean;
  mayDecide: boolean;
  isCounting: boolean;
  onDecide: Act<{ id: string; accept: boolean }>;
  onPreview: Act<{ id: string }>;
  onUndo: Act<{ id: string }>;
}) {
  const { run, isPending, fault } = useAct();
  return (
    <>
      {fault && <Banner tone="fail" title={fault} live />}
      <Button disabled={isPending || isCounting} onClick={() => run(() => onPreview({ id }))}>
        {isCounting ? 'Counting' : 'Preview'}
      </Button>
      {state === 'proposed' && mayDecide && !isOwn && (
        <>
          <Button
            tone="primary"
            disabled={isPending}
            onClick={() =>
              run(() => onDecide({ id, accept: true }), undefined, 'Accepted; what it touches is redacted again')
            }
          >
            Accept and redact again
          </Button>
          <Button disabled={isPending} onClick={() => run(() => onDecide({ id, accept: false }), undefined, 'Refused')}>
            Refuse
          </Button>
        </>
      )}
      {state === 'proposed' && mayDecide && isOwn && (
        <span className="text-ink-3 text-label">you proposed it; another lead decides</span>
      )}
      {state === 'accepted' && mayDecide && (
        <Button
          disabled={isPending}
          onClick={() => run(() => onUndo({ id }), undefined, 'Taken out; what it touched is redacted again')}
        >
          Undo
        </Button>
      )}
    </>
  );
}
