import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ParseEvent, type ParseInput, parseSource } from '#lib/core/ingest/parse-source.ts';
import type { ParseSummary } from '#lib/core/ingest/tally.ts';
import { compileDictionary } from '#lib/core/pii/dictionary.ts';
import type { RedactionConfig } from '#lib/core/pii/redact.ts';
import { PII_TYPES } from '#lib/core/pii/taxonomy.ts';
import type { Trajectory } from '#lib/core/trajectory/trajectory.ts';
import { onImport } from '../imports/on-import.ts';
import { listSeedLogs, readAnswerKey, SeedValue } from './seed-files.ts';

const config: RedactionConfig = { dictionary: compileDictionary([], 0), keyOf: (type, value) => `${type}\n${value}` };

/** Parsed once; the sample company is small. */
const logs = listSeedLogs();
const read = new Map<string, { summary: ParseSummary; trajectories: Trajectory[]; redacted: Map<number, string> }>();

beforeAll(async () => {
  for (const { name, file } of logs) {
    const input: ParseInput = { path: name, bytes: () => fs.createReadStream(file) as AsyncIterable<Uint8Array> };
    const events = parseSource(input);
    const trajectories: Trajectory[] = [];
    let step = await events.next();
    while (!step.done) {
      const event: ParseEvent = step.value;
      if (event.kind === 'trajectory') trajectories.push(event.trajectory);
      step = await events.next();
    }
    read.set(name, { summary: step.value, trajectories, redacted: redactedByRecord(trajectories) });
  }
});

/** What the curation store would hold of each record, joined. */
function redactedByRecord(trajectories: readonly Trajectory[]): Map<number, string> {
  const told = new Map<number, string>();
  for (const trajectory of trajectories) {
    const { units } = onImport(trajectory, trajectory.id, config);
    const text = units.map(({ tagged }) => JSON.stringify(tagged)).join('\n');
    for (const { raw } of trajectory.events)
      for (let no = raw.recordNo; no <= (raw.recordEnd ?? raw.recordNo); no++)
        told.set(no, `${told.get(no) ?? ''}\n${text}`);
  }
  return told;
}

describe('the sample company', () => {
  it('has at least 60 conversations in at least 4 formats, and all of its records are accounted for', () => {
    const all = [...read.values()];
    const conversations = all.flatMap(({ trajectories }) =>
      trajectories.filter((one) => one.branch?.selected !== false),
    );
    expect(conversations.length).toBeGreaterThanOrEqual(60);
    expect(new Set(all.map(({ summary }) => summary.adapter)).size).toBeGreaterThanOrEqual(4);
    for (const { summary } of all)
      expect(summary.records).toBe(summary.mapped + summary.duplicates + summary.quarantined.length);
  });

  it('has a line twice, a line that broke off, an error, a retry and a recovery', () => {
    const all = [...read.values()];
    expect(all.reduce((sum, { summary }) => sum + summary.duplicates, 0)).toBe(1);
    expect(all.flatMap(({ summary }) => summary.quarantined).map(({ reason }) => reason)).toEqual(['truncated']);
    const units = all.flatMap(({ trajectories }) => trajectories.flatMap((one) => onImport(one, one.id, config).units));
    const tags = units.map(({ tagged }) => tagged.tags);
    expect(tags.some(({ recovered }) => recovered)).toBe(true);
    expect(tags.some(({ errors, recovered }) => Number(errors) > 0 && !recovered)).toBe(true);
  });

  it('only uses telephone numbers kept for fiction and mail domains that nobody can own', () => {
    const fiction = /^(?:07700 900\d{3}|01632 960\d{3}|\+44 20 7946 0\d{3}|030 23125 \d{3})$/;
    for (const { value, type, expected } of readAnswerKey()) {
      if (type === 'PHONE' && expected === 'found') expect(fiction.test(value)).toBe(true);
      if (type === 'EMAIL') expect(/(?:@| at )example(?:\.| dot )(?:com|org|net)$/.test(value)).toBe(true);
    }
    const mails = logs.flatMap(({ file }) => fs.readFileSync(file, 'utf8').match(/[\w.]+@[\w.]+\w/g) ?? []);
    expect(mails.filter((mail) => !/@(?:example\.(?:com|org|net)|tallow\.example)$/.test(mail))).toEqual([]);
  });
});

describe('the answer key', () => {
  it('names each planted value with its record, and a type of the taxonomy', () => {
    const key = readAnswerKey();
    expect(key.length).toBeGreaterThanOrEqual(50);
    for (const [at, { file, record, value, type }] of key.entries()) {
      const held = read.get(file)!.trajectories.some((one) => holdsIn(one, record, value));
      expect(held, `entry ${at}`).toBe(true);
      expect(Object.keys(PII_TYPES)).toContain(type);
    }
    expect(key.every((entry) => SeedValue.safeParse(entry).success)).toBe(true);
  });

  it('says truly which of them today’s detector masks and which an auditor has to find: 10', () => {
    const key = readAnswerKey();
    const told = key.map(({ file, record, value }) =>
      (read.get(file)!.redacted.get(record) ?? '').includes(value) ? 'missed' : 'found',
    );
    expect(told).toEqual(key.map(({ expected }) => expected));
    expect(told.filter((one) => one === 'missed').length).toBe(10);
  });
});

function holdsIn(trajectory: Trajectory, record: number, value: string): boolean {
  return trajectory.events.some(
    ({ raw, ...event }) =>
      raw.recordNo <= record && record <= (raw.recordEnd ?? raw.recordNo) && JSON.stringify(event).includes(value),
  );
}
