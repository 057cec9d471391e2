import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { airlineSplit, readAirline } from './airline.ts';

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
});
