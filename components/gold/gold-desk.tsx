'use client';
import { useMemo, useRef, useState } from 'react';
import { PII_TYPES, type PiiType } from '#lib/core/pii/taxonomy.ts';
import { EVENT_KINDS, type EventKind } from '#lib/core/trajectory/event.ts';
import type { TranscriptEvent } from '../transcript/event.ts';
import type { PaintMark, TextRange } from '../transcript/paint.ts';
import { type PressedPlaceholder, Transcript, type TranscriptHandle } from '../transcript/transcript.tsx';
import { announce } from '../ui/announcer.tsx';
import { Badge } from '../ui/badge.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { count } from '../ui/figures.ts';
import { Select } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';
import { countDifferences, type Draft, type Machine, type Scores, type Wrong } from './gold-draft.ts';
import { GoldRows } from './gold-rows.tsx';
import { isFull, Rubric } from './rubric.tsx';
import { useGoldActs } from './use-gold-acts.ts';

const TYPES = Object.keys(PII_TYPES) as PiiType[];
const WHY: { why: Wrong['why']; label: string }[] = [
  { why: 'not_pii', label: 'not personal data' },
  { why: 'type', label: 'wrong kind' },
  { why: 'bounds', label: 'wrong bounds' },
  { why: 'entity', label: 'wrong person' },
];

export type GoldDeskProps = {
  unitId: string;
  unitHash: string;
  events: TranscriptEvent[];
  machine: Machine;
  body: Draft;
  rubric: Scores;
  othersScored: number;
  open: { version: number; state: string; who: string; isOwn: boolean; stamp: string; isStale: boolean } | null;
  places: { seq: number; kind: string }[];
  known: Record<'domain' | 'lang' | 'task', string[]>;
  maySeal: boolean;
  onSave: (input: {
    unitId: string;
    unitHash: string;
    stamp: string | null;
    body: Draft;
    rubric: Scores;
    propose: boolean;
  }) => Promise<Answer<{ id: string; version: number; stamp: string }>>;
  onRule: (input: { unitId: string; stamp: string; accept: boolean; rubric: Scores }) => Promise<Answer<void>>;
};

/** The machine's reading beside the right one. One person proposes, another seals; neither sees the other's scores. */
export function GoldDesk(props: GoldDeskProps) {
  const { unitId, unitHash, events, machine, open, maySeal } = props;
  const [draft, setDraft] = useState(props.body);
  const [scores, setScores] = useState(props.rubric);
  const [stamp, setStamp] = useState(open?.stamp ?? null);
  const [chosen, setChosen] = useState<TextRange | null>(null);
  const [type, setType] = useState<PiiType>('PERSON');
  const [pressed, setPressed] = useState<PressedPlaceholder | null>(null);
  const transcript = useRef<TranscriptHandle>(null);
  const { run, isPending, fault } = useAct();
  const isForMe = open?.state === 'proposed' && !open.isOwn && maySeal;
  const differences = countDifferences(draft, machine);

  function save(propose: boolean) {
    run(
      () => props.onSave({ unitId, unitHash, stamp, body: draft, rubric: scores, propose }),
      (saved) => setStamp(saved.stamp),
      propose ? 'Proposed; another person seals it' : 'Draft saved',
    );
  }
  function rule(accept: boolean) {
    if (!stamp) return;
    run(
      () => props.onRule({ unitId, stamp, accept, rubric: scores }),
      () => setStamp(null),
      accept ? 'Sealed' : 'Given back as a draft',
    );
  }
  function markMissed(as: PiiType) {
    if (!chosen) return;
    setDraft({ ...draft, missed: [...draft.missed, { ...chosen, type: as }] });
    setChosen(null);
    announce(`${PII_TYPES[as].label} marked as missed`);
  }
  function markWrong(why: Wrong['why']) {
    if (!pressed) return;
    const placeholder = `[${pressed.type}_${pressed.n}]`;
    const span =
      machine.spans.find((one) => one.placeholder === placeholder && one.path === pressed.path) ??
      machine.spans.find((one) => one.placeholder === placeholder);
    if (!span) return;
    setDraft({ ...draft, wrong: [...draft.wrong.filter(({ no }) => no !== span.no), { no: span.no, why }] });
    setPressed(null);
    announce(`${placeholder}: ${why.replaceAll('_', ' ')}`);
  }
  function setKind(eventId: string, kind: EventKind) {
    const others = draft.kinds.filter((one) => one.eventId !== eventId);
    const said = machine.kinds.find((one) => one.eventId === eventId)?.kind;
    setDraft({ ...draft, kinds: said === kind ? others : [...others, { eventId, kind }] });
  }
  const { scoring } = useGoldActs({
    unitId,
    draft,
    machine,
    places: props.places,
    scores,
    differences,
    hasChosen: chosen !== null,
    transcript,
    events,
    setDraft,
    setScores,
    onMissed: markMissed,
    onTakeRest: () => setDraft(fromMachine(machine, draft)),
    onDone: () => (isForMe ? rule(true) : save(true)),
  });
  const wrongAt = useMemo(
    () =>
      draft.wrong.flatMap(({ no }) => {
        const span = machine.spans.find((one) => one.no === no);
        return span ? [{ no, placeholder: span.placeholder }] : [];
      }),
    [draft.wrong, machine.spans],
  );
  const marks: PaintMark[] = draft.missed.map((one, at) => ({ ...one, id: String(at), state: 'missed' }));

  return (
    <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_26rem]">
      <section aria-label="The unit" className="flex min-h-0 flex-col gap-2">
        {fault && <Banner tone="fail" title={fault} live />}
        {open?.isStale && (
          <Banner tone="warn" title="The unit was redacted again since this draft was begun">
            Save it once more to take the new text; it cannot be sealed before.
          </Banner>
        )}
        <div className="flex min-h-9 flex-wrap items-center gap-2">
          {chosen ? (
            <>
              <span className="text-ink-2">{count(chosen.end - chosen.start)} characters chosen:</span>
              <span className="w-48">
                <Select
                  aria-label="Kind of what was missed"
                  value={type}
                  onChange={(event) => setType(event.target.value as PiiType)}
                >
                  {TYPES.map((name) => (
                    <option key={name} value={name}>
                      {PII_TYPES[name].label}
                    </option>
                  ))}
                </Select>
              </span>
              <Button size="small" tone="primary" onClick={() => markMissed(type)}>
                Missed
              </Button>
              <Button size="small" tone="quiet" onClick={() => setChosen(null)}>
                Leave
              </Button>
            </>
          ) : pressed ? (
            <>
              <span className="font-mono text-mono">
                [{pressed.type}_{pressed.n}]
              </span>
              {WHY.map(({ why, label }) => (
                <Button key={why} size="small" onClick={() => markWrong(why)}>
                  {label}
                </Button>
              ))}
              <Button size="small" tone="quiet" onClick={() => setPressed(null)}>
                Leave
              </Button>
            </>
          ) : (
            <span className="text-ink-3">
              Select text that redaction missed, or press a mask that is wrong. The kind of each event is on its right.
            </span>
          )}
        </div>
        <Transcript
          ref={transcript}
          label="Unit"
          events={events}
          marks={marks}
          chosen={chosen}
          onChoose={(range) => {
            setChosen(range);
            setPressed(null);
          }}
          onPlaceholder={(one) => {
            setPressed(one);
            setChosen(null);
          }}
          onMark={(id) => setDraft({ ...draft, missed: draft.missed.filter((_, at) => String(at) !== id) })}
          aside={(event) => (
            <select
              aria-label={`Kind of event ${event.seq}`}
              className="h-6 rounded-sm border border-line bg-bg text-ink-2 text-label"
              value={draft.kinds.find(({ eventId }) => eventId === event.id)?.kind ?? event.kind}
              onChange={(change) => setKind(event.id, change.target.value as EventKind)}
            >
              {EVENT_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {kind.replaceAll('_', ' ')}
                </option>
              ))}
            </select>
          )}
          className="h-[65vh] border border-line"
        />
      </section>
      <div className="flex flex-col gap-6">
        <Section
          title="Cut and tags"
          hint={differences === 0 ? 'as the machine reads it' : `${count(differences)} differences`}
        >
          <GoldRows
            draft={draft}
            machine={machine}
            places={props.places}
            known={props.known}
            isLocked={isPending}
            onChange={setDraft}
          />
        </Section>
        <Section title="Redaction">
          {draft.missed.length + wrongAt.length + draft.kinds.length === 0 ? (
            <p className="text-ink-3">No mask missed, none wrong, every event of the right kind.</p>
          ) : (
            <ul className="flex flex-col">
              {draft.missed.map((one, at) => (
                <Fault
                  key={`${one.path} ${one.start} ${one.end}`}
                  text={`missed ${PII_TYPES[one.type].label}, ${one.end - one.start} characters`}
                  onDrop={() => setDraft({ ...draft, missed: draft.missed.filter((_, other) => other !== at) })}
                />
              ))}
              {draft.wrong.map(({ no, why }) => (
                <Fault
                  key={no}
                  text={`${wrongAt.find((one) => one.no === no)?.placeholder ?? ''} ${WHY.find((one) => one.why === why)?.label}`}
                  onDrop={() => setDraft({ ...draft, wrong: draft.wrong.filter((one) => one.no !== no) })}
                />
              ))}
              {draft.kinds.map(({ eventId, kind }) => (
                <Fault
                  key={eventId}
                  text={`event ${machine.kinds.find((one) => one.eventId === eventId)?.seq ?? ''} is ${kind.replaceAll('_', ' ')}`}
                  onDrop={() => setDraft({ ...draft, kinds: draft.kinds.filter((one) => one.eventId !== eventId) })}
                />
              ))}
            </ul>
          )}
        </Section>
        <Section title="Rubric" hint={props.othersScored > 0 ? 'the other person has scored it; hidden' : undefined}>
          <Rubric scores={scores} at={scoring} onChange={setScores} />
        </Section>
        <div className="flex flex-wrap items-center gap-2">
          {isForMe ? (
            <>
              <Button tone="primary" disabled={isPending || !isFull(scores) || open.isStale} onClick={() => rule(true)}>
                Accept and seal version {open.version}
              </Button>
              <Button disabled={isPending} onClick={() => rule(false)}>
                Give back
              </Button>
            </>
          ) : (
            <>
              <Button tone="primary" disabled={isPending || !isFull(scores)} onClick={() => save(true)}>
                Propose as gold
              </Button>
              <Button disabled={isPending} onClick={() => save(false)}>
                Save draft
              </Button>
            </>
          )}
          {!isFull(scores) && <span className="text-ink-3 text-label">All five scores are needed first</span>}
          {open && (
            <Badge tone={open.state === 'proposed' ? 'accent' : 'open'}>
              version {open.version}, {open.state} by {open.isOwn ? 'you' : open.who}
            </Badge>
          )}
        </div>
      </div>
    </div>
  );
}

/** Everything as the machine reads it, what people marked in the text apart. */
const fromMachine = (machine: Machine, draft: Draft): Draft => ({
  ...draft,
  range: machine.range,
  kinds: [],
  tags: machine.tags as Draft['tags'],
});

function Fault({ text, onDrop }: { text: string; onDrop: () => void }) {
  return (
    <li data-fault className="flex items-center justify-between gap-3 border-line border-b py-1">
      <span>{text}</span>
      <Button size="small" tone="quiet" aria-label={`Drop: ${text}`} onClick={onDrop}>
        Drop
      </Button>
    </li>
  );
}
