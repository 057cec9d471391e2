'use client';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

export function SealButton({
  queueId,
  isReady,
  onSeal,
}: {
  queueId: string;
  isReady: boolean;
  onSeal: (input: { queueId: string }) => Promise<Answer<unknown>>;
}) {
  const { run, isPending, fault } = useAct();
  return (
    <span className="flex items-center gap-2">
      {fault && <Banner tone="fail" title={fault} live />}
      <Button
        tone={isReady ? 'primary' : 'plain'}
        disabled={!isReady || isPending}
        title={isReady ? undefined : 'Every reading must be decided first'}
        onClick={() => run(() => onSeal({ queueId }), undefined, 'Sealed')}
      >
        Seal
      </Button>
    </span>
  );
}
