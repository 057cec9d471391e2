import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { airlinePairs, airlineSplit, readAirline } from './airline.ts';

const file = path.resolve(import.meta.dirname, '../../../../shared/samples/tau-bench/gpt-4o-airline.json');

describe.skipIf(!existsSync(file))('the airline runs of tau-bench', () => {
  it('have no task on two sides, where a split by row would test what it trained on', async () => {
    const runs = await readAirline(readFileSync(file));
    expect(runs.length).toBe(60);
    for (const key of ['one', 'two', 'three']) {
      const { tasks, tasksAcross, leakedByRow } = airlineSplit(runs, key);
      expect(tasksAcross).toBe(0);
      expect(tasks).toBeGreaterThan(40);
      expect(leakedByRow).toBeGreaterThan(0.2);
    }
  });

  it('give no pair: each success that met a failure of its task is refused with its reason', async () => {
    const runs = await readAirline(readFileSync(file));
    const values = (task: string) =>
      runs.filter((run) => run.task === task).flatMap(({ units }) => units.map(({ outcome }) => outcome.value));
    const torn = [...new Set(runs.map(({ task }) => task))].filter(
      (task) => values(task).includes('success') && values(task).includes('failure'),
    );
    expect(torn.length).toBe(3);
    expect(airlinePairs(runs)).toEqual([{ what: 'no pair, success_vs_failure: histories_differ', count: 3 }]);
  });
});
