'use client';
import { useState } from 'react';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { count } from '../ui/figures.ts';
import { type Answer, useAct } from '../ui/use-act.ts';

type Verdict = { ok: boolean; entries: number; firstBad?: { seq: string; why: string } };

export function LedgerCheck({ onCheck }: { onCheck: (input: Record<string, never>) => Promise<Answer<Verdict>> }) {
  const { run, isPending, fault } = useAct();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  return (
    <div className="flex flex-wrap items-center gap-3">
      {fault && <Banner tone="fail" title={fault} live />}
      {verdict && (
        <Banner
          live
          tone={verdict.ok ? 'pass' : 'fail'}
          title={
            verdict.ok
              ? `The chain holds: ${count(verdict.entries)} entries`
              : `Entry ${verdict.firstBad?.seq}: ${verdict.firstBad?.why}`
          }
        />
      )}
      <Button disabled={isPending} onClick={() => run(() => onCheck({}), setVerdict)}>
        {isPending ? 'Checking' : 'Check the chain'}
      </Button>
    </div>
  );
}
