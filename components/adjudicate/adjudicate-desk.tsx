'use client';
import { useEffect, useMemo, useRef, useState } from 'react';
import { PII_TYPES } from '#lib/core/pii/taxonomy.ts';
import type { Take } from '#lib/core/review/disputes.ts';
import type { Mark, PayloadOf, SkipReason } from '#lib/core/review/verdict.ts';
import { textsOf } from '../audit/audit-draft.ts';
import { useCaret } from '../audit/use-caret.ts';
import { Conflict, DeskFrame } from '../desk/desk-frame.tsx';
import { HistoryDialog } from '../desk/history-dialog.tsx';
import { SkipDialog } from '../desk/skip-dialog.tsx';
import { type DeskTask, useDesk } from '../desk/use-desk.ts';
import { ActButton } from '../shell/act-button.tsx';
import type { ActId } from '../shell/keys.ts';
import { useActs } from '../shell/keys-provider.tsx';
import type { TranscriptEvent } from '../transcript/event.ts';
import type { PaintMark } from '../transcript/paint.ts';
import { Transcript, type TranscriptHandle } from '../transcript/transcript.tsx';
import { announce } from '../ui/announcer.tsx';

type Cause = NonNullable<PayloadOf<'adjudication'>['cause']>;
export type DisputeTask = DeskTask & { events: TranscriptEvent[]; a: Mark | null; b: Mark | null };

const TAKES: { act: ActId; take: Take; says: string }[] = [
  { act: 'adjudicate.a', take: 'a', says: 'A taken' },
  { act: 'adjudicate.b', take: 'b', says: 'B taken' },
  { act: 'adjudicate.union', take: 'union', says: 'Union taken' },
  { act: 'adjudicate.overlap', take: 'overlap', says: 'Overlap taken' },
  { act: 'adjudicate.neither', take: 'neither', says: 'Neither; released again' },
];
const CAUSES: { act: ActId; cause: Cause; label: string }[] = [
  { act: 'cause.ambiguous', cause: 'ambiguous', label: 'ambiguous' },
  { act: 'cause.guideline', cause: 'guideline', label: 'guideline gap' },
  { act: 'cause.slip', cause: 'slip', label: 'slip' },
];
const SAYS = {
  taking: 'Taking the next differences',
  kept: 'What you ruled is kept here and sent as soon as it does.',
  empty: 'No difference left for you',
  undo: 'Undo with z until the sample is sealed.',
  others: 'Whoever read an item rules nothing in it; another lead may hold the rest.',
};
const CONFLICTS: Record<string, string> = {
  claim_lost: 'Your claim on that difference ended. What you ruled was not counted.',
  text_changed: 'The text of that item changed after you opened it. It comes again.',
  sealed: 'That sample was sealed meanwhile.',
  not_found: 'That item was withdrawn. It is not counted.',
};
const NO_TEXTS: ReadonlyMap<string, string> = new Map();

/** Only what two blind readers marked differently; one key rules it and the next is there. Who A and B are is hidden. */
export function AdjudicateDesk({
  queueId,
  queueName,
  personId,
}: {
  queueId: string;
  queueName: string;
  personId: string;
}) {
  const [conflict, setConflict] = useState<string | null>(null);
  const desk = useDesk<DisputeTask>(queueId, personId, (reason) => setConflict(CONFLICTS[reason] ?? reason));
  const [cause, setCause] = useState<Cause | undefined>();
  const [mode, setMode] = useState<'rule' | 'cause' | 'edit'>('rule');
  const [opened, setOpened] = useState<'skip' | 'history' | null>(null);
  const transcript = useRef<TranscriptHandle>(null);
  const { current } = desk;
  const events = current?.events;
  const texts = useMemo(() => (events ? textsOf(events) : NO_TEXTS), [events]);
  const caret = useCaret(texts);
  const first = current?.a ?? current?.b ?? null;
  const joined = current?.a && current.b && current.a.start < current.b.end && current.b.start < current.a.end;

  // The difference is on screen when its item is.
  const currentId = current?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once an item
  useEffect(() => {
    const event = events?.find((one) =>
      one.blocks.some(({ pieces }) => pieces.some(({ path }) => path === first?.path)),
    );
    if (event) transcript.current?.goTo(event.id);
  }, [currentId]);

  function clear() {
    setCause(undefined);
    setMode('rule');
    setOpened(null);
    caret.choose(null);
  }
  function rule(take: Take, says: string, edit?: Mark) {
    if (!current) return;
    desk.decide({
      kind: 'adjudication',
      itemId: current.id,
      take,
      ...(edit ? { edit } : {}),
      ...(cause ? { cause } : {}),
    });
    announce(`${says}. Next difference.`);
    setConflict(null);
    clear();
  }
  function submitEdit() {
    const { chosen } = caret;
    if (!first || !chosen) return;
    const { doubt: _, ...mark } = first;
    rule('edit', 'Your bounds taken', { ...mark, path: chosen.path, start: chosen.start, end: chosen.end });
  }
  function edit() {
    if (!first) return;
    caret.choose({ path: first.path, start: first.start, end: first.end });
    setMode('edit');
  }
  function takeBack(eventId?: string) {
    const last = desk.undo(eventId);
    if (!last) return;
    clear();
    if (last.payload.kind === 'adjudication') setCause(last.payload.cause);
    announce('Ruling taken back');
  }

  const isLive = current !== null && opened === null;
  const isRuling = isLive && mode === 'rule';
  const isEditing = isLive && mode === 'edit';
  const mayTake: Record<Take, boolean> = {
    a: !!current?.a,
    b: !!current?.b,
    union: !!joined,
    overlap: !!joined,
    neither: true,
    edit: first !== null,
  };
  useActs({
    ...Object.fromEntries(
      TAKES.map(({ act, take, says }) => [act, isRuling && mayTake[take] && (() => rule(take, says))]),
    ),
    ...Object.fromEntries(
      CAUSES.map(({ act, cause: one, label }) => [
        act,
        isLive &&
          mode === 'cause' &&
          (() => {
            setCause(one);
            setMode('rule');
            announce(`because it is ${label}`);
          }),
      ]),
    ),
    'adjudicate.edit': isRuling && mayTake.edit && edit,
    'adjudicate.cause': isRuling && (() => setMode('cause')),
    'cause.leave': mode === 'cause' && (() => setMode('rule')),
    'bounds.take': isEditing && submitEdit,
    'bounds.right-in': isEditing && (() => caret.nudge('end', -1)),
    'bounds.right-out': isEditing && (() => caret.nudge('end', 1)),
    'bounds.left-out': isEditing && (() => caret.nudge('start', -1)),
    'bounds.left-in': isEditing && (() => caret.nudge('start', 1)),
    'bounds.extend-right': isEditing && (() => caret.extend(1)),
    'bounds.extend-left': isEditing && (() => caret.extend(-1)),
    'bounds.leave': isEditing && clear,
    'desk.skip': isLive && (() => setOpened('skip')),
    'desk.history': () => setOpened('history'),
    undo: desk.history.length > 0 && (() => takeBack()),
    redo: desk.canRedo && current !== null && (() => desk.redo() && clear()),
  });

  const painted: PaintMark[] = [
    ...(current?.a ? [{ ...current.a, id: 'a', state: 'disputed' as const, isCurrent: true }] : []),
    ...(current?.b ? [{ ...current.b, id: 'b', state: 'disputed' as const }] : []),
  ];
  return (
    <DeskFrame
      desk={desk}
      room={{ href: '/quality', name: 'Quality' }}
      queueName={queueName}
      note="readers hidden; agreed marks are taken as they are"
      says={SAYS}
      conflict={conflict}
      onReturn={takeBack}
      toolbar={
        <div
          role="toolbar"
          aria-label="Rule"
          className={`flex flex-wrap items-center gap-2 border-line border-t px-6 py-2 ${mode === 'rule' ? 'bg-surface' : 'bg-selected'}`}
        >
          {mode === 'cause' ? (
            CAUSES.map(({ act }) => <ActButton key={act} act={act} />)
          ) : mode === 'edit' ? (
            <>
              <ActButton act="bounds.take" tone="primary" />
              <ActButton act="bounds.right-in" tone="quiet" />
              <ActButton act="bounds.right-out" tone="quiet" />
              <ActButton act="bounds.left-in" tone="quiet" />
              <ActButton act="bounds.left-out" tone="quiet" />
            </>
          ) : (
            <>
              {TAKES.map(({ act }) => (
                <ActButton key={act} act={act} />
              ))}
              <ActButton act="adjudicate.edit" />
              <ActButton act="adjudicate.cause" tone="quiet" />
            </>
          )}
          {cause && (
            <span className="text-ink-2">because it is {CAUSES.find((one) => one.cause === cause)?.label}</span>
          )}
          <span className="ms-auto flex gap-2">
            <ActButton act="desk.skip" tone="quiet">
              Skip
            </ActButton>
            <ActButton act="undo" tone="quiet" />
          </span>
        </div>
      }
      dialogs={
        <>
          {opened === 'skip' && (
            <SkipDialog
              onClose={() => setOpened(null)}
              onSkip={(why: SkipReason) => {
                desk.decide({ kind: 'skip', why });
                clear();
              }}
            />
          )}
          {opened === 'history' && (
            <HistoryDialog done={desk.history} onReturn={takeBack} onClose={() => setOpened(null)} />
          )}
        </>
      }
    >
      {current && (
        <section aria-label="Difference" data-task={current.id} className="flex min-h-0 flex-col">
          <Conflict says={conflict} onUnderstood={() => setConflict(null)} />
          <dl className="grid gap-x-8 gap-y-1 border-line border-b px-6 py-2 md:grid-cols-2">
            <Said by="Reader A" mark={current.a} textOf={caret.textOf} />
            <Said by="Reader B" mark={current.b} textOf={caret.textOf} />
          </dl>
          <Transcript
            key={current.id}
            ref={transcript}
            label="Unit as both read it"
            events={current.events}
            marks={mode === 'edit' ? [] : painted}
            chosen={mode === 'edit' ? caret.chosen : null}
            onChoose={mode === 'edit' ? (range) => range && caret.choose(range) : undefined}
            className="min-h-0 flex-1"
          />
        </section>
      )}
    </DeskFrame>
  );
}

function Said({ by, mark, textOf }: { by: string; mark: Mark | null; textOf: (mark: Mark) => string }) {
  return (
    <div className="flex items-baseline gap-3">
      <dt className="font-semibold">{by}</dt>
      <dd className="min-w-0">
        {mark === null ? (
          <span className="text-ink-3">marked nothing here</span>
        ) : (
          <>
            <span className="rounded-sm bg-sunken px-1 font-mono text-label">{PII_TYPES[mark.type].chip}</span>{' '}
            <span className="font-mono text-mono" translate="no">
              {textOf(mark)}
            </span>
            {mark.doubt && <span className="text-label text-warn"> in doubt</span>}
          </>
        )}
      </dd>
    </div>
  );
}
