'use client';
import { useState } from 'react';
import type { PairSource } from '#lib/core/pair/candidate.ts';
import type { PayloadOf, Reason, SkipReason } from '#lib/core/review/verdict.ts';
import { Conflict, DeskFrame } from '../desk/desk-frame.tsx';
import { HistoryDialog } from '../desk/history-dialog.tsx';
import { SkipDialog } from '../desk/skip-dialog.tsx';
import { type DeskTask, useDesk } from '../desk/use-desk.ts';
import { ActButton } from '../shell/act-button.tsx';
import type { ActId } from '../shell/keys.ts';
import { useActs } from '../shell/keys-provider.tsx';
import type { TranscriptEvent } from '../transcript/event.ts';
import { Transcript } from '../transcript/transcript.tsx';
import { announce } from '../ui/announcer.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { count } from '../ui/figures.ts';
import type { Answer } from '../ui/use-act.ts';
import { EditDialog } from './edit-dialog.tsx';
import { sourceName } from './source-names.ts';
import { StepDiff } from './step-diff.tsx';
import { WordDiff } from './word-diff.tsx';

export type PairTask = DeskTask & {
  leftIs: 'a' | 'b';
  source: PairSource;
  whyShared: string;
  prefixEvents: number;
  prompt: TranscriptEvent[];
  sides: { left: TranscriptEvent[]; right: TranscriptEvent[] };
  words: { left: string; right: string };
  calls: { left: number; right: number };
};
type Strength = PayloadOf<'pair'>['strength'];

const CHOICES: { act: ActId; strength: Strength; says: string }[] = [
  { act: 'pairs.left-much', strength: -2, says: 'Left, much better' },
  { act: 'pairs.left', strength: -1, says: 'Left' },
  { act: 'pairs.tie', strength: 0, says: 'Tie' },
  { act: 'pairs.right', strength: 1, says: 'Right' },
  { act: 'pairs.right-much', strength: 2, says: 'Right, much better' },
  { act: 'pairs.both-bad', strength: null, says: 'Both bad' },
];
const REASON_ACTS: { act: ActId; reason: Reason; label: string }[] = [
  { act: 'reason.tool-choice', reason: 'tool_choice', label: 'tool choice' },
  { act: 'reason.grounded', reason: 'grounded', label: 'grounded' },
  { act: 'reason.safe', reason: 'safe', label: 'safe' },
  { act: 'reason.format', reason: 'format', label: 'format' },
  { act: 'reason.concise', reason: 'concise', label: 'concise' },
];
const SAYS = {
  taking: 'Taking the next pairs',
  kept: 'What you chose is kept here and sent as soon as it does.',
  empty: 'No pair left for you in this queue',
  undo: 'Undo with z.',
  others: 'Others may still hold pairs; a lead can make another queue.',
};
const CONFLICTS: Record<string, string> = {
  claim_lost: 'Your claim on that pair ended; somebody else may choose now. What you chose was not counted.',
  text_changed: 'The text of that pair changed after you opened it. It comes again.',
  sealed: 'That queue was closed meanwhile.',
  not_found: 'That pair was withdrawn. It is not counted.',
};
/** Outside of this one answer may win by its length alone. */
const RATIO = { from: 0.5, to: 2 };

const NEXT_DIFF = { off: 'words', words: 'steps', steps: 'off' } as const;
const DIFF_SAYS = { off: 'Differences by word', words: 'Differences by step', steps: 'Both answers' } as const;

/** Two answers to the same bytes, sides shuffled, sources' names hidden. One key chooses, and the next pair is there. */
export function PairDesk({
  queueId,
  queueName,
  personId,
  onEdit,
}: {
  queueId: string;
  queueName: string;
  personId: string;
  onEdit: (input: {
    taskId: string;
    claimToken: string;
    side: 'a' | 'b';
    text: string;
  }) => Promise<Answer<{ editId: string }>>;
}) {
  const [conflict, setConflict] = useState<string | null>(null);
  const desk = useDesk<PairTask>(queueId, personId, (reason) => setConflict(CONFLICTS[reason] ?? reason));
  const [reasons, setReasons] = useState<Reason[]>([]);
  const [isPrefixOpen, setIsPrefixOpen] = useState(false);
  const [diff, setDiff] = useState<'off' | 'words' | 'steps'>('off');
  const [side, setSide] = useState<'left' | 'right'>('left');
  const [isEditing, setIsEditing] = useState(false);
  const [isReasoning, setIsReasoning] = useState(false);
  const [isSkipping, setIsSkipping] = useState(false);
  const [isLooking, setIsLooking] = useState(false);
  const { current } = desk;

  function clear() {
    setReasons([]);
    setIsPrefixOpen(false);
    setIsReasoning(false);
    setIsSkipping(false);
    setIsLooking(false);
    setIsEditing(false);
  }
  function choose(strength: Strength, says: string, edit?: string) {
    if (!current) return;
    const choice = { kind: 'pair' as const, strength, bothBad: strength === null, left: current.leftIs, reasons };
    desk.decide(edit ? { ...choice, edit } : choice);
    announce(`${says}. Next pair.`);
    setConflict(null);
    clear();
  }
  function toggleReason(reason: Reason, label: string) {
    const isOn = reasons.includes(reason);
    setReasons(isOn ? reasons.filter((one) => one !== reason) : [...reasons, reason]);
    setIsReasoning(false);
    announce(isOn ? `${label} dropped` : `because of ${label}`);
  }
  function takeBack(eventId?: string) {
    const last = desk.undo(eventId);
    if (!last) return;
    clear();
    if (last.payload.kind === 'pair') setReasons(last.payload.reasons);
    announce('Last choice taken back');
  }

  const isLive = current !== null && !isSkipping && !isLooking && !isEditing;
  const answerOn = (which: 'left' | 'right'): 'a' | 'b' =>
    (which === 'left') === (current?.leftIs === 'a') ? 'a' : 'b';
  const focusSide = (to: 'left' | 'right') => () => {
    setSide(to);
    document.querySelector<HTMLElement>(`[data-side="${to}"] [tabindex="0"]`)?.focus();
  };
  useActs({
    ...Object.fromEntries(
      CHOICES.map(({ act, strength, says }) => [act, isLive && !isReasoning && (() => choose(strength, says))]),
    ),
    ...Object.fromEntries(
      REASON_ACTS.map(({ act, reason, label }) => [act, isLive && isReasoning && (() => toggleReason(reason, label))]),
    ),
    'pairs.prefix': isLive && (() => setIsPrefixOpen(!isPrefixOpen)),
    'pairs.diff': isLive && (() => setDiff(NEXT_DIFF[diff])),
    'pairs.edit': isLive && (() => setIsEditing(true)),
    'pairs.to-left': isLive && diff === 'off' && focusSide('left'),
    'pairs.to-right': isLive && diff === 'off' && focusSide('right'),
    'pairs.reason': isLive && (() => setIsReasoning(true)),
    'reason.leave': isReasoning && (() => setIsReasoning(false)),
    'desk.skip': isLive && (() => setIsSkipping(true)),
    undo: desk.history.length > 0 && (() => takeBack()),
    redo: desk.canRedo && current !== null && (() => desk.redo() && clear()),
    'desk.history': () => setIsLooking(true),
  });

  return (
    <DeskFrame
      desk={desk}
      room={{ href: '/pairs', name: 'Pairs' }}
      queueName={queueName}
      note="order shuffled, names hidden"
      says={SAYS}
      conflict={conflict}
      toolbar={
        <div
          role="toolbar"
          aria-label="Decide"
          className={`flex flex-wrap items-center gap-2 border-line border-t px-6 py-2 ${isReasoning ? 'bg-selected' : 'bg-surface'}`}
        >
          {isReasoning
            ? REASON_ACTS.map(({ act }) => <ActButton key={act} act={act} />)
            : CHOICES.map(({ act }) => <ActButton key={act} act={act} />)}
          <ActButton act={isReasoning ? 'reason.leave' : 'pairs.reason'} tone="quiet" />
          {reasons.length > 0 && (
            <span className="text-ink-2">
              because of {reasons.map((reason) => reason.replaceAll('_', ' ')).join(', ')}
            </span>
          )}
          <span className="ms-auto flex gap-2">
            <ActButton act="pairs.edit" tone="quiet" />
            <ActButton act="pairs.diff" tone="quiet">
              {DIFF_SAYS[diff]}
            </ActButton>
            <ActButton act="desk.skip" tone="quiet" />
            <ActButton act="undo" tone="quiet" />
          </span>
        </div>
      }
      onReturn={takeBack}
      dialogs={
        <>
          {isSkipping && (
            <SkipDialog
              onClose={() => setIsSkipping(false)}
              onSkip={(why: SkipReason) => {
                desk.decide({ kind: 'skip', why });
                clear();
              }}
            />
          )}
          {isEditing && current && (
            <EditDialog
              words={current.words}
              start={side}
              onEdit={(which, text) =>
                onEdit({ taskId: current.id, claimToken: current.claimToken, side: answerOn(which), text })
              }
              onDone={(which, editId) => choose(which === 'left' ? -1 : 1, `${which}, as edited`, editId)}
              onClose={() => setIsEditing(false)}
            />
          )}
          {isLooking && <HistoryDialog done={desk.history} onReturn={takeBack} onClose={() => setIsLooking(false)} />}
        </>
      }
    >
      {current && (
        <section aria-label="Pair" data-task={current.id} className="flex min-h-0 flex-col">
          <Conflict says={conflict} onUnderstood={() => setConflict(null)} />
          <Prompt task={current} isOpen={isPrefixOpen} onToggle={() => setIsPrefixOpen(!isPrefixOpen)} />
          {diff === 'words' ? (
            <WordDiff left={current.words.left} right={current.words.right} />
          ) : diff === 'steps' ? (
            <StepDiff left={current.sides.left} right={current.sides.right} />
          ) : (
            <div className="grid min-h-0 flex-1 grid-cols-1 md:grid-cols-2">
              <Side task={current} side="left" />
              <Side task={current} side="right" />
            </div>
          )}
        </section>
      )}
    </DeskFrame>
  );
}

/** What both answers were given, folded to the last question. */
function Prompt({ task, isOpen, onToggle }: { task: PairTask; isOpen: boolean; onToggle: () => void }) {
  const asked = task.prompt.findLast((event) => event.kind === 'user') ?? task.prompt.at(-1);
  const words = asked?.blocks.flatMap(({ pieces }) => pieces.map(({ text }) => text)).join(' ') ?? '';
  const [left, right] = [task.words.left.length, task.words.right.length];
  const ratio = left > 0 && right > 0 ? right / left : null;
  return (
    <div className={`flex flex-col border-line border-b ${isOpen ? 'max-h-[45%] min-h-0' : ''}`}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-6 py-2">
        <Button size="small" aria-expanded={isOpen} aria-keyshortcuts="x" onClick={onToggle}>
          {isOpen ? 'Fold' : 'Unfold'} the shared{' '}
          {task.prefixEvents === 1 ? 'event' : `${count(task.prefixEvents)} events`}
        </Button>
        <span className="text-ink-3 text-label">byte-equal · {task.whyShared}</span>
        <span className="text-ink-3 text-label">{sourceName(task.source)}</span>
        {ratio !== null && (ratio < RATIO.from || ratio > RATIO.to) && (
          <Badge tone="warn">right is {ratio.toFixed(1)} times as long</Badge>
        )}
      </div>
      {isOpen ? (
        <Transcript
          key={`${task.id} prompt`}
          label="Shared prefix"
          events={task.prompt}
          className="min-h-40 flex-1 border-line border-t"
        />
      ) : (
        <p className="line-clamp-3 max-w-[78ch] px-6 pb-2 text-read" dir="auto" translate="no">
          {words}
        </p>
      )}
    </div>
  );
}

function Side({ task, side }: { task: PairTask; side: 'left' | 'right' }) {
  const calls = task.calls[side];
  return (
    <section
      aria-label={side === 'left' ? 'Left answer' : 'Right answer'}
      data-side={side}
      className="flex min-h-0 flex-col border-line first:border-e"
    >
      <h2 className="flex items-baseline gap-3 px-6 pt-2 font-semibold">
        {side === 'left' ? 'Left' : 'Right'}
        <span className="font-normal text-ink-3 text-label">
          {count(task.words[side].length)} characters{calls > 0 && ` · ${count(calls)} calls`}
        </span>
      </h2>
      <Transcript
        key={`${task.id} ${side}`}
        label={side === 'left' ? 'Left answer' : 'Right answer'}
        events={task.sides[side]}
        className="min-h-0 flex-1"
      />
    </section>
  );
}
