/**
 * The worker's part: freezes what may leave, runs `onRelease`, takes out what a last look finds, writes the files and
 * asks the gates. Everything is computed from the store and the release's own row, so a killed build is done again to
 * the same bytes; folder first, then one transaction.
 */

import { planRelease, type ReleasePlan, toFileEntry } from '#lib/core/export/release-files.ts';
import type { ReleaseInfo } from '#lib/core/export/release-info.ts';
import { serialiseRow } from '#lib/core/export/serialise.ts';
import { scheduleMixtures } from '#lib/core/mix/schedule.ts';
import { generatorName } from '#lib/core/pair/candidate.ts';
import { DEFAULT_SHARES } from '#lib/core/split/assign.ts';
import { contentHash, sha256 } from '#lib/core/trajectory/hash.ts';
import { db } from '#lib/store/db.ts';
import { dryRunFiles, readyPython } from '#lib/store/dry-run/python.ts';
import { approvedGenerators } from '#lib/store/generators.ts';
import { recordInLedger } from '#lib/store/ledger.ts';
import { pickedUnits } from '#lib/store/near-duplicates.ts';
import { type PairRow, usablePairs } from '#lib/store/pairs.ts';
import { pipelineFacts } from '#lib/store/pipeline.ts';
import { findProject } from '#lib/store/projects.ts';
import { keepOnly, writeSnapshot } from '#lib/store/release-folder.ts';
import {
  bestSealedPlan,
  candidateUnits,
  entitiesOfUnits,
  findRelease,
  type Gate,
  type ReleaseFilter,
  type ReleaseRow,
  type ReleaseSummary,
  saveBuild,
  sealedGold,
  storedSplits,
  type UnitFacts,
} from '#lib/store/releases.ts';
import { latestScores } from '#lib/store/row-scores.ts';
import { addChunks, type Chunk, finishChunk, withFence } from '#lib/store/runs.ts';
import { systemActor } from '#lib/store/session.ts';
import { stepMarksOf } from '#lib/store/steps.ts';
import { studentTargets } from '#lib/store/student-targets.ts';
import { findUnits } from '#lib/store/units.ts';
import { projectKeys } from '#lib/store/vault.ts';
import { type Risk, showPlanRiskForBuild } from '../audit/residual-risk.ts';
import { boundOf, checkGates } from './check-gates.ts';
import type { LeftOut, PairToRelease, UnitToRelease } from './draft-rows.ts';
import type { DryRunPolicy } from './dry-run-gate.ts';
import type { Choice } from './labelled-pair.ts';
import { type LastLook, openLastLook } from './look-once-more.ts';
import { onRelease, type ReleaseContent, type ReleaseRows } from './on-release.ts';

/** Units at a time, so that a large frame is never held as one answer of the database. */
const UNITS_A_READ = 500;
const MOST_PAIRS = 1_000_000;

export async function buildRelease(chunk: Chunk): Promise<void> {
  const release = await findRelease(chunk.projectId, chunk.refId);
  if (release?.state !== 'building') {
    await withFence(chunk, (client) => finishChunk(client, chunk));
    return;
  }
  const recipient = await db().recipient.findUniqueOrThrow({ where: { id: release.recipientId } });
  const policy = { purpose: release.purpose, recipient: recipient.name };
  const filter = release.filter as ReleaseFilter;
  const { units, excluded } = await candidateUnits(release.projectId, filter, policy);
  const facts = new Map(units.map((row) => [row.unitId, row]));
  const frameHash = sha256(units.map((unit) => `${unit.unitId}\n${unit.unitHash}\n`).join(''));

  const { content, choices } = await contentOf(release, filter, units);
  const look = await openLastLook(release.projectId, [...facts.keys()]);
  const rows = onRelease(content);
  const clean = takeOutStanding(rows, look);
  const released = [...new Set([...clean.made.values()].flatMap(({ unitIds }) => unitIds))].sort();
  const releasedUnits = released.map((unitId) => ({ unitId, unitHash: facts.get(unitId)!.unitHash }));
  const risk = await riskFor(release.projectId, releasedUnits);
  const info = await infoOf({
    release,
    recipient,
    units: released.map((id) => facts.get(id)!),
    risk,
    rows: clean,
    excluded,
    key: content.key,
  });
  const plan = planRelease({
    entries: clean.entries,
    evalRows: clean.evalRows,
    info,
    mixturesOf: scheduleMixtures,
    more: dryRunFiles(),
    targets: studentTargets(),
    shims: true,
  });
  const canTrain = readyPython() !== null;
  const made = new Map([...clean.made].filter(([id]) => !plan.leftOut.includes(id)));

  const files = plan.files.map(toFileEntry);
  const gates = await checkGates({
    projectId: release.projectId,
    policy,
    recipientFault: recipientFault(recipient, release.purpose),
    files: plan.files,
    made,
    facts,
    risk,
    look,
    choices,
    generators: content.generators,
    dryRun: { kind: canTrain ? 'waits' : 'no_python' },
    dryRunPolicy: (await findProject(release.projectId)).dryRun as DryRunPolicy,
  });
  const snapshotHash = contentHash({
    frameHash,
    files: files.map(({ path, sha256: sum }) => [path, sum]),
    gates: gates.map(stand),
  });
  await writeSnapshot(release.id, snapshotHash, plan.files);

  const judged = gates.some((gate) => gate.state === 'fail') ? 'blocked' : 'ready';
  const state = canTrain ? 'building' : judged;
  const summary: ReleaseSummary = {
    info: plan.info,
    counts: plan.counts,
    files,
    excluded: plan.info.removed.dropped,
    units: released.length,
    eligible: units.length,
    sentence: risk?.sentence ?? null,
    observedTools: rows.observedTools,
    waivers: [],
  };
  await withFence(chunk, async (client) => {
    await saveBuild(client, release, {
      frame: {
        name: `release ${release.number}`,
        hash: frameHash,
        units: units.map(({ unitId, unitHash, kind }) => ({ unitId, unitHash, stratum: kind })),
      },
      snapshotHash,
      summary,
      rows: builtRows(plan, clean, made, facts),
      placed: rows.placed,
      gates,
      state,
    });
    if (canTrain) await addChunks(client, chunk, [{ stage: 'dry_run' }]);
    await finishChunk(client, chunk);
  });
  await keepOnly(release.id, snapshotHash);
  await recordInLedger(systemActor('worker', release.projectId), {
    action: 'release.built',
    object: 'release',
    objectId: release.id,
    details: { state, snapshotHash, rows: plan.counts.rows, units: released.length, failing: failing(gates) },
  });
}

const stand = ({ gate, state, value }: Gate): string[] => [gate, state, value];
const failing = (gates: readonly Gate[]): string[] =>
  gates.filter(({ state }) => state === 'fail').map(({ gate }) => gate);

function recipientFault(recipient: { purposes: string[]; agreementExpires: Date }, purpose: string): string | null {
  if (recipient.agreementExpires.getTime() < Date.now()) return 'the agreement with the recipient is over';
  return recipient.purposes.includes(purpose) ? null : 'the recipient has no agreement for this purpose';
}

/** Whole units with their text as it was frozen a moment ago. @throws snapshot_moved when one changed meanwhile: tried again */
async function contentOf(
  release: ReleaseRow,
  filter: ReleaseFilter,
  facts: readonly UnitFacts[],
): Promise<{ content: ReleaseContent; choices: Map<string, Choice> }> {
  const { projectId } = release;
  const [project, stored, gold, pairs, generators, picked, scored, entities] = await Promise.all([
    findProject(projectId),
    storedSplits(projectId),
    sealedGold(projectId),
    filter.includes.includes('dpo') ? usablePairs(projectId, MOST_PAIRS) : [],
    approvedGenerators(projectId),
    pickedUnits(projectId),
    latestScores(projectId),
    entitiesOfUnits(
      projectId,
      facts.map(({ unitId }) => unitId),
    ),
  ]);
  const { split: key } = await projectKeys(project.slug);
  const units: UnitToRelease[] = [];
  for (let at = 0; at < facts.length; at += UNITS_A_READ) {
    const part = facts.slice(at, at + UNITS_A_READ);
    const read = new Map(
      (
        await findUnits(
          projectId,
          part.map((row) => row.unitId),
        )
      ).map((unit) => [unit.id, unit]),
    );
    const marked = await stepMarksOf(
      projectId,
      part.map((row) => row.unitId),
    );
    for (const row of part) {
      const unit = read.get(row.unitId);
      if (!unit || contentHash(unit) !== row.unitHash)
        throw Object.assign(new Error('moved'), { code: 'snapshot_moved' });
      const marks = marked.get(row.unitId);
      units.push({ ...row, unit, ...(marks ? { marks } : {}) });
    }
  }
  const hashes = new Map(facts.map((row) => [row.unitId, row.unitHash]));
  const byUnit = Map.groupBy(entities, (row) => row.unitId);
  const labelled = pairs.map(readPair).sort((a, b) => (a.candidate.id < b.candidate.id ? -1 : 1));
  return {
    content: {
      releaseId: release.id,
      key,
      includes: filter.includes,
      units,
      pairs: labelled,
      gold: new Set(gold.filter((row) => hashes.get(row.unitId) === row.unitHash).map((row) => row.unitId)),
      namesOf: (unitId) => new Map((byUnit.get(unitId) ?? []).map((row) => [`[${row.type}_${row.n}]`, row.entity])),
      stored,
      generators: new Map(generators.map((row) => [generatorName(row), row.capShare])),
      keep: filter.keep ?? 'all',
      picked,
      scores: scored && { releaseId: scored.releaseId, byRow: new Map(scored.scores.map((row) => [row.rowId, row])) },
      ...(filter.evalFrom === undefined ? {} : { evalFrom: filter.evalFrom }),
    },
    choices: new Map(labelled.flatMap(({ candidate, choice }) => (choice === null ? [] : [[candidate.id, choice]]))),
  };
}

function readPair({ candidate, label, labelledBy }: PairRow): PairToRelease {
  if (!label?.chosen) return { candidate, isTurned: false, margin: null, choice: null };
  return {
    candidate,
    isTurned: label.chosen === 'b',
    margin: label.margin,
    choice: { wasLeft: label.chosen === label.left, annotator: labelledBy ?? '' },
  };
}

/** Rows in which a last look finds something stay at home; the gates then read the bytes that are left. */
function takeOutStanding(rows: ReleaseRows, look: LastLook): ReleaseRows {
  const leftOut: LeftOut[] = [];
  const stays = (row: Parameters<typeof serialiseRow>[0]): boolean => {
    const made = rows.made.get(row.id)!;
    const [first] = look.inRow(serialiseRow(row), made.unitIds);
    if (first) leftOut.push({ refKind: made.refKind, refId: made.memberId, rule: `last_look_${first.code}` });
    return first === undefined;
  };
  const entries = rows.entries.filter(({ row }) => stays(row));
  const evalRows = rows.evalRows.filter(stays);
  const kept = new Set([...entries.map(({ row }) => row.id), ...evalRows.map(({ id }) => id)]);
  return {
    ...rows,
    entries,
    evalRows,
    made: new Map([...rows.made].filter(([id]) => kept.has(id))),
    leftOut: [...rows.leftOut, ...leftOut],
  };
}

async function riskFor(
  projectId: string,
  units: readonly { unitId: string; unitHash: string }[],
): Promise<Risk | null> {
  const plan = await bestSealedPlan(projectId, units);
  return plan ? showPlanRiskForBuild(projectId, plan.queueId) : null;
}

function countBy<T>(items: readonly T[], name: (item: T) => string, count: (item: T) => number = () => 1) {
  const counts: Record<string, number> = {};
  for (const item of items) counts[name(item)] = (counts[name(item)] ?? 0) + count(item);
  return counts;
}

async function infoOf(of: {
  release: ReleaseRow;
  recipient: { name: string; agreementExpires: Date };
  units: readonly UnitFacts[];
  risk: Risk | null;
  rows: ReleaseRows;
  excluded: Record<string, number>;
  /** Its hash commits to the secret that placed the groups. */
  key: Uint8Array;
}): Promise<ReleaseInfo> {
  const { release, recipient, units, risk, rows } = of;
  const [sources, pipeline, entities] = await Promise.all([
    db().source.findMany({
      where: { id: { in: [...new Set(units.map((unit) => unit.sourceId))] } },
      orderBy: { name: 'asc' },
    }),
    pipelineFacts(),
    entitiesOfUnits(
      release.projectId,
      units.map((unit) => unit.unitId),
    ),
  ]);
  const expiresAt = Math.min(recipient.agreementExpires.getTime(), ...units.map((unit) => unit.expiresAt.getTime()));
  const measured = (['direct', 'secret'] as const).map((kind) => ({
    class: kind,
    upper95: risk ? (boundOf(risk, kind, units.length)?.upper ?? null) : null,
  }));
  const basis = sources.map((source) => `${source.legalBasis}${source.consentRef ? ` (${source.consentRef})` : ''}`);
  return {
    release: {
      id: release.id,
      number: release.number,
      name: release.name,
      createdAt: release.createdAt.toISOString(),
      ...(release.predecessorId ? { predecessor: release.predecessorId } : {}),
    },
    pipeline,
    purpose: release.purpose,
    recipient: recipient.name,
    consentBasis: [...new Set(basis)].sort().join('; ') || 'none',
    retention: { expiresAt: new Date(expiresAt).toISOString() },
    register: sources.map((source) => source.name),
    split: { seed: sha256(of.key), shares: DEFAULT_SHARES, violations: 0 },
    redaction: {
      policy: 'v1',
      codeVersion:
        [...new Set(units.map((unit) => sha256(unit.detectorBundle).slice(0, 12)))].sort().join(' ') || 'none',
      measured,
      finalScan: { hits: 0 },
    },
    licence: 'other',
    languages: [...new Set(units.map((unit) => unit.lang))].filter((lang) => lang !== 'und').sort(),
    removed: {
      redacted: countBy(
        entities,
        ({ type }) => type,
        ({ count }) => count,
      ),
      dropped: { ...of.excluded, ...countBy(rows.leftOut, ({ rule }) => rule) },
    },
    limits: [
      ...(rows.observedTools > 0
        ? [
            `The logs of ${rows.observedTools} units do not say which tools were offered; their tool lists were read off the calls that were seen ("tools_from": "observed").`,
          ]
        : []),
      ...(risk ? [] : ['No sealed audit covers these texts.']),
    ],
  };
}

function builtRows(
  plan: ReleasePlan,
  rows: ReleaseRows,
  made: ReleaseRows['made'],
  facts: ReadonlyMap<string, UnitFacts>,
) {
  const gone = new Set(plan.leftOut);
  const place = [
    ...rows.entries.map(({ row, config, split, level }) => ({
      id: row.id,
      config: config as string,
      split: split as string,
      level,
    })),
    ...rows.evalRows.map(({ id, level }) => ({ id, config: 'eval', split: 'eval', level })),
  ];
  return place
    .filter(({ id }) => !gone.has(id))
    .flatMap(({ id, config, split, level }) => {
      const { unitIds, group, cluster } = made.get(id)!;
      // A pair is made of up to three units: a line for each, so that a change of any of them is seen.
      return unitIds.map((unitId, n) => ({
        rowId: n === 0 ? id : `${id}:${n}`,
        unitId,
        unitHash: facts.get(unitId)!.unitHash,
        config,
        split,
        level,
        groupId: group,
        clusterId: cluster,
      }));
    });
}
