'use client';
import { useMemo, useRef, useState } from 'react';
import type { PiiType } from '#lib/core/pii/taxonomy.ts';
import { PII_TYPES } from '#lib/core/pii/taxonomy.ts';
import type { Mark, SkipReason, WrongMask } from '#lib/core/review/verdict.ts';
import { Conflict, DeskFrame } from '../desk/desk-frame.tsx';
import { SkipDialog } from '../desk/skip-dialog.tsx';
import { type DeskTask, useDesk } from '../desk/use-desk.ts';
import type { ActId } from '../shell/keys.ts';
import { useActs, useKeyCapture } from '../shell/keys-provider.tsx';
import { slicePoints } from '../transcript/code-points.ts';
import type { TranscriptEvent } from '../transcript/event.ts';
import { type PaintMark, type TextRange, veil } from '../transcript/paint.ts';
import { moveEdge, neighbourToken } from '../transcript/tokens.ts';
import { type PressedPlaceholder, Transcript, type TranscriptHandle } from '../transcript/transcript.tsx';
import { announce } from '../ui/announcer.tsx';
import { Button } from '../ui/button.tsx';
import { count } from '../ui/figures.ts';
import { Kbd } from '../ui/kbd.tsx';
import { toast } from '../ui/toast.tsx';
import { HistoryDialog, RevealDialog } from './audit-dialogs.tsx';
import { type Hint, hintsOf } from './hints.ts';
import { TYPE_ACTS } from './mark-keys.ts';

export type AuditTask = DeskTask & {
  events: TranscriptEvent[];
  words: number;
  kind: string;
  /** Number of the span behind a placeholder, by place and text. */
  masks: { no: number; path: string; placeholder: string }[];
};
type Wrong = WrongMask & { path: string; start: number; placeholder: string };

const SAYS = {
  first: 'Taking the first items',
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
const WHY: { act: ActId; why: WrongMask['why']; label: string }[] = [
  { act: 'wrong.not-pii', why: 'not_pii', label: 'not personal data' },
  { act: 'wrong.type', why: 'type', label: 'wrong kind' },
  { act: 'wrong.bounds', why: 'bounds', label: 'wrong bounds' },
  { act: 'wrong.entity', why: 'entity', label: 'wrong person' },
];
const OTHER: PiiType[] = [
  'USERNAME',
  'LOCATION',
  'POSTCODE',
  'URL',
  'IP',
  'GOV_ID',
  'HEALTH_ID',
  'PAYMENT_CARD',
  'BANK_ACCOUNT',
  'RECORD_ID',
  'DEVICE_ID',
  'VEHICLE_ID',
  'CONFIDENTIAL',
  'AGE',
  'HEALTH_FACT',
  'DEMOGRAPHIC',
  'ROLE',
];

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
  const [marks, setMarks] = useState<Mark[]>([]);
  const [wrong, setWrong] = useState<Wrong[]>([]);
  const [chosen, setChosen] = useState<TextRange | null>(null);
  const [pressed, setPressed] = useState<PressedPlaceholder | null>(null);
  const [isWrongMode, setIsWrongMode] = useState(false);
  const [isHinting, setIsHinting] = useState(false);
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState<'skip' | 'history' | 'other' | 'reveal' | null>(null);
  const transcript = useRef<TranscriptHandle>(null);
  const { current } = desk;
  const events = current?.events;

  const texts = useMemo(
    () =>
      new Map(
        (events ?? [])
          .flatMap((event) => event.blocks.flatMap(({ pieces }) => pieces))
          .flatMap(({ path, text }) => (path === null ? [] : [[path, text] as const])),
      ),
    [events],
  );
  const hints = useMemo(() => (isHinting && events ? hintsOf(events) : []), [isHinting, events]);
  const textOf = ({ path, start, end }: TextRange): string => slicePoints(texts.get(path) ?? '', start, end);

  function clear() {
    setMarks([]);
    setWrong([]);
    setChosen(null);
    setPressed(null);
    setIsWrongMode(false);
    setIsHinting(false);
    setOpened(null);
  }
  function choose(range: TextRange | null) {
    setChosen(range);
    setPressed(null);
  }
  function mark(type: PiiType, isAll: boolean) {
    if (!chosen) {
      toast('Choose a stretch of text first: select it, or press f.');
      return;
    }
    const value = textOf(chosen);
    const places = isAll ? placesOf(value) : [chosen];
    const added = places
      .filter(
        (place) => !marks.some((one) => one.path === place.path && one.start < place.end && one.end > place.start),
      )
      .map((place): Mark => ({ ...place, type, scope: isAll ? 'unit' : 'span' }));
    setMarks([...marks, ...added]);
    setChosen(null);
    announce(`${PII_TYPES[type].label} marked, ${added.length} in this unit; Backspace drops the last`);
  }
  /** Every place of the same string in the unit. */
  function placesOf(value: string): TextRange[] {
    const size = [...value].length;
    return [...texts].flatMap(([path, text]) => {
      const found: TextRange[] = [];
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
        const start = [...text.slice(0, at)].length;
        found.push({ path, start, end: start + size });
      }
      return found;
    });
  }
  function submit() {
    if (!current) return;
    const leaks = marks;
    desk.decide({
      kind: 'audit',
      verdict: leaks.length > 0 ? 'leaky' : 'clean',
      leaks,
      wrongMasks: wrong.map(({ spanId, why, to }) => ({ spanId, why, ...(to ? { to } : {}) })),
    });
    announce(leaks.length > 0 ? `${leaks.length} missed, sent. Next item.` : 'Clean. Next item.');
    setConflict(null);
    clear();
  }
  function takeBack() {
    if (marks.length > 0 || wrong.length > 0) {
      if (marks.length > 0) setMarks(marks.slice(0, -1));
      else setWrong(wrong.slice(0, -1));
      return;
    }
    const last = desk.undo();
    if (!last) return;
    clear();
    if (last.payload.kind === 'audit') setMarks(last.payload.leaks);
    announce('Last decision taken back');
  }
  function markWrong(why: WrongMask['why']) {
    if (!pressed || !current) return;
    const placeholder = `[${pressed.type}_${pressed.n}]`;
    const span =
      current.masks.find((one) => one.placeholder === placeholder && one.path === pressed.path) ??
      current.masks.find((one) => one.placeholder === placeholder);
    if (span)
      setWrong([...wrong, { spanId: String(span.no), why, path: pressed.path, start: pressed.start, placeholder }]);
    setIsWrongMode(false);
    announce(`${placeholder}: ${why.replaceAll('_', ' ')}`);
  }
  /** Placeholders in reading order, for n and N. */
  const placeholders = useMemo(
    () =>
      [...texts].flatMap(([path, text]) =>
        [...text.matchAll(/\[([A-Z_]+)_(\d{1,6})\]/g)].map((match) => {
          const start = [...text.slice(0, match.index)].length;
          return { path, start, end: start + match[0].length, type: match[1] as PiiType, n: Number(match[2]) };
        }),
      ),
    [texts],
  );
  function stepPlaceholder(step: 1 | -1) {
    if (placeholders.length === 0) return;
    const at = pressed
      ? placeholders.findIndex((one) => one.path === pressed.path && one.start === pressed.start)
      : step === 1
        ? -1
        : 0;
    const next = placeholders[(at + step + placeholders.length) % placeholders.length]!;
    setPressed({ ...next, element: document.body });
    setChosen({ path: next.path, start: next.start, end: next.end });
  }
  function stepToken(step: 1 | -1) {
    const path = chosen?.path ?? [...texts.keys()][0];
    if (path === undefined) return;
    const text = texts.get(path) ?? '';
    const from = chosen ?? { start: 0, end: 0 };
    const token = neighbourToken(text, from, step);
    if (token) setChosen({ path, ...token });
    else {
      const paths = [...texts.keys()];
      const next = paths[paths.indexOf(path) + step];
      if (next !== undefined) {
        const other = texts.get(next) ?? '';
        const end = [...other].length;
        const first = neighbourToken(other, step === 1 ? { start: 0, end: 0 } : { start: end, end }, step);
        if (first) setChosen({ path: next, ...first });
      }
    }
  }
  function extend(step: 1 | -1) {
    if (!chosen) return;
    const text = texts.get(chosen.path) ?? '';
    if (step === 1) {
      const token = neighbourToken(text, chosen, 1);
      if (token) setChosen({ ...chosen, end: token.end });
    } else {
      const token = neighbourToken(text, chosen, -1);
      if (token) setChosen({ ...chosen, start: token.start });
    }
  }
  const edge = (which: 'start' | 'end', step: 1 | -1) => () =>
    chosen && setChosen({ ...chosen, ...moveEdge(texts.get(chosen.path) ?? '', chosen, which, step) });

  const isLive = current !== null && opened === null;
  const typeHandlers = Object.fromEntries(
    TYPE_ACTS.flatMap(({ act, all, type }) => [
      [act, isLive && !isWrongMode && (() => mark(type, false))],
      [all, isLive && !isWrongMode && (() => mark(type, true))],
    ]),
  );
  useActs({
    ...typeHandlers,
    'desk.decide': isLive && submit,
    'desk.skip': isLive && (() => setOpened('skip')),
    'desk.flag':
      isLive &&
      (() => {
        desk.say({ kind: 'flag', note: 'flagged' });
        toast('Flagged to the lead', { tone: 'pass' });
      }),
    'desk.history': () => setOpened('history'),
    undo: (desk.history.length > 0 || marks.length > 0 || wrong.length > 0) && takeBack,
    'audit.hint':
      isLive &&
      (() => {
        setTyped('');
        setIsHinting(true);
      }),
    'audit.next-token': isLive && (() => stepToken(1)),
    'audit.previous-token': isLive && (() => stepToken(-1)),
    'audit.extend-right': isLive && chosen !== null && (() => extend(1)),
    'audit.extend-left': isLive && chosen !== null && (() => extend(-1)),
    'audit.right-edge-in': isLive && chosen !== null && edge('end', -1),
    'audit.right-edge-out': isLive && chosen !== null && edge('end', 1),
    'audit.left-edge-out': isLive && chosen !== null && edge('start', -1),
    'audit.left-edge-in': isLive && chosen !== null && edge('start', 1),
    'audit.other': isLive && chosen !== null && (() => setOpened('other')),
    'audit.drop': isLive && marks.length > 0 && (() => setMarks(marks.slice(0, -1))),
    'audit.next-placeholder': isLive && placeholders.length > 0 && (() => stepPlaceholder(1)),
    'audit.previous-placeholder': isLive && placeholders.length > 0 && (() => stepPlaceholder(-1)),
    'audit.wrong': isLive && pressed !== null && (() => setIsWrongMode(true)),
    'audit.reveal': isLive && mayReveal && pressed !== null && (() => setOpened('reveal')),
    ...Object.fromEntries(WHY.map(({ act, why }) => [act, isWrongMode && (() => markWrong(why))])),
    'wrong.leave': isWrongMode && (() => setIsWrongMode(false)),
    back: (chosen !== null || pressed !== null) && (() => choose(null)),
  });
  useKeyCapture(
    isHinting
      ? (event) => {
          if (event.key === 'Escape') setIsHinting(false);
          else if (/^[a-z]$/i.test(event.key)) {
            const letters = typed + event.key.toLowerCase();
            if (letters.length < 2) setTyped(letters);
            else {
              const hint = hints.find((one) => one.letters === letters);
              if (hint) jumpTo(hint);
              setIsHinting(false);
              setTyped('');
            }
          }
          return true;
        }
      : null,
  );
  function jumpTo(hint: Hint) {
    setChosen(hint.range);
    const event = events?.find((one) =>
      one.blocks.some(({ pieces }) => pieces.some(({ path }) => path === hint.range.path)),
    );
    if (event) transcript.current?.goTo(event.id);
  }

  const painted: PaintMark[] = marks.map((one, at) => ({ ...one, id: String(at), state: 'missed', isVeiled: true }));
  return (
    <DeskFrame
      desk={desk}
      room={{ href: '/audit', name: 'Audit' }}
      queueName={queueName}
      says={SAYS}
      conflict={conflict}
      toolbar={
        <div
          role="toolbar"
          aria-label="Decide"
          className="flex flex-wrap items-center gap-2 border-line border-t bg-surface px-6 py-2"
        >
          <Button tone="primary" disabled={!current} onClick={submit} aria-keyshortcuts="Space">
            {marks.length > 0 ? `${marks.length} missed, next` : 'Clean, next'} <Kbd keys="Space" />
          </Button>
          <Button disabled={!current} onClick={() => setOpened('skip')} aria-keyshortcuts="s">
            Skip <Kbd keys="s" />
          </Button>
          <Button
            disabled={desk.history.length === 0 && marks.length === 0 && wrong.length === 0}
            onClick={takeBack}
            aria-keyshortcuts="z"
          >
            Undo <Kbd keys="z" />
          </Button>
          <Button tone="quiet" disabled={!current} onClick={() => setIsHinting(true)} aria-keyshortcuts="f">
            Find with letters <Kbd keys="f" />
          </Button>
          <Button tone="quiet" onClick={() => setOpened('history')} aria-keyshortcuts="Shift+H">
            Last ten <Kbd keys="H" />
          </Button>
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
          {opened === 'history' && <HistoryDialog done={desk.history} onClose={() => setOpened(null)} />}
          {opened === 'reveal' && pressed && current && (
            <RevealDialog
              taskId={current.id}
              placeholder={`[${pressed.type}_${pressed.n}]`}
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
              chosen={chosen}
              onChoose={choose}
              onPlaceholder={(one) => {
                setPressed(one);
                setChosen({ path: one.path, start: one.start, end: one.end });
              }}
              onMark={(id) => setMarks(marks.filter((_, at) => String(at) !== id))}
              className="min-h-0 flex-1"
            />
          </section>
          <aside
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by key
            tabIndex={0}
            aria-label="What you found"
            className="flex flex-col gap-4 overflow-y-auto border-line px-4 py-3 lg:border-s"
          >
            {isHinting ? (
              <HintList
                hints={hints}
                typed={typed}
                onPick={(hint) => {
                  jumpTo(hint);
                  setIsHinting(false);
                }}
              />
            ) : (
              <>
                <section aria-label="Missed" className="flex flex-col gap-1.5">
                  <h2 className="font-semibold">Missed ({marks.length})</h2>
                  {marks.length === 0 && (
                    <p className="text-ink-3">Select what redaction missed, then its kind. Nothing missed: Space.</p>
                  )}
                  {marks.map((one, at) => (
                    <p key={`${one.path}:${one.start}`} className="flex items-center gap-2">
                      <span className="rounded-sm bg-sunken px-1 font-mono text-label">{PII_TYPES[one.type].chip}</span>
                      <span className="font-mono text-mono">{veil(textOf(one))}</span>
                      <button
                        type="button"
                        className="ms-auto text-ink-3 hover:text-fail"
                        onClick={() => setMarks(marks.filter((_, other) => other !== at))}
                      >
                        Drop
                      </button>
                    </p>
                  ))}
                </section>
                {wrong.length > 0 && (
                  <section aria-label="Wrong masks" className="flex flex-col gap-1.5">
                    <h2 className="font-semibold">Wrong mask ({wrong.length})</h2>
                    {wrong.map((one, at) => (
                      <p key={`${one.path}:${one.start}`} className="flex items-center gap-2">
                        <span className="font-mono text-mono">{one.placeholder}</span>
                        <span className="text-ink-2">{one.why.replaceAll('_', ' ')}</span>
                        <button
                          type="button"
                          className="ms-auto text-ink-3 hover:text-fail"
                          onClick={() => setWrong(wrong.filter((_, other) => other !== at))}
                        >
                          Drop
                        </button>
                      </p>
                    ))}
                  </section>
                )}
                {chosen && !pressed && (
                  <section aria-label="Kind of the chosen text" className="flex flex-col gap-2">
                    <h2 className="font-semibold">What is it?</h2>
                    <div className="flex flex-wrap gap-1.5">
                      {TYPE_ACTS.map(({ act, type }) => (
                        <Button key={act} size="small" onClick={() => mark(type, false)}>
                          {PII_TYPES[type].label}
                        </Button>
                      ))}
                      <Button size="small" onClick={() => setOpened('other')}>
                        other
                      </Button>
                    </div>
                    <p className="text-ink-3 text-label">With Shift: every equal string of this unit.</p>
                  </section>
                )}
                {pressed && (
                  <section aria-label="The chosen mask" className="flex flex-col gap-2">
                    <h2 className="font-semibold font-mono text-mono">
                      [{pressed.type}_{pressed.n}]
                    </h2>
                    <p className="text-ink-2">Wrong mask?</p>
                    <div className="flex flex-wrap gap-1.5">
                      {WHY.map(({ why, label }, at) => (
                        <Button key={why} size="small" onClick={() => markWrong(why)}>
                          {isWrongMode && <Kbd keys={String(at + 1)} />} {label}
                        </Button>
                      ))}
                    </div>
                    {mayReveal && (
                      <Button size="small" tone="quiet" onClick={() => setOpened('reveal')}>
                        Reveal with a reason
                      </Button>
                    )}
                  </section>
                )}
                {opened === 'other' && chosen && (
                  <section aria-label="Other kinds" className="flex flex-wrap gap-1.5">
                    {OTHER.map((type) => (
                      <Button
                        key={type}
                        size="small"
                        onClick={() => {
                          setOpened(null);
                          mark(type, false);
                        }}
                      >
                        {PII_TYPES[type].label}
                      </Button>
                    ))}
                  </section>
                )}
              </>
            )}
          </aside>
        </div>
      )}
    </DeskFrame>
  );
}

function HintList({ hints, typed, onPick }: { hints: readonly Hint[]; typed: string; onPick: (hint: Hint) => void }) {
  const shown = hints.filter(({ letters }) => letters.startsWith(typed));
  return (
    <section aria-label="Find with letters" className="flex flex-col gap-1">
      <h2 className="font-semibold">Type two letters{typed && `: ${typed}…`}</h2>
      {shown.length === 0 && <p className="text-ink-3">No capitalised or numeric run here. Escape leaves.</p>}
      {shown.map((hint) => (
        <button
          key={hint.letters}
          type="button"
          className="flex items-center gap-2 rounded-sm px-1 text-left hover:bg-sunken"
          onClick={() => onPick(hint)}
        >
          <span className="rounded-sm bg-accent px-1 font-mono text-label text-on-accent">{hint.letters}</span>
          <span className="truncate" dir="auto" translate="no">
            {hint.text}
          </span>
        </button>
      ))}
    </section>
  );
}
