'use client';
import { useMemo, useRef, useState } from 'react';
import { PII_TYPES, type PiiType } from '#lib/core/pii/taxonomy.ts';
import type { SkipReason, WrongMask } from '#lib/core/review/verdict.ts';
import { Conflict, DeskFrame } from '../desk/desk-frame.tsx';
import { FlagDialog } from '../desk/flag-dialog.tsx';
import { HistoryDialog } from '../desk/history-dialog.tsx';
import { SkipDialog } from '../desk/skip-dialog.tsx';
import { type DeskTask, useDesk } from '../desk/use-desk.ts';
import { ActButton } from '../shell/act-button.tsx';
import { useActs } from '../shell/keys-provider.tsx';
import type { TranscriptEvent } from '../transcript/event.ts';
import type { PaintMark } from '../transcript/paint.ts';
import { Transcript, type TranscriptHandle } from '../transcript/transcript.tsx';
import { announce } from '../ui/announcer.tsx';
import { Button } from '../ui/button.tsx';
import { count } from '../ui/figures.ts';
import { Kbd } from '../ui/kbd.tsx';
import { toast } from '../ui/toast.tsx';
import {
  type AuditDraft,
  addMarks,
  draftOf,
  EMPTY_DRAFT,
  placesOf,
  textsOf,
  toggleDoubt,
  verdictOf,
  widenLast,
} from './audit-draft.ts';
import { KindPicker, MaskPanel, MissedList, WrongList } from './found-panel.tsx';
import { HintList } from './hint-list.tsx';
import { TYPE_ACTS } from './mark-keys.ts';
import { RevealDialog } from './reveal-dialog.tsx';
import { useCaret } from './use-caret.ts';
import { useHints } from './use-hints.ts';
import { type RevealReason, useReveal } from './use-reveal.ts';
import { WRONG_REASONS } from './wrong-reasons.ts';

export type AuditTask = DeskTask & {
  events: TranscriptEvent[];
  words: number;
  kind: string;
  /** Number of the span behind a placeholder, by place and text. */
  masks: { no: number; path: string; placeholder: string }[];
};

const SAYS = {
  taking: 'Taking the next items',
  kept: 'What you decided is kept here and sent as soon as it does.',
  empty: 'Nothing left for you in this sample',
  undo: 'Undo with z until a lead seals the sample.',
  others: 'Others may still hold items. The result is shown once the sample is sealed.',
};
const CONFLICTS: Record<string, string> = {
  claim_lost: 'Your claim on that item ended; somebody else may read it now. What you decided was not counted.',
  text_changed: 'The text of that item changed after you opened it. It comes again.',
  sealed: 'That sample was sealed meanwhile, so nothing of it can be changed.',
  not_found: 'That item was withdrawn. It is not counted.',
};
const NO_TEXTS: ReadonlyMap<string, string> = new Map();

/** Full read: a unit exactly as it would be exported; the reader hunts what redaction missed. One key, and the next is there. */
export function AuditDesk({
  queueId,
  queueName,
  personId,
  mayReveal,
}: {
  queueId: string;
  queueName: string;
  personId: string;
  mayReveal: boolean;
}) {
  const [conflict, setConflict] = useState<string | null>(null);
  const desk = useDesk<AuditTask>(queueId, personId, (reason) => setConflict(CONFLICTS[reason] ?? reason));
  const [draft, setDraft] = useState<AuditDraft>(EMPTY_DRAFT);
  /** Marks that the last key made: what `y` widens. */
  const [fresh, setFresh] = useState(0);
  const [mode, setMode] = useState<'read' | 'wrong' | 'right-type'>('read');
  const [opened, setOpened] = useState<'skip' | 'flag' | 'history' | 'other' | 'reveal' | null>(null);
  const transcript = useRef<TranscriptHandle>(null);
  const { current } = desk;
  const events = current?.events;
  const texts = useMemo(() => (events ? textsOf(events) : NO_TEXTS), [events]);
  const caret = useCaret(texts);
  const { chosen, pressed } = caret;
  const placeholder = pressed && `[${pressed.type}_${pressed.n}]`;
  const reveal = useReveal(current?.id ?? null, placeholder);
  const hints = useHints(
    events,
    () => transcript.current?.at(),
    (hint, isTokenOnly) => {
      caret.choose(isTokenOnly ? caret.firstToken(hint.range) : hint.range);
      const event = events?.find((one) =>
        one.blocks.some(({ pieces }) => pieces.some(({ path }) => path === hint.range.path)),
      );
      if (event) transcript.current?.goTo(event.id);
    },
  );
  const { marks, wrong } = draft;
  const isTouched = marks.length > 0 || wrong.length > 0;

  function clear(next: AuditDraft = EMPTY_DRAFT) {
    setDraft(next);
    setFresh(0);
    caret.choose(null);
    setMode('read');
    hints.close();
    reveal.hide();
    setOpened(null);
  }
  function mark(type: PiiType, isAll: boolean) {
    setOpened(null);
    if (mode === 'right-type') return addWrong('type', type);
    if (!chosen) {
      toast('Choose a stretch of text first: select it, or press f.');
      return;
    }
    const places = isAll ? placesOf(texts, caret.textOf(chosen)) : [chosen];
    setDraft({ ...draft, marks: addMarks(marks, places, type, isAll ? 'unit' : 'span') });
    setFresh(places.length);
    caret.choose(null);
    announce(`${PII_TYPES[type].label} marked, ${places.length} in this unit; y widens to the trajectory`);
  }
  function addWrong(why: WrongMask['why'], to?: PiiType) {
    if (!pressed || !current || !placeholder) return;
    if (why === 'type' && !to) {
      setMode('right-type');
      announce('Which kind is it?');
      return;
    }
    const span =
      current.masks.find((one) => one.placeholder === placeholder && one.path === pressed.path) ??
      current.masks.find((one) => one.placeholder === placeholder);
    if (span) {
      const one = { spanId: String(span.no), why, ...(to ? { to } : {}), path: pressed.path, start: pressed.start };
      setDraft({ ...draft, wrong: [...wrong.filter(({ spanId }) => spanId !== one.spanId), { ...one, placeholder }] });
    }
    setMode('read');
    announce(`${placeholder}: ${why.replaceAll('_', ' ')}`);
  }
  function submit(isUnreadable = false) {
    if (!current) return;
    desk.decide(verdictOf(draft, isUnreadable));
    announce(marks.length > 0 ? `${marks.length} missed, sent. Next item.` : 'Sent. Next item.');
    setConflict(null);
    clear();
  }
  function dropLast() {
    if (marks.length > 0) setDraft({ ...draft, marks: marks.slice(0, -1) });
    else setDraft({ ...draft, wrong: wrong.slice(0, -1) });
    setFresh(0);
  }
  function takeBack(eventId?: string) {
    const last = desk.undo(eventId);
    if (!last) return;
    clear(last.payload.kind === 'audit' ? draftOf(last.payload, last.task.masks) : EMPTY_DRAFT);
    announce('Decision taken back');
  }
  async function askOrShow(isHeld: boolean, reason?: RevealReason) {
    setOpened(null);
    if (!(await reveal.show(isHeld, reason))) setOpened('reveal');
  }

  function leave() {
    setOpened(null);
    caret.choose(null);
  }

  const isLive = current !== null && (opened === null || opened === 'other');
  const isReading = isLive && mode === 'read';
  const has = isReading && chosen !== null;
  useActs({
    ...Object.fromEntries(
      TYPE_ACTS.flatMap(({ act, all, type }) => [
        [act, isLive && mode !== 'wrong' && (() => mark(type, false))],
        [all, isReading && (() => mark(type, true))],
      ]),
    ),
    ...Object.fromEntries(WRONG_REASONS.map(({ act, why }) => [act, mode === 'wrong' && (() => addWrong(why))])),
    'desk.decide': isLive && (() => submit()),
    'desk.skip': isLive && (() => setOpened('skip')),
    'desk.flag': isLive && (() => setOpened('flag')),
    'desk.history': () => setOpened('history'),
    undo: (isTouched || desk.history.length > 0) && (() => (isTouched ? dropLast() : takeBack())),
    redo: desk.canRedo && !isTouched && current !== null && (() => desk.redo() && clear()),
    'audit.hint': isReading && hints.open,
    'audit.next-token': isReading && (() => caret.stepToken(1)),
    'audit.previous-token': isReading && (() => caret.stepToken(-1)),
    'audit.extend-right': has && (() => caret.extend(1)),
    'audit.extend-left': has && (() => caret.extend(-1)),
    'audit.right-edge-in': has && (() => caret.nudge('end', -1)),
    'audit.right-edge-out': has && (() => caret.nudge('end', 1)),
    'audit.left-edge-out': has && (() => caret.nudge('start', -1)),
    'audit.left-edge-in': has && (() => caret.nudge('start', 1)),
    'audit.other': isLive && (chosen !== null || mode === 'right-type') && (() => setOpened('other')),
    'audit.drop': isReading && marks.length > 0 && dropLast,
    'audit.doubt': isReading && marks.length > 0 && (() => setDraft({ ...draft, marks: toggleDoubt(marks) })),
    'audit.unreadable': isReading && (() => submit(true)),
    'audit.widen':
      isReading &&
      fresh > 0 &&
      (() => {
        setDraft({ ...draft, marks: widenLast(marks, fresh) });
        announce(`${fresh} marked over the whole trajectory`);
      }),
    'audit.next-placeholder': isReading && caret.hasPlaceholders && (() => caret.stepPlaceholder(1)),
    'audit.previous-placeholder': isReading && caret.hasPlaceholders && (() => caret.stepPlaceholder(-1)),
    'audit.wrong': isReading && pressed !== null && (() => setMode('wrong')),
    'audit.reveal': isReading && mayReveal && pressed !== null && (() => void askOrShow(true)),
    'wrong.leave': mode !== 'read' && (() => setMode('read')),
    back: (chosen !== null || opened === 'other') && leave,
  });

  const painted: PaintMark[] = marks.map((one, at) => ({
    ...one,
    id: String(at),
    state: one.doubt ? 'disputed' : 'missed',
    isVeiled: true,
  }));
  const isPicking = (chosen !== null && !pressed) || mode === 'right-type';
  return (
    <DeskFrame
      desk={desk}
      room={{ href: '/audit', name: 'Audit' }}
      queueName={queueName}
      says={SAYS}
      conflict={conflict}
      onReturn={takeBack}
      toolbar={
        <div
          role="toolbar"
          aria-label="Decide"
          className={`flex flex-wrap items-center gap-2 border-line border-t px-6 py-2 ${mode === 'read' ? 'bg-surface' : 'bg-selected'}`}
        >
          <Button tone="primary" disabled={!current} onClick={() => submit()} aria-keyshortcuts="Space">
            {marks.length > 0 ? `${marks.length} missed, next` : 'Clean, next'} <Kbd keys="Space" />
          </Button>
          <ActButton act="desk.skip">Skip</ActButton>
          <ActButton act="undo" />
          <ActButton act="audit.hint" tone="quiet" />
          <ActButton act="audit.unreadable" tone="quiet" />
          <ActButton act="desk.flag" tone="quiet">
            Flag
          </ActButton>
          <ActButton act="desk.history" tone="quiet">
            Last ten
          </ActButton>
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
          {opened === 'flag' && (
            <FlagDialog
              onClose={() => setOpened(null)}
              onFlag={(note) => {
                desk.say({ kind: 'flag', note });
                setOpened(null);
                toast('Flagged to the lead', { tone: 'pass' });
              }}
            />
          )}
          {opened === 'history' && (
            <HistoryDialog done={desk.history} onReturn={takeBack} onClose={() => setOpened(null)} />
          )}
          {opened === 'reveal' && placeholder && (
            <RevealDialog
              placeholder={placeholder}
              onReveal={(reason) => void askOrShow(false, reason)}
              onClose={() => setOpened(null)}
            />
          )}
        </>
      }
    >
      {current && (
        <div className="grid min-h-0 grid-cols-1 lg:grid-cols-[minmax(0,1fr)_19rem]">
          <section aria-label="Item" data-task={current.id} className="flex min-h-0 flex-col">
            <Conflict says={conflict} onUnderstood={() => setConflict(null)} />
            <p className="px-6 pt-2 text-ink-3 text-label">
              {current.kind === 'qa' ? 'Q&A' : current.kind} · {count(current.events.length)} events ·{' '}
              {count(current.words)} words · as it would be exported
            </p>
            <Transcript
              key={current.id}
              ref={transcript}
              label="Unit to read"
              events={current.events}
              marks={painted}
              wrong={wrong}
              hints={
                hints.isOn
                  ? hints.hints.filter(({ letters }) => letters.startsWith(hints.typed)).map(toMark)
                  : undefined
              }
              chosen={chosen}
              onChoose={caret.choose}
              onPlaceholder={caret.press}
              onMark={(id) => setDraft({ ...draft, marks: marks.filter((_, at) => String(at) !== id) })}
              className="min-h-0 flex-1"
            />
          </section>
          <aside
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by key
            tabIndex={0}
            aria-label="What you found"
            className="flex flex-col gap-4 overflow-y-auto border-line px-4 py-3 lg:border-s"
          >
            {hints.isOn ? (
              <HintList hints={hints.hints} typed={hints.typed} onPick={(hint) => hints.jump(hint, false)} />
            ) : (
              <>
                <MissedList
                  marks={marks}
                  textOf={caret.textOf}
                  onDrop={(at) => setDraft({ ...draft, marks: marks.filter((_, other) => other !== at) })}
                />
                <WrongList
                  wrong={wrong}
                  onDrop={(at) => setDraft({ ...draft, wrong: wrong.filter((_, other) => other !== at) })}
                />
                {isPicking && (
                  <KindPicker
                    title={mode === 'right-type' ? 'Which kind is it?' : 'What is it?'}
                    hint={mode === 'right-type' ? undefined : 'With Shift: every equal string of this unit.'}
                    isOther={opened === 'other'}
                    onPick={(type) => mark(type, false)}
                    onOther={() => setOpened('other')}
                  />
                )}
                {placeholder && (
                  <MaskPanel
                    placeholder={placeholder}
                    isChoosing={mode === 'wrong'}
                    shown={reveal.shown?.placeholder === placeholder ? reveal.shown.value : null}
                    fault={reveal.fault}
                    onWrong={(why) => addWrong(why)}
                    onReveal={mayReveal ? () => void askOrShow(false) : undefined}
                  />
                )}
              </>
            )}
          </aside>
        </div>
      )}
    </DeskFrame>
  );
}

const toMark = ({ letters, range }: { letters: string; range: { path: string; start: number } }) => ({
  letters,
  path: range.path,
  start: range.start,
});
