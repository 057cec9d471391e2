/** How far the automated extraction agrees with sealed gold: every figure with its n, interval, sum and errors. */
import type { Actor } from '#lib/core/policy/actor.ts';
import { type MarkedSpan, type SpanScore, spanAgreement } from '#lib/core/review/agreement.ts';
import { type Share, wilson } from '#lib/core/stats/wilson.ts';
import { canonicalJson } from '#lib/core/trajectory/json.ts';
import { sealedGold } from '#lib/store/gold.ts';
import { permit, projectOf } from '../permit.ts';
import { GOLD_TAGS, type GoldBody, type MachineBody } from './gold-body.ts';
import { machineOf } from './show-gold.ts';

export type GoldItem = { unitId: string; machine: MachineBody; gold: GoldBody };
export type Difference = { unitId: string; machine: string; gold: string };
export type SpanFigure = {
  name: string;
  matches: number;
  marked: number;
  gold: number;
  score: SpanScore;
  errors: Difference[];
};
export type ShareFigure = { name: string; right: number; share: Share; errors: Difference[] };
export type GoldScore = {
  units: number;
  bounds: SpanFigure;
  roles: ShareFigure;
  tags: ShareFigure[];
  spans: SpanFigure[];
};

type Marks = { unitId: string; gold: MarkedSpan[]; machine: MarkedSpan[] };

function spanFigure(name: string, marks: readonly Marks[]): SpanFigure {
  const gold = marks.flatMap((one) => one.gold);
  const machine = marks.flatMap((one) => one.machine);
  const score = spanAgreement(gold, machine).exact;
  const matches = Math.round(score.recall.n === 0 ? 0 : score.recall.value * score.recall.n);
  const key = (span: MarkedSpan) => `${span.type} ${span.path} ${span.start} ${span.end}`;
  const errors = marks.flatMap(({ unitId, ...one }) => {
    const [left, right] = [new Set(one.machine.map(key)), new Set(one.gold.map(key))];
    const only = (spans: MarkedSpan[], other: Set<string>) =>
      spans.filter((span) => !other.has(key(span))).map((span) => `${span.type} at ${span.start}`);
    const [extra, lacking] = [only(one.machine, right), only(one.gold, left)];
    if (extra.length + lacking.length === 0) return [];
    return [{ unitId, machine: extra.join(', ') || 'nothing', gold: lacking.join(', ') || 'nothing' }];
  });
  return { name, matches, marked: machine.length, gold: gold.length, score, errors };
}

const boundsOf = ({ unitId, machine, gold }: GoldItem): Marks => {
  const marks = ([from, to]: readonly [number, number]): MarkedSpan[] => [
    { path: unitId, start: from, end: from + 1, type: 'start' },
    { path: unitId, start: to - 1, end: to, type: 'end' },
  ];
  return { unitId, machine: marks(machine.range), gold: marks(gold.range) };
};

/** A missed stretch lies in the redacted text and a mask in the text before it, so the two are never compared by place. */
export function maskMarks({ unitId, machine, gold }: GoldItem): Marks {
  const wrong = new Map(gold.wrong.map((one) => [one.no, one]));
  const masks = machine.spans.map(({ no, path, start, end, type }) => ({
    no,
    path: `${unitId} ${path}`,
    start,
    end,
    type,
  }));
  const kept = masks.flatMap(({ no, ...span }): MarkedSpan[] => {
    const fault = wrong.get(no);
    if (!fault || fault.why === 'entity') return [span];
    if (fault.why === 'not_pii') return [];
    // Where the right bounds are nobody wrote down; only that these are not.
    return fault.why === 'bounds' ? [{ ...span, end: span.end + 1 }] : [{ ...span, type: fault.to ?? 'another kind' }];
  });
  const missed = gold.missed.map(({ path, ...span }) => ({ ...span, path: `${unitId} missed ${path}` }));
  return { unitId, machine: masks.map(({ no: _, ...span }) => span), gold: [...kept, ...missed] };
}

export function scoreOf(items: readonly GoldItem[]): GoldScore {
  const events = items.reduce((sum, { machine }) => sum + machine.kinds.length, 0);
  const misread = items.reduce((sum, { gold }) => sum + gold.kinds.length, 0);
  const kindAt = ({ machine }: GoldItem, id: string) => machine.kinds.find(({ eventId }) => eventId === id);
  const marks = items.map(maskMarks);
  const types = [...new Set(marks.flatMap((one) => [...one.gold, ...one.machine].map((span) => span.type)))].sort();
  const ofType = (type: string): Marks[] =>
    marks.map(({ unitId, gold, machine }) => ({
      unitId,
      gold: gold.filter((span) => span.type === type),
      machine: machine.filter((span) => span.type === type),
    }));
  return {
    units: items.length,
    bounds: spanFigure('Cut of the unit', items.map(boundsOf)),
    roles: {
      name: 'Kind of each event',
      right: events - misread,
      share: wilson(events - misread, events),
      errors: items.flatMap((item) =>
        item.gold.kinds.map(({ eventId, kind }) => {
          const event = kindAt(item, eventId);
          return { unitId: item.unitId, machine: `${event?.kind ?? ''} at event ${event?.seq ?? ''}`, gold: kind };
        }),
      ),
    },
    tags: GOLD_TAGS.map((tag) => {
      const errors = items.flatMap(({ unitId, machine, gold }) =>
        machine.tags[tag] === gold.tags[tag] ? [] : [{ unitId, machine: machine.tags[tag], gold: gold.tags[tag] }],
      );
      const right = items.length - errors.length;
      return { name: tag, right, share: wilson(right, items.length), errors };
    }),
    spans: [spanFigure('All kinds', marks), ...types.map((type) => spanFigure(type, ofType(type)))],
  };
}

export async function showScore(actor: Actor): Promise<GoldScore> {
  await permit(actor, 'gold.read');
  const rows = await sealedGold(projectOf(actor));
  return scoreOf(
    rows.map((row) => ({
      unitId: row.unitId,
      machine: row.machine as unknown as MachineBody,
      gold: row.gold as unknown as GoldBody,
    })),
  );
}

export type Drift = {
  /** Units whose machine reading is another now than when they were sealed. */
  changed: number;
  units: number;
  rows: { name: string; before: Share; now: Share }[];
  /** Detectors when the newest was sealed, and now. */
  detectors: { before: string; now: string };
};

/** The same gold against the machine as it was at the seal and as it is now: what a change of rules did. */
export function driftOf(items: readonly (GoldItem & { now: MachineBody })[]): Drift {
  const [atSeal, now] = [scoreOf(items), scoreOf(items.map((item) => ({ ...item, machine: item.now })))];
  // Gold says which masks are right by their number then, so today's masks are held against those, by place.
  const masks = items.map((item) => {
    const { gold } = maskMarks(item);
    const isMask = (span: MarkedSpan) => !span.path.includes(' missed ');
    const { machine } = maskMarks({ ...item, machine: item.now, gold: { ...item.gold, missed: [], wrong: [] } });
    return { unitId: item.unitId, gold: gold.filter(isMask), machine };
  });
  const masksThen = items.map((item) => {
    const { gold, machine } = maskMarks(item);
    return { unitId: item.unitId, machine, gold: gold.filter((span) => !span.path.includes(' missed ')) };
  });
  const [masksBefore, masksNow] = [spanFigure('masks', masksThen), spanFigure('masks', masks)];
  const readingOf = ({ range, tags, kinds, spans }: MachineBody) => canonicalJson({ range, tags, kinds, spans });
  const same = (item: GoldItem & { now: MachineBody }) => readingOf(item.machine) === readingOf(item.now);
  return {
    units: items.length,
    changed: items.filter((item) => !same(item)).length,
    rows: [
      { name: 'Cut, found', before: atSeal.bounds.score.recall, now: now.bounds.score.recall },
      { name: 'Kinds of events', before: atSeal.roles.share, now: now.roles.share },
      ...atSeal.tags.map(({ name, share }, at) => ({ name, before: share, now: now.tags[at]!.share })),
      { name: 'Masks, right', before: masksBefore.score.precision, now: masksNow.score.precision },
      { name: 'Masks, found', before: masksBefore.score.recall, now: masksNow.score.recall },
    ],
    detectors: { before: items.at(-1)?.machine.detectors ?? '', now: items.at(-1)?.now.detectors ?? '' },
  };
}

/** Sealed gold units that still stand; withdrawn ones say nothing of today's machine. */
export async function showDrift(actor: Actor): Promise<Drift> {
  await permit(actor, 'gold.read');
  const projectId = projectOf(actor);
  const rows = await sealedGold(projectId);
  const items: (GoldItem & { now: MachineBody })[] = [];
  for (const row of rows) {
    const now = await machineOf(projectId, row.unitId).catch(() => null);
    if (now)
      items.push({
        unitId: row.unitId,
        machine: row.machine as unknown as MachineBody,
        gold: row.gold as unknown as GoldBody,
        now: now.machine,
      });
  }
  return driftOf(items);
}
