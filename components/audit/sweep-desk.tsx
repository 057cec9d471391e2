'use client';
import { useState } from 'react';
import { PII_TYPES, type PiiType } from '#lib/core/pii/taxonomy.ts';
import type { SkipReason } from '#lib/core/review/verdict.ts';
import { Conflict, DeskFrame } from '../desk/desk-frame.tsx';
import { HistoryDialog } from '../desk/history-dialog.tsx';
import { SkipDialog } from '../desk/skip-dialog.tsx';
import { type DeskTask, useDesk } from '../desk/use-desk.ts';
import { ActButton } from '../shell/act-button.tsx';
import { useActs } from '../shell/keys-provider.tsx';
import { announce } from '../ui/announcer.tsx';
import { count, percent } from '../ui/figures.ts';
import { KindPicker } from './found-panel.tsx';

export type SweepTask = DeskTask & {
  type: PiiType;
  value: string;
  before: string;
  after: string;
  detector: string;
  score: number;
  alsoIn: number;
};

const SAYS = {
  first: 'Taking the first values',
  taking: 'Taking the next values',
  kept: 'What you judged is kept here and sent as soon as it does.',
  empty: 'No doubtful value left for you',
  undo: 'Undo with z.',
  others: 'Others may still hold some; a lead can open another sweep.',
};
const CONFLICTS: Record<string, string> = {
  claim_lost: 'Your claim on that value ended. What you judged was not counted.',
  text_changed: 'The unit of that value was redacted again meanwhile. It is not counted.',
  sealed: 'That sweep was closed meanwhile.',
  not_found: 'That value was withdrawn. It is not counted.',
};
/** `unit@no`, the server's name of the span. */
const spanIdOf = (task: SweepTask): string => task.subjectId.slice(task.subjectId.lastIndexOf('@') + 1);

/** One doubtful value at a time, in clear, with a few words around it. Targeted: never counts in the bound. */
export function SweepDesk({ queueId, queueName, personId }: { queueId: string; queueName: string; personId: string }) {
  const [conflict, setConflict] = useState<string | null>(null);
  const desk = useDesk<SweepTask>(queueId, personId, (reason) => setConflict(CONFLICTS[reason] ?? reason));
  const [opened, setOpened] = useState<'other' | 'skip' | 'history' | null>(null);
  const { current } = desk;

  function judge(is: 'pii' | 'not_pii', type?: PiiType) {
    if (!current) return;
    desk.decide({ kind: 'sweep', spanId: spanIdOf(current), is, ...(type ? { type } : {}) });
    announce(
      is === 'pii' ? 'Personal data. Next value.' : 'Not personal data; proposed to be shown again. Next value.',
    );
    setConflict(null);
    setOpened(null);
  }
  function takeBack(eventId?: string) {
    if (!desk.undo(eventId)) return;
    setOpened(null);
    announce('Judgement taken back');
  }
  const isLive = current !== null && (opened === null || opened === 'other');
  useActs({
    'sweep.accept': isLive && (() => judge('pii')),
    'sweep.reject': isLive && (() => judge('not_pii')),
    'sweep.other': isLive && (() => setOpened('other')),
    'desk.skip': isLive && (() => setOpened('skip')),
    'desk.history': () => setOpened('history'),
    undo: desk.history.length > 0 && (() => takeBack()),
    redo: desk.canRedo && current !== null && (() => desk.redo()),
    back: opened === 'other' && (() => setOpened(null)),
  });
  return (
    <DeskFrame
      desk={desk}
      room={{ href: '/audit', name: 'Audit' }}
      queueName={queueName}
      note="targeted: never counts in the bound"
      says={SAYS}
      conflict={conflict}
      onReturn={takeBack}
      toolbar={
        <div
          role="toolbar"
          aria-label="Judge"
          className="flex flex-wrap items-center gap-2 border-line border-t bg-surface px-6 py-2"
        >
          <ActButton act="sweep.accept" tone="primary" />
          <ActButton act="sweep.reject" />
          <ActButton act="sweep.other" />
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
                setOpened(null);
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
        <section
          aria-label="Value"
          data-task={current.id}
          className="flex min-h-0 flex-col gap-6 overflow-y-auto px-6 py-10"
        >
          <Conflict says={conflict} onUnderstood={() => setConflict(null)} />
          <p className="mx-auto max-w-[78ch] text-read" dir="auto" translate="no">
            … {current.before}
            <mark className="rounded-sm bg-find px-1 font-semibold text-ink">{current.value}</mark>
            {current.after} …
          </p>
          <p className="mx-auto text-ink-2">
            Proposed as <strong>{PII_TYPES[current.type].label}</strong> by {current.detector}, {percent(current.score)}{' '}
            sure{current.alsoIn > 0 && ` · also in ${count(current.alsoIn)} more units`}
          </p>
          {opened === 'other' && (
            <div className="mx-auto max-w-prose">
              <KindPicker
                title="Which kind is it?"
                isOther
                onPick={(type) => judge('pii', type)}
                onOther={() => setOpened('other')}
              />
            </div>
          )}
        </section>
      )}
    </DeskFrame>
  );
}
