/**
 * The airline runs of tau-bench (docs/measurements.md) as units, for the bench and for tests: several trials of each
 * task, so that a split by row tests what it trained on. Redaction is left out: the customers are invented.
 */
import { parseSource } from '#lib/core/ingest/parse-source.ts';
import { proposePairs } from '#lib/core/pair/propose.ts';
import { cutIntoUnits } from '#lib/core/segment/segment.ts';
import { seededRandom } from '#lib/core/stats/random.ts';
import { tagUnit } from '#lib/core/tag/tag-unit.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { taskOf } from '../imports/read-import.ts';
import { onRelease } from '../releases/on-release.ts';

export type AirlineRun = { trajectoryId: string; task: string; units: Redacted<Unit>[] };

/** @param bytes the results file as published */
export async function readAirline(bytes: Uint8Array): Promise<AirlineRun[]> {
  const events = parseSource({
    path: 'airline',
    bytes: async function* () {
      yield bytes;
    },
  });
  const runs: AirlineRun[] = [];
  for await (const event of events) {
    if (event.kind !== 'trajectory') continue;
    const { trajectory } = event;
    const { units } = cutIntoUnits(trajectory, { rootId: trajectory.id });
    runs.push({
      trajectoryId: trajectory.id,
      task: taskOf(trajectory) ?? '',
      units: units.map(tagUnit) as Redacted<Unit>[],
    });
  }
  return runs;
}

export type AirlineSplit = {
  tasks: number;
  rows: number;
  /** Tasks with rows on more than one side. */
  tasksAcross: number;
  /** Had rows been drawn one by one: share of test rows whose task is in train too. */
  leakedByRow: number;
};

export function airlineSplit(runs: readonly AirlineRun[], key = 'airline'): AirlineSplit {
  const taskOfUnit = new Map(runs.flatMap(({ task, units }) => units.map(({ id }) => [id, task])));
  const released = onRelease({
    releaseId: 'r',
    key: Buffer.from(key),
    includes: ['sft'],
    units: runs.flatMap(({ trajectoryId, task, units }) =>
      units.map((unit) => ({
        unit,
        importId: 'i',
        level: String(unit.tags.level),
        lang: 'en',
        domain: 'travel',
        trajectoryId,
        rootId: trajectoryId,
        personKey: null,
        taskKey: task,
        sessionKey: null,
        startedAt: null,
        tokens: 0,
        outcome: unit.outcome.value,
        outcomeBasis: unit.outcome.basis,
      })),
    ),
    pairs: [],
    gold: new Set(),
    namesOf: () => new Map(),
    stored: new Map(),
    generators: new Map(),
    keep: 'all',
    picked: new Set(),
    scores: null,
  });
  const sides = new Map<string, Set<string>>();
  const tasks: string[] = [];
  for (const { row, split } of released.entries) {
    const task = taskOfUnit.get(released.made.get(row.id)!.memberId)!;
    tasks.push(task);
    sides.set(task, (sides.get(task) ?? new Set()).add(split));
  }
  return {
    tasks: sides.size,
    rows: tasks.length,
    tasksAcross: [...sides.values()].filter((of) => of.size > 1).length,
    leakedByRow: leakOfRowSplit(tasks),
  };
}

const DRAWS = 200;

/** Mean over draws of one row in ten for the test: how many of those have a row of the same task in train. */
function leakOfRowSplit(tasks: readonly string[]): number {
  const chance = seededRandom(5);
  let leaked = 0;
  let tested = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const isTest = tasks.map(() => chance() < 0.1);
    const trained = new Set(tasks.filter((_, at) => !isTest[at]));
    for (const [at, task] of tasks.entries()) {
      if (!isTest[at]) continue;
      tested++;
      if (trained.has(task)) leaked++;
    }
  }
  return leaked / tested;
}

/** What the pair miner makes of the runs, and of each comparison that gave nothing the reason. */
export function airlinePairs(runs: readonly AirlineRun[]): { what: string; count: number }[] {
  const { found, refused } = proposePairs(runs.flatMap(({ task, units }) => units.map((unit) => ({ unit, task }))));
  return [
    ...Object.entries(found).map(([source, count]) => ({ what: `pairs from ${source}`, count })),
    ...refused.map(({ source, why, count }) => ({ what: `no pair, ${source}: ${why}`, count })),
  ];
}
