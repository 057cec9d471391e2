/** First half of the release flow: every unit, pair and gold unit as a row to be, or the rule that keeps it at home. */
import { createHmac } from 'node:crypto';
import type { KeepRule } from '#lib/core/dedup/keep.ts';
import type { StepMark } from '#lib/core/export/chat-format.ts';
import { toDpoRow } from '#lib/core/export/dpo-row.ts';
import { toEvalRow } from '#lib/core/export/eval-row.ts';
import { ToolObserver } from '#lib/core/export/observe-tools.ts';
import {
  type Config,
  type EvalRow,
  isRefused,
  LEVELS,
  type Level,
  type Refused,
  type Row,
  type RowMeta,
} from '#lib/core/export/row.ts';
import { schemaCache } from '#lib/core/export/row-parts.ts';
import { toSftRow } from '#lib/core/export/sft-row.ts';
import type { RowScore } from '#lib/core/mix/schedule.ts';
import { generatorName } from '#lib/core/pair/candidate.ts';
import { tagUnit } from '#lib/core/tag/tag-unit.ts';
import type { JsonObject } from '#lib/core/trajectory/json.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { ToolDef } from '#lib/core/trajectory/trajectory.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import type { StoredCandidate } from '#lib/store/pairs.ts';
import { contentOf } from '../pairs/pair-content.ts';
import type { Choice } from './labelled-pair.ts';
import { type EntityNames, toOneMap } from './one-placeholder-map.ts';

export type UnitToRelease = {
  unit: Redacted<Unit>;
  importId: string;
  level: string;
  lang: string;
  domain: string;
  trajectoryId: string;
  rootId: string;
  personKey: string | null;
  taskKey: string | null;
  sessionKey: string | null;
  /** When it began, as logged. */
  startedAt: Date | null;
  tokens: number;
  outcome: string;
  outcomeBasis: string;
  /** What people said of its steps, by event. */
  marks?: ReadonlyMap<string, StepMark>;
};
export type PairToRelease = {
  candidate: StoredCandidate;
  /** The person (or the log) preferred what was proposed as rejected. */
  isTurned: boolean;
  margin: number | null;
  /** What a person did; null when none chose. */
  choice: Choice | null;
};
export type RowSource = {
  releaseId: string;
  /** The project's secret of splits; row, group and cluster names are keyed with it. */
  key: Uint8Array;
  includes: readonly ('sft' | 'dpo' | 'eval')[];
  units: readonly UnitToRelease[];
  pairs: readonly PairToRelease[];
  /** Ids of sealed gold units whose text is unchanged. */
  gold: ReadonlySet<string>;
  namesOf(unitId: string): EntityNames;
  /** Approved generators by `<name>@<version>`: most of the pairs that may be theirs. */
  generators: ReadonlyMap<string, number>;
  /** Also what a teacher thought; off unless the release says so. */
  keepReasoning?: boolean;
  /** Which of several rows that say nearly the same leaves. */
  keep: KeepRule;
  /** Units that people chose to stay for their cluster. */
  picked: ReadonlySet<string>;
  /** Scores of an earlier release, by the names that its rows had. */
  scores?: { releaseId: string; byRow: ReadonlyMap<string, RowScore> } | null;
  /** Time from which on everything is held out; without it the keyed hash decides. */
  evalFrom?: string;
};

export type LeftOut = { refKind: 'unit' | 'pair'; refId: string; rule: string };
/** Makes the row once its side and names are known. */
export type Draft = {
  /** Unit or pair: what is placed for good. */
  id: string;
  refKind: 'unit' | 'pair';
  unitIds: string[];
  kind: 'sft' | 'dpo' | 'eval';
  level: Level;
  /** Where it came from, as the row says. */
  source: string;
  /** What made the rejected side of a synthetic pair. */
  generator?: string;
  /** For the sampler's index. */
  tags?: JsonObject;
  make(
    meta: Pick<RowMeta, 'id' | 'split' | 'group' | 'cluster' | 'weight'>,
  ): { config: Config; row: Row } | EvalRow | Refused;
};
export type Drafted = { drafts: Draft[]; leftOut: LeftOut[]; observedTools: number };

/** Names that say nothing outside of this release: two recipients can't join their rows. */
export const nameIn = (source: Pick<RowSource, 'key' | 'releaseId'>, kind: string, of: string): string =>
  createHmac('sha256', source.key).update(`${kind}\n${source.releaseId}\n${of}`).digest('hex').slice(0, 16);

const levelOf = (level: string): Level => ((LEVELS as readonly string[]).includes(level) ? (level as Level) : 'L0');

export function draftRows(source: RowSource): Drafted {
  const catalogues = observeTools(source.units);
  const schemas = schemaCache();
  const leftOut: LeftOut[] = [];
  const drafts: Draft[] = [];
  const byId = new Map(source.units.map((row) => [row.unit.id, row]));
  const unitsById = new Map(source.units.map(({ unit }) => [unit.id, unit]));
  const everywhere = { schemas, ...(source.keepReasoning ? { keepReasoning: true } : {}) };
  const toolsFor = ({ unit, importId }: UnitToRelease) =>
    unit.tools.length === 0
      ? { toolCatalogue: catalogues.get(importId) ?? [], toolsFrom: 'observed' as const, ...everywhere }
      : everywhere;
  const commonOf = (row: UnitToRelease, tags: JsonObject) => ({
    level: levelOf(row.level),
    domain: row.domain,
    ...(row.lang === 'und' ? {} : { lang: row.lang }),
    redaction: 'v1',
    tags,
  });
  const take = (draft: Draft) => {
    const made = draft.make({ id: 'x', split: 'train', group: '' });
    if (isRefused(made)) leftOut.push({ refKind: draft.refKind, refId: draft.id, rule: made.refused });
    else drafts.push(draft);
  };

  for (const row of source.units) {
    const isGold = source.gold.has(row.unit.id);
    const kind = isGold ? 'eval' : 'sft';
    if (!source.includes.includes(kind)) {
      if (isGold && source.includes.includes('sft'))
        leftOut.push({ refKind: 'unit', refId: row.unit.id, rule: 'gold_held_out' });
      continue;
    }
    const meta = commonOf(row, tagUnit(row.unit).tags);
    const options = toolsFor(row);
    take({
      id: row.unit.id,
      refKind: 'unit',
      unitIds: [row.unit.id],
      kind,
      level: meta.level,
      source: isGold ? 'gold' : 'log',
      tags: meta.tags,
      make: (more) =>
        isGold
          ? toEvalRow(row.unit, { ...meta, ...more, source: 'gold' }, options)
          : toSftRow(
              row.unit,
              { ...meta, ...more, source: 'log' },
              row.marks ? { ...options, marks: row.marks } : options,
            ),
    });
  }

  for (const { candidate, isTurned, margin } of source.includes.includes('dpo') ? source.pairs : []) {
    const unitIds = [...new Set([candidate.promptUnitId, candidate.chosen.unitId, candidate.rejected.unitId])];
    const [prompt, chosen, rejected] = [candidate.promptUnitId, candidate.chosen.unitId, candidate.rejected.unitId].map(
      (id) => byId.get(id),
    );
    const stay = (rule: string) => leftOut.push({ refKind: 'pair', refId: candidate.id, rule });
    if (!prompt || !chosen || !rejected) {
      stay('pair_unit_left_out');
      continue;
    }
    if (unitIds.some((id) => source.gold.has(id))) {
      stay('gold_held_out');
      continue;
    }
    const generator = candidate.generator && generatorName(candidate.generator);
    if (candidate.source === 'synthetic' && !(generator && source.generators.has(generator))) {
      stay('synthetic_not_approved');
      continue;
    }
    const sides = contentOf(candidate, unitsById);
    if (!sides) {
      stay('pair_changed');
      continue;
    }
    const content = toOneMap(sides, source.namesOf);
    const preferred = isTurned ? { ...content, chosen: content.rejected, rejected: content.chosen } : content;
    const meta = commonOf(prompt, tagUnit(prompt.unit).tags);
    const options = { ...toolsFor(prompt), key: nameIn(source, 'order', 'pairs') };
    take({
      id: candidate.id,
      refKind: 'pair',
      unitIds,
      kind: 'dpo',
      level: meta.level,
      source: candidate.source,
      tags: meta.tags,
      ...(generator === undefined ? {} : { generator }),
      make: (more) =>
        toDpoRow(
          preferred,
          {
            ...meta,
            ...more,
            source: candidate.source,
            strength: candidate.strength,
            prefix: candidate.prefixRule,
            evidence: candidate.evidence.length,
            ...(generator === undefined ? {} : { generator }),
            ...(margin === null ? {} : { margin }),
            ...(candidate.reason && !isTurned ? { reason: candidate.reason } : {}),
          },
          options,
        ),
    });
  }
  const observed = source.units.filter(
    ({ unit }) => unit.tools.length === 0 && unit.events.some((event) => event.kind === 'tool_call'),
  );
  return { drafts, leftOut, observedTools: observed.length };
}

/** Logs that do not say what was offered get the tools that their own import was seen to call. */
function observeTools(units: readonly UnitToRelease[]): Map<string, ToolDef[]> {
  const observers = new Map<string, ToolObserver>();
  for (const { unit, importId } of units) {
    if (unit.tools.length > 0) continue;
    const observer = observers.get(importId) ?? new ToolObserver();
    observers.set(importId, observer);
    observer.add(unit);
  }
  return new Map([...observers].map(([importId, observer]) => [importId, observer.catalogue()]));
}
