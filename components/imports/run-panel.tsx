'use client';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { count, duration } from '../ui/figures.ts';
import { Progress } from '../ui/progress.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';
import { WorkState } from './import-state.tsx';

export type RunFigures = {
  id: string;
  state: string;
  isPaused: boolean;
  itemsDone: number;
  itemsTotal: number;
  perSecond: number | null;
  secondsLeft: number | null;
  attempts: number;
  errorCode: string | null;
  chunks: {
    no: number;
    stage: string;
    state: string;
    attempts: number;
    done: number;
    total: number;
    errorCode: string | null;
  }[];
};
type What = 'pause' | 'resume' | 'cancel' | 'retry';

const STAGES: Record<string, string> = {
  read: 'Read and seal',
  redact: 'Find, replace, write',
  close: 'Count',
  find: 'Find where else',
  build: 'Build',
  propose: 'Propose',
  reread: 'Read again',
  settle: 'Count',
};

/** A run as it stands: each step's figures, and what may be done to it. */
export function RunPanel({
  run: figures,
  onControl,
}: {
  run: RunFigures;
  onControl?: (input: { runId: string; what: What }) => Promise<Answer<void>>;
}) {
  const { run, isPending, fault } = useAct();
  const isOpen = figures.state === 'running' || figures.state === 'ready' || figures.state === 'blocked';
  const act = (what: What, label: string) => (
    <Button
      key={what}
      size="small"
      disabled={isPending}
      onClick={() => run(() => onControl!({ runId: figures.id, what }))}
    >
      {label}
    </Button>
  );
  const stages = [...Map.groupBy(figures.chunks, (chunk) => chunk.stage)];
  return (
    <div className="flex flex-col gap-3">
      {fault && <Banner tone="fail" title={fault} live />}
      <div className="flex flex-wrap items-center gap-4">
        <WorkState state={figures.state} isPaused={figures.isPaused} />
        <span className="text-ink-2">
          {figures.perSecond !== null && `${count(Math.round(figures.perSecond))} items/s`}
          {figures.secondsLeft !== null && ` · ${duration(figures.secondsLeft)} left`}
          {figures.errorCode && ` · ${figures.errorCode}`}
        </span>
        {onControl && (
          <span className="ms-auto flex gap-2">
            {isOpen && (figures.isPaused ? act('resume', 'Resume') : act('pause', 'Pause'))}
            {isOpen && act('cancel', 'Cancel')}
            {(figures.state === 'dead' || figures.state === 'cancelled' || figures.state === 'blocked') &&
              act('retry', 'Retry')}
          </span>
        )}
      </div>
      <ul className="flex flex-col">
        {stages.map(([stage, chunks]) => {
          const done = chunks.reduce((sum, chunk) => sum + chunk.done, 0);
          const total = chunks.reduce((sum, chunk) => sum + chunk.total, 0);
          const finished = chunks.filter((chunk) => chunk.state === 'done').length;
          const isKnown = total > 0 || finished === chunks.length;
          const failed = chunks.find((chunk) => chunk.errorCode !== null);
          return (
            <li
              key={stage}
              className="grid grid-cols-[11rem_minmax(0,1fr)] items-center gap-4 border-line border-b py-1.5"
            >
              <span className="font-medium">{STAGES[stage] ?? stage}</span>
              <Progress
                label={STAGES[stage] ?? stage}
                share={
                  finished === chunks.length
                    ? 1
                    : isKnown
                      ? done / Math.max(total, 1)
                      : chunks.some((chunk) => chunk.state === 'running')
                        ? undefined
                        : 0
                }
                tone={failed ? 'warn' : finished === chunks.length ? 'pass' : 'accent'}
                text={`${total > 0 ? `${count(done)} of ${count(Math.max(total, done))} · ` : done > 0 ? `${count(done)} · ` : ''}${finished}/${chunks.length} chunks${failed ? ` · ${failed.errorCode}, attempt ${failed.attempts}` : ''}`}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
