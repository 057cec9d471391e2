'use client';
import { Button } from '../ui/button.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

/** Starts the job that looks through all units for pairs. */
export function FindButton({
  isRunning,
  isFirst,
  onFind,
}: {
  isRunning: boolean;
  isFirst: boolean;
  onFind: (input: Record<string, never>) => Promise<Answer<{ runId: string }>>;
}) {
  const { run, isPending, fault } = useAct();
  return (
    <>
      {fault && (
        <span role="alert" className="text-fail">
          {fault}
        </span>
      )}
      <Button
        tone={isFirst ? 'primary' : 'plain'}
        disabled={isPending || isRunning}
        onClick={() => run(() => onFind({}), undefined, 'Looking for pairs')}
      >
        {isRunning ? 'Looking for pairs' : isFirst ? 'Find pairs' : 'Find pairs again'}
      </Button>
    </>
  );
}
