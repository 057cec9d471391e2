/** The grid on which curators check and correct one tag of many units at once, with what the classifier would say. */
import { unitText } from '#lib/core/dedup/unit-text.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { type Accuracy, type Guess, guess, type Model, wordsFor } from '#lib/core/tag/classifier.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { HAND_TAGS, type HandTag, latestModel, type TaggedUnit, taggedUnits, tagValues } from '#lib/store/tags.ts';
import { findUnits } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';
import { readUnitQuery, type UnitQuery } from '../units/unit-query.ts';

/** Cards of one page. */
export const GRID = 24;
/** Units that are looked at when one value is wanted: the likeliest of them make the page. */
const LOOKED_AT = 400;

export type TagCard = TaggedUnit & { suggestion: Guess | null };
export type TagsView = {
  tag: HandTag;
  cards: TagCard[];
  total: number;
  values: { value: string; units: number; byPeople: number; byModel: number }[];
  model: { version: number; accuracy: Accuracy; trainedAt: string } | null;
};
export type TagsQuery = {
  tag: HandTag;
  value?: string;
  /** Only what no rule could tell. */
  unknown?: boolean;
  /** The value that is wanted: units come by how likely they have it. */
  want?: string;
  filter: UnitQuery;
};

export const wordsOfUnit = (unit: Redacted<Unit>): string[] =>
  wordsFor(
    unitText(unit, 'prompt'),
    unit.events.flatMap((event) => (event.kind === 'tool_call' ? [event.toolCall.name] : [])),
  );

export async function showTags(actor: Actor, query: TagsQuery): Promise<TagsView> {
  await permit(actor, 'unit.read');
  const projectId = projectOf(actor);
  const { tag, value, unknown, want } = query;
  const only = { ...(value === undefined ? {} : { value }), ...(unknown ? { unknown } : {}) };
  const [found, values, stored] = await Promise.all([
    taggedUnits(projectId, query.filter, tag, only, want === undefined ? GRID : LOOKED_AT),
    tagValues(projectId, tag),
    latestModel(projectId, tag),
  ]);
  const model = stored && (JSON.parse(stored.model) as Model);
  const guesses = new Map<string, Guess | null>();
  if (model) {
    const units = await findUnits(
      projectId,
      found.rows.map(({ unitId }) => unitId),
    );
    for (const unit of units) guesses.set(unit.id, guess(model, wordsOfUnit(unit)));
  }
  const cards = found.rows.map((row) => ({ ...row, suggestion: guesses.get(row.unitId) ?? null }));
  return {
    tag,
    cards: want === undefined ? cards : likeliest(cards, want),
    total: found.total,
    values,
    model: stored && {
      version: stored.version,
      accuracy: stored.accuracy as Accuracy,
      trainedAt: stored.createdAt.toISOString(),
    },
  };
}

/** Those that do not have the value yet and may: suggested ones by confidence, then those that nothing is known of. */
function likeliest(cards: readonly TagCard[], want: string): TagCard[] {
  const worth = ({ suggestion, value }: TagCard): number =>
    suggestion?.label === want ? 1 + suggestion.confidence : ['unknown', 'und', 'other'].includes(value) ? 0.5 : 0;
  return cards
    .filter((card) => card.value !== want && card.origin !== 'person' && worth(card) > 0)
    .toSorted((a, b) => worth(b) - worth(a) || (a.unitId < b.unitId ? -1 : 1))
    .slice(0, GRID);
}

export const readFilter = (params: Readonly<Record<string, string | string[] | undefined>>): UnitQuery =>
  readUnitQuery({
    level: params.level,
    kind: params.kind,
    tool: params.tool,
    lang: params.lang,
    domain: params.domain,
  });

export const TAG_NAMES = HAND_TAGS;
export const asTag = (value: string | undefined): HandTag =>
  HAND_TAGS.includes(value as HandTag) ? (value as HandTag) : 'domain';
