/** How far the automated extraction agrees with sealed gold: every figure with its n, interval, sum and errors. */
import type { Actor } from '#lib/core/policy/actor.ts';
import { type MarkedSpan, type SpanScore, spanAgreement } from '#lib/core/review/agreement.ts';
import { type Share, wilson } from '#lib/core/stats/wilson.ts';
import { sealedGold } from '#lib/store/gold.ts';
import { permit, projectOf } from '../permit.ts';
import { GOLD_TAGS, type GoldBody, type MachineBody } from './gold-body.ts';

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
