/** The project's own classifiers: trained on what people tagged, measured before they are used, applied where no rule knew. */
import { z } from 'zod';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import {
  type Accuracy,
  FEWEST_LABELLED,
  guess,
  type Model,
  measureAccuracy,
  trainModel,
} from '#lib/core/tag/classifier.ts';
import { pool } from '#lib/store/db.ts';
import { recordInLedger } from '#lib/store/ledger.ts';
import { addModel, labelledUnits, latestModel, setTags, type TagChange, taggedUnits } from '#lib/store/tags.ts';
import { findUnits } from '#lib/store/units.ts';
import { permit, projectOf } from '../permit.ts';
import { readUnitQuery } from '../units/unit-query.ts';
import { wordsOfUnit } from './show-tags.ts';

/** Levels follow from counts and outcomes from evidence: nothing is to be guessed there. */
export const TRAINABLE = ['domain', 'task', 'lang'] as const;
export const Trainable = z.strictObject({ tag: z.enum(TRAINABLE) });

export const isTrainable = (tag: string): tag is (typeof TRAINABLE)[number] =>
  (TRAINABLE as readonly string[]).includes(tag);

const FOLD_SEED = 20_261_123;
const UNITS_A_READ = 200;

/** @throws Problem invalid with how many labels there are when they are too few, or all of one value */
export async function trainTags(
  actor: Actor,
  { tag }: z.infer<typeof Trainable>,
): Promise<{ version: number; accuracy: Accuracy }> {
  await permit(actor, 'unit.retag');
  const projectId = projectOf(actor);
  const labels = await labelledUnits(projectId, tag);
  if (labels.size < FEWEST_LABELLED || new Set(labels.values()).size < 2)
    throw new Problem('invalid', { fields: ['tag'], labelled: labels.size, needed: FEWEST_LABELLED });
  const ids = [...labels.keys()];
  const rows: { words: string[]; label: string }[] = [];
  for (let at = 0; at < ids.length; at += UNITS_A_READ)
    for (const unit of await findUnits(projectId, ids.slice(at, at + UNITS_A_READ)))
      rows.push({ words: wordsOfUnit(unit), label: labels.get(unit.id)! });
  const accuracy = measureAccuracy(rows, FOLD_SEED);
  const model = JSON.stringify(trainModel(rows));
  const version = await addModel(projectId, { tag, model, accuracy, createdBy: actor.personId! });
  await recordInLedger(actor, {
    action: 'unit.train',
    object: 'unit',
    objectId: `${tag}@${version}`,
    details: { tag, version, labelled: accuracy.labelled, right: accuracy.right.value },
  });
  return { version, accuracy };
}

/** Surer guesses than this are written; the others wait for a person. */
export const SURE_FROM = 0.7;
const MOST_APPLIED = 5_000;

/**
 * Gives units of which no rule could tell the tag what the newest model is sure of, under the origin
 * `model:<tag>@<version>`.
 * @throws Problem not_found without a model, conflict when it is no better than the most frequent value
 */
export async function applyModel(
  actor: Actor,
  { tag }: z.infer<typeof Trainable>,
): Promise<{ looked: number; set: number }> {
  await permit(actor, 'unit.retag');
  const projectId = projectOf(actor);
  const stored = await latestModel(projectId, tag);
  if (!stored) throw new Problem('not_found');
  const { right, majority } = stored.accuracy as Accuracy;
  if (right.low <= majority) throw new Problem('conflict');
  const model = JSON.parse(stored.model) as Model;
  const { rows } = await taggedUnits(projectId, readUnitQuery({}), tag, { unknown: true }, MOST_APPLIED);
  const ids = rows.filter(({ origin }) => origin !== 'person').map(({ unitId }) => unitId);
  const changes: TagChange[] = [];
  for (let at = 0; at < ids.length; at += UNITS_A_READ)
    for (const unit of await findUnits(projectId, ids.slice(at, at + UNITS_A_READ))) {
      const said = guess(model, wordsOfUnit(unit));
      if (said && said.confidence >= SURE_FROM) changes.push({ unitId: unit.id, name: tag, value: said.label });
    }
  const set = await setTags(pool(), projectId, changes, `model:${tag}@${stored.version}`);
  await recordInLedger(actor, {
    action: 'unit.retag',
    object: 'unit',
    objectId: `${tag}@${stored.version}`,
    details: { tag, version: stored.version, looked: ids.length, set },
  });
  return { looked: ids.length, set };
}
