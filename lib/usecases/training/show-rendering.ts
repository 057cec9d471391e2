/** What the trainer sees: the row that a unit or a pair would become, through a family's training template. */
import { toDpoRow } from '#lib/core/export/dpo-row.ts';
import { isRefused, type Refused, type Row, type RowMeta } from '#lib/core/export/row.ts';
import { toSftRow } from '#lib/core/export/sft-row.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { readJson } from '#lib/core/template/read-json.ts';
import { parseClock } from '#lib/core/template/strftime.ts';
import type { Dict } from '#lib/core/template/values.ts';
import { type PaintedBranch, paint } from '#lib/core/training/painted.ts';
import { renderForTraining } from '#lib/core/training/rendered-row.ts';
import { checkRendered, type TemplateFinding } from '#lib/core/training/row-checks.ts';
import { stringify } from '#lib/core/trajectory/json.ts';
import { entitiesOfUnits } from '#lib/store/releases.ts';
import { stepMarksOf } from '#lib/store/steps.ts';
import { FAMILIES, type Family, familyTokenizer, isFamily, trainingTemplate } from '#lib/store/training-templates.ts';
import { findUnit } from '#lib/store/units.ts';
import { readPairsById } from '../pairs/pair-content.ts';
import { permit, projectOf } from '../permit.ts';
import { toOneMap } from '../releases/one-placeholder-map.ts';

export type Rendering = {
  family: Family;
  date: string;
  /** Why there is no row; then nothing is rendered. */
  refused: string | null;
  row: string | null;
  branches: PaintedBranch[];
  /** Of a pair: bytes of the prompt, which both branches begin with; null for a unit or where they do not. */
  prefixBytes: number | null;
  findings: TemplateFinding[];
  context: number;
  /** Placeholders in what is trained on. */
  placeholders: number;
};

export const TEMPLATE_FAMILIES = Object.entries(FAMILIES).map(([name, { label }]) => ({ name, label }));

/** What the address asks for: a family that is known, else Qwen3; a date that is one, else today. */
export function readWish(wish: { template?: string; date?: string }, now: Date): { family: Family; date: string } {
  const isDate = wish.date !== undefined && parseClock(wish.date) !== null;
  return {
    family: isFamily(wish.template) ? wish.template : 'qwen3',
    date: isDate ? wish.date! : now.toISOString().slice(0, 10),
  };
}

const META: RowMeta = { id: 'preview', split: 'train', level: 'L0', group: '' };

/** @throws Problem not_found */
export async function showUnitRendering(
  actor: Actor,
  unitId: string,
  family: Family,
  date: string,
): Promise<Rendering> {
  await permit(actor, 'unit.read', { objectId: unitId });
  const projectId = projectOf(actor);
  const [unit, marked] = await Promise.all([findUnit(projectId, unitId), stepMarksOf(projectId, [unitId])]);
  if (!unit) throw new Problem('not_found');
  const marks = marked.get(unitId);
  // A log without a tool list gets, as in a release, what it was seen to call; here of this unit alone.
  return render(toSftRow(unit, META, marks ? { marks } : {}), family, date);
}

/** @throws Problem not_found */
export async function showPairRendering(
  actor: Actor,
  pairId: string,
  family: Family,
  date: string,
): Promise<Rendering> {
  await permit(actor, 'pair.read', { objectId: pairId });
  const [read] = await readPairsById(projectOf(actor), [pairId]);
  if (!read) throw new Problem('not_found');
  const { prompt, a, b } = read.content;
  const entities = await entitiesOfUnits(projectOf(actor), [...new Set([prompt.id, a.id, b.id])]);
  const byUnit = Map.groupBy(entities, (entity) => entity.unitId);
  const namesOf = (unitId: string) =>
    new Map((byUnit.get(unitId) ?? []).map((entity) => [`[${entity.type}_${entity.n}]`, entity.entity]));
  const sides = toOneMap(read.content, namesOf);
  const isTurned = read.pair.label?.chosen === 'b';
  const content = isTurned ? { ...sides, chosen: sides.rejected, rejected: sides.chosen } : sides;
  const { source, strength } = read.pair.candidate;
  return render(toDpoRow(content, { ...META, source, strength }, { key: 'preview' }), family, date);
}

async function render(made: { row: Row } | Refused, family: Family, date: string): Promise<Rendering> {
  const { context, stopToken, bosToken } = FAMILIES[family];
  const empty = { family, date, branches: [], prefixBytes: null, context, placeholders: 0 };
  if (isRefused(made)) return { ...empty, refused: made.refused, row: null, findings: [] };
  const [template, loaded] = await Promise.all([trainingTemplate(family), familyTokenizer(family)]);
  const specialTokens = new Map(bosToken ? [['bos_token', bosToken]] : []);
  const line = stringify(made.row);
  const row = readJson(line) as Dict;
  const rendered = renderForTraining(row, template, { specialTokens, clock: parseClock(date) });
  const findings = checkRendered(row, rendered, template, { bosToken, stopToken, assistantOnlyLoss: true });
  if ('refused' in rendered) return { ...empty, refused: null, row: line, findings };
  const { branches, prompt } = rendered;
  const isPrefix = prompt !== null && branches.every(({ text }) => text.startsWith(prompt));
  const painted = branches.map((branch) => paint(branch, loaded?.tokenizer ?? null));
  const trained = painted.flatMap(({ pieces }) => pieces.filter((piece) => piece.isTrained).map(({ text }) => text));
  return {
    ...empty,
    refused: null,
    row: line,
    branches: painted,
    prefixBytes: isPrefix ? Buffer.byteLength(prompt) : null,
    findings,
    placeholders: (trained.join('').match(/\[[A-Z][A-Z0-9_]*_[0-9]+\]/g) ?? []).length,
  };
}
