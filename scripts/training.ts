/**
 * The proof of training: the demo release, and the same one damaged, before the real trainers. Small on purpose: a few rows
 * of every config, level and kind of trouble.
 */
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PlannedFile } from '#lib/core/export/release-files.ts';
import { ensurePython, NotPossible, runDryRun, type Verdict } from '#lib/store/dry-run/python.ts';
import { listDemoLogs, planDemoRelease, sealDemoRelease } from '#lib/usecases/demo/demo-release.ts';
import type { Tally } from './tally.ts';

const ROWS_A_CELL = 8;

export function writeFolder(folder: string, files: readonly PlannedFile[]): void {
  for (const file of files) {
    const target = path.join(folder, ...file.path.split('/'));
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, Buffer.concat(file.chunks));
  }
}

/** A number that the loaders' reader changes, a key that only a later row has, and a row that the manifest still counts. */
function damage(folder: string): void {
  const shards = fs
    .readdirSync(path.join(folder, 'data'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'));
  const fileOf = (config: string) =>
    path.join(folder, 'data', shards.filter((name) => name.startsWith(config)).sort()[0]!);
  const edit = (file: string, change: (lines: string[]) => string[]) => {
    const lines = fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);
    fs.writeFileSync(
      file,
      change(lines)
        .map((line) => `${line}\n`)
        .join(''),
    );
  };
  const agent = path.join(folder, 'data', shards.filter((name) => /sft-agent.train-L4/.test(name))[0]!);
  edit(agent, (lines) => lines.map((line) => line.replace(/"kilograms":\d[\d.]*/, '"kilograms":0.3')));
  edit(fileOf('dpo-chat'), (lines) => lines.slice(0, -1));
}

const failed = (verdict: Verdict): string[] =>
  Object.values(verdict.targets).flatMap((kinds) =>
    Object.values(kinds).flatMap(({ asserts }) =>
      Object.entries(asserts).flatMap(([name, holds]) => (holds === false ? [name] : [])),
    ),
  );

/** @param say hears one line a check, and why there is none where no trainer can run */
export async function checkTraining(say: (line: string) => void): Promise<Tally & { possible: boolean }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assay-training-'));
  const tally = { passed: 0, failed: 0, possible: true };
  const check = (name: string, holds: boolean, why: string) => {
    if (holds) tally.passed++;
    else tally.failed++;
    say(holds ? ` ok  ${name}` : `FAIL ${name}: ${why}`);
  };
  try {
    const python = await ensurePython(say);
    const planned = await planDemoRelease(listDemoLogs(), ROWS_A_CELL);
    const whole = path.join(folder, 'whole');
    writeFolder(whole, sealDemoRelease(planned, generateKeyPairSync('ed25519').privateKey));
    const good = await runDryRun(python, whole, { out: path.join(folder, 'good.json') });
    const failures = Object.values(good.targets).flatMap((kinds) =>
      Object.values(kinds).flatMap((one) => one.failures),
    );
    check(
      `the trainers load a release of ${planned.rows} rows, train on it, and every assertion holds (${good.seconds} s)`,
      good.pass && failed(good).length === 0,
      JSON.stringify(failures.slice(0, 5)),
    );
    damage(whole);
    // Without its target a small tokenizer is made on the spot: what is asked here does not need the large one.
    fs.rmSync(path.join(whole, 'targets'), { recursive: true, force: true });
    const bad = await runDryRun(python, whole, { out: path.join(folder, 'bad.json') });
    const found = failed(bad);
    check(
      'a damaged release is found out: a number that changes on load, a row too few',
      !bad.pass && found.includes('deep_equal') && found.includes('rows'),
      `only ${[...new Set(found)].join(', ') || 'nothing'}`,
    );
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error;
    say(`dry run not possible here: ${error.message}`);
    tally.possible = false;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return tally;
}
