'use client';
import { useRouter } from 'next/navigation';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

/** Sends what two readers marked differently, and doubts, to a third person, and goes there. */
export function OpenAdjudication({
  queueId,
  onOpen,
}: {
  queueId: string;
  onOpen: (input: { queueId: string }) => Promise<Answer<{ queueId: string; added: number }>>;
}) {
  const router = useRouter();
  const { run, isPending, fault } = useAct();
  return (
    <span className="flex items-center gap-2">
      {fault && <Banner tone="neutral" title="Nothing is in dispute" live />}
      <Button
        disabled={isPending}
        title="What was ruled before stays"
        onClick={() =>
          run(
            () => onOpen({ queueId }),
            (value) => router.push(`/adjudicate/${value.queueId}`),
          )
        }
      >
        Adjudicate
      </Button>
    </span>
  );
}
