'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import type { StepMark } from '#lib/core/export/chat-format.ts';
import { ActButton } from '../shell/act-button.tsx';
import type { ActId } from '../shell/keys.ts';
import { useActs } from '../shell/keys-provider.tsx';
import type { TranscriptEvent } from '../transcript/event.ts';
import { Transcript, type TranscriptHandle } from '../transcript/transcript.tsx';
import { announce } from '../ui/announcer.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Banner } from '../ui/banner.tsx';
import { count } from '../ui/figures.ts';
import { type Answer, useAct } from '../ui/use-act.ts';

const MARKS: { act: ActId; mark: StepMark; tone: Tone }[] = [
  { act: 'steps.good', mark: 'good', tone: 'pass' },
  { act: 'steps.unnecessary', mark: 'unnecessary', tone: 'warn' },
  { act: 'steps.mistake', mark: 'mistake', tone: 'fail' },
  { act: 'steps.recovery', mark: 'recovery', tone: 'accent' },
];
const TONES = Object.fromEntries(MARKS.map(({ mark, tone }) => [mark, tone])) as Record<StepMark, Tone>;
const SAVE_AFTER_MS = 400;

export type StepDeskProps = {
  unitId: string;
  unitHash: string;
  title: string;
  events: TranscriptEvent[];
  steps: string[];
  marks: { eventId: string; mark: StepMark }[];
  next: string | null;
  onMark: (input: {
    unitId: string;
    unitHash: string;
    marks: { eventId: string; mark: StepMark }[];
  }) => Promise<Answer<{ marked: number }>>;
};

/** One key a step, and the next step is at hand. What was marked is saved a moment after the last key. */
export function StepDesk({ unitId, unitHash, title, events, steps, marks: given, next, onMark }: StepDeskProps) {
  const router = useRouter();
  const [marks, setMarks] = useState<ReadonlyMap<string, StepMark>>(
    () => new Map(given.map(({ eventId, mark }) => [eventId, mark])),
  );
  const [at, setAt] = useState(0);
  const [isDirty, setIsDirty] = useState(false);
  const { run, isPending, fault } = useAct();
  const transcript = useRef<TranscriptHandle>(null);
  const latest = useRef(marks);
  latest.current = marks;
  const current = steps[at];

  const save = () => {
    setIsDirty(false);
    run(() =>
      onMark({
        unitId,
        unitHash,
        marks: [...latest.current].map(([eventId, mark]) => ({ eventId, mark })),
      }),
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the marks have stood for a moment
  useEffect(() => {
    if (!isDirty) return;
    const timer = setTimeout(save, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [marks, isDirty]);

  function goTo(index: number) {
    const to = Math.min(Math.max(index, 0), steps.length - 1);
    setAt(to);
    if (steps[to]) transcript.current?.goTo(steps[to]);
  }
  function mark(as: StepMark | null) {
    if (!current) return;
    const changed = new Map(marks);
    if (as) changed.set(current, as);
    else changed.delete(current);
    setMarks(changed);
    setIsDirty(true);
    announce(as ? `step ${at + 1} of ${steps.length}: ${as}` : `step ${at + 1}: cleared`);
    if (as) goTo(at + 1);
  }
  function leave() {
    if (isDirty) save();
    router.push('/steps');
  }
  function goOn() {
    if (isDirty) save();
    router.push(next ? `/steps/${encodeURIComponent(next)}` : '/steps');
  }
  const has = current !== undefined;
  useActs({
    ...Object.fromEntries(MARKS.map(({ act, mark: as }) => [act, has && (() => mark(as))])),
    'steps.clear': has && (() => mark(null)),
    'steps.next': has && (() => goTo(at + 1)),
    'steps.previous': has && (() => goTo(at - 1)),
    'steps.leave': leave,
    'desk.decide': goOn,
  });
  const untrained = [...marks.values()].filter((one) => one === 'mistake' || one === 'unnecessary').length;
  const isRecovered = [...marks.values()].includes('mistake') && [...marks.values()].includes('recovery');

  return (
    <div className="grid h-full min-h-0 grid-rows-[auto_minmax(0,1fr)_auto]">
      <header className="flex flex-wrap items-center gap-x-5 gap-y-1 border-line border-b px-6 py-2">
        <Link href="/steps" className="text-ink-3 hover:text-ink">
          Steps
        </Link>
        <h1 className="min-w-0 max-w-[60ch] truncate font-semibold" tabIndex={-1} dir="auto" translate="no">
          {title}
        </h1>
        <span className="text-ink-2">
          {count(marks.size)} of {count(steps.length)} steps marked
          {untrained > 0 && ` · ${count(untrained)} not trained on`}
        </span>
        {isRecovered && <Badge tone="accent">a mistake and its recovery: a pair may be made of them</Badge>}
        <span className="ms-auto text-ink-2" role="status">
          {isDirty || isPending ? '◐ saving' : '● saved'}
        </span>
      </header>
      <section aria-label="Run" data-unit={unitId} className="flex min-h-0 flex-col">
        {fault && (
          <div className="px-6 pt-3">
            <Banner tone="fail" title={fault} live />
          </div>
        )}
        <Transcript
          ref={transcript}
          label="Run to mark"
          events={events}
          aside={(event) => {
            const index = steps.indexOf(event.id);
            if (index < 0) return null;
            const mark = marks.get(event.id);
            return (
              <span className="flex items-center gap-1.5">
                {index === at && <span className="text-accent text-label">at hand</span>}
                {mark ? (
                  <Badge tone={TONES[mark]} glyph>
                    {mark}
                  </Badge>
                ) : (
                  <span className="text-ink-3 text-label">step {index + 1}</span>
                )}
              </span>
            );
          }}
          className="min-h-0 flex-1"
        />
      </section>
      <div
        role="toolbar"
        aria-label="Mark the step"
        className="flex flex-wrap items-center gap-2 border-line border-t bg-selected px-6 py-2"
      >
        {MARKS.map(({ act }) => (
          <ActButton key={act} act={act} />
        ))}
        <ActButton act="steps.clear" tone="quiet" />
        <ActButton act="steps.previous" tone="quiet" />
        <ActButton act="steps.next" tone="quiet" />
        <span className="ms-auto">
          <ActButton act="desk.decide" tone="primary">
            {next ? 'Next run' : 'Back to the runs'}
          </ActButton>
        </span>
      </div>
    </div>
  );
}
