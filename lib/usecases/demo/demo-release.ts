/**
 * A whole signed release from logs on disk, without store, browser or server: the same readers, flow, files and signature
 * as a real one, so that what trainers make of it speaks for real ones. Public samples where they lie beside the
 * checkout, else the invented company's logs. Nobody audited or approved it, and its card says so.
 */

import { createHmac, type KeyObject } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PlannedFile, planRelease, sealRelease, toFileEntry } from '#lib/core/export/release-files.ts';
import type { ReleaseInfo } from '#lib/core/export/release-info.ts';
import type { RowEntry } from '#lib/core/export/serialise.ts';
import { parseSource } from '#lib/core/ingest/parse-source.ts';
import { scheduleMixtures } from '#lib/core/mix/schedule.ts';
import type { PairInput } from '#lib/core/pair/candidate.ts';
import { proposePairs } from '#lib/core/pair/propose.ts';
import { EMPTY_DICTIONARY } from '#lib/core/pii/dictionary.ts';
import { ScanGapError } from '#lib/core/pii/receipt.ts';
import type { RedactionConfig } from '#lib/core/pii/redact.ts';
import { DEFAULT_SHARES } from '#lib/core/split/assign.ts';
import { sha256 } from '#lib/core/trajectory/hash.ts';
import type { Trajectory } from '#lib/core/trajectory/trajectory.ts';
import { dryRunFiles } from '#lib/store/dry-run/python.ts';
import { pipelineFacts } from '#lib/store/pipeline.ts';
import { studentTargets } from '#lib/store/student-targets.ts';
import { type Curated, onImport } from '../imports/on-import.ts';
import type { PairToRelease, UnitToRelease } from '../releases/draft-rows.ts';
import { onRelease, type ReleaseContent } from '../releases/on-release.ts';
import { inventedAgentLogs } from './invented-agent-logs.ts';
import { listSeedLogs } from './seed-files.ts';

const SAMPLES = fileURLToPath(new URL('../../../../shared/samples', import.meta.url));
const NO_LOG = /^(?:LICENSES|SHA256SUMS|SOURCES\.md)$/;
/** Keys of a demo protect nobody: they are written here so that two builds are the same bytes. */
const KEY = Buffer.from('assay demo release, no secret');
/** One unit in so many is held out as gold. */
const GOLD_SHARE = 40;
/** Rows of one config, split and level: enough to prove, few enough that trainers are done in minutes. */
const MOST_ROWS = 30;
const MOST_SESSIONS = 200;
const BUILT_AT = '2026-11-02T00:00:00.000Z';

export type DemoLog = { name: string } & ({ file: string } | { bytes: Uint8Array });

/** Invented logs always; beside them public samples when they are there, else those of the invented company. */
export function listDemoLogs(samples = SAMPLES): DemoLog[] {
  return [...inventedAgentLogs(), ...(fs.existsSync(samples) ? listSamples(samples) : listSeedLogs())];
}

const listSamples = (samples: string): DemoLog[] =>
  fs
    .readdirSync(samples, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(samples, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !NO_LOG.test(name.split('/')[0]!))
    .sort()
    .map((name) => ({ name, file: path.join(samples, name) }));

const keyed = (type: string, value: string): string =>
  createHmac('sha256', KEY).update(`${type}\0${value}`).digest('hex').slice(0, 24);
const CONFIG: RedactionConfig = { dictionary: EMPTY_DICTIONARY, keyOf: keyed };

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function readLog(log: DemoLog): Promise<Trajectory[]> {
  const trajectories: Trajectory[] = [];
  const bytes = () =>
    'bytes' in log ? oneChunk(log.bytes) : fs.createReadStream(log.file, { highWaterMark: 1 << 18 });
  for await (const event of parseSource({ path: log.name, bytes })) {
    if (event.kind === 'trajectory') trajectories.push(event.trajectory);
    if ('file' in log && trajectories.length >= MOST_SESSIONS) break;
  }
  return trajectories;
}

type Read = { log: string; curated: Curated; branch?: Trajectory['branch'] };

/** Redacted units of all logs; a log or session that can't be read whole stays out, as it would in an import. */
async function readLogs(logs: readonly DemoLog[]): Promise<Read[]> {
  const seen = new Set<string>();
  const read: Read[] = [];
  for (const log of logs) {
    const trajectories = (await readLog(log)).filter(({ id }) => !seen.has(id));
    const parents = new Map(trajectories.map((one) => [one.id, one.parentTrajectoryId]));
    for (const trajectory of trajectories) {
      seen.add(trajectory.id);
      let rootId = trajectory.id;
      for (let up = parents.get(rootId); up !== undefined && up !== trajectory.id; up = parents.get(up)) rootId = up;
      try {
        const curated = onImport(trajectory, rootId, CONFIG);
        read.push({ log: log.name, curated, ...(trajectory.branch ? { branch: trajectory.branch } : {}) });
      } catch (error) {
        if (!(error instanceof ScanGapError)) throw error;
      }
    }
  }
  return read;
}

const textTag = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;

function contentOf(read: readonly Read[]): ReleaseContent {
  const units = new Map<string, UnitToRelease>();
  const names = new Map<string, Map<string, string>>();
  const inputs: PairInput[] = [];
  for (const { log, curated, branch } of read) {
    for (const { tagged, entities } of curated.units) {
      if (units.has(tagged.id)) continue;
      const { level, lang, domain } = tagged.tags;
      units.set(tagged.id, {
        unit: tagged,
        importId: log,
        level: textTag(level, 'L0'),
        lang: textTag(lang, 'und'),
        domain: textTag(domain, 'other'),
        rootId: tagged.rootId,
        trajectoryId: tagged.trajectoryId,
        personKey: null,
        taskKey: null,
        sessionKey: null,
        startedAt: null,
        tokens: 0,
        outcome: tagged.outcome.value,
        outcomeBasis: tagged.outcome.basis,
      });
      names.set(tagged.id, new Map(entities.map(({ placeholder, entity }) => [placeholder, entity])));
      inputs.push(branch ? { unit: tagged, branch } : { unit: tagged });
    }
  }
  // Weak pairs need a person's label; there is none here.
  const pairs: PairToRelease[] = proposePairs(inputs)
    .candidates.filter(({ strength }) => strength !== 'weak')
    .map((candidate) => ({ candidate, isTurned: false, margin: null, choice: null }));
  const paired = new Set(
    pairs.flatMap(({ candidate: { promptUnitId, chosen, rejected } }) => [
      promptUnitId,
      chosen.unitId,
      rejected.unitId,
    ]),
  );
  const isGold = (id: string) => !paired.has(id) && Number.parseInt(sha256(id).slice(0, 8), 16) % GOLD_SHARE === 0;
  const ordered = [...units.values()].sort((a, b) => (a.unit.id < b.unit.id ? -1 : 1));
  return {
    releaseId: 'demo',
    key: KEY,
    includes: ['sft', 'dpo', 'eval'],
    units: ordered,
    pairs: pairs.sort((a, b) => (a.candidate.id < b.candidate.id ? -1 : 1)),
    gold: new Set([...units.keys()].filter(isGold)),
    namesOf: (unitId) => names.get(unitId) ?? new Map(),
    stored: new Map(),
    generators: new Map(),
    keep: 'all',
    keepReasoning: true,
    picked: new Set(),
    scores: null,
  };
}

async function infoOf(
  content: ReleaseContent,
  rows: ReturnType<typeof onRelease>,
  spared: number,
): Promise<ReleaseInfo> {
  const count = (names: readonly string[]) => {
    const counts: Record<string, number> = {};
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  };
  const redacted = content.units.flatMap(({ unit }) =>
    [...content.namesOf(unit.id).keys()].map((placeholder) => placeholder.replace(/^\[|_\d+\]$/g, '')),
  );
  return {
    release: { id: 'demo', number: 1, name: 'Demo release', createdAt: BUILT_AT },
    pipeline: await pipelineFacts(),
    purpose: 'Proof that trainers read a release as it is written',
    recipient: 'Whoever runs the demo',
    consentBasis: 'public samples and invented logs',
    retention: { expiresAt: '2027-11-02T00:00:00.000Z' },
    register: [...new Set(content.units.map(({ importId }) => importId.split('/')[0]!))].sort(),
    split: { seed: sha256(KEY), shares: DEFAULT_SHARES, violations: 0 },
    redaction: { policy: 'v1', codeVersion: 'demo', measured: [], finalScan: { hits: 0 } },
    licence: 'other',
    languages: [...new Set(content.units.map(({ lang }) => lang))].filter((lang) => lang !== 'und').sort(),
    removed: {
      redacted: count(redacted),
      dropped: { ...count(rows.leftOut.map(({ rule }) => rule)), more_than_a_demo_needs: spared },
    },
    limits: ['A demo: no person audited these texts and nobody approved them. Do not train a product on it.'],
  };
}

export type DemoRelease = { files: PlannedFile[]; info: ReleaseInfo };

/** Ids are keyed hashes, so the first of them are a fair draw. */
function takeSome(entries: readonly RowEntry[], most: number): RowEntry[] {
  const taken = new Map<string, number>();
  return entries
    .toSorted((a, b) => (a.row.id < b.row.id ? -1 : 1))
    .filter(({ config, split, level }) => {
      const cell = `${config} ${split} ${level}`;
      taken.set(cell, (taken.get(cell) ?? 0) + 1);
      return taken.get(cell)! <= most;
    });
}

/** The planned files and facts of the demo release; the same logs give the same bytes. */
export async function planDemoRelease(
  logs = listDemoLogs(),
  mostRows = MOST_ROWS,
  targets = studentTargets(),
): Promise<DemoRelease & { rows: number }> {
  const content = contentOf(await readLogs(logs));
  const rows = onRelease(content);
  const entries = takeSome(rows.entries, mostRows);
  const info = await infoOf(content, rows, rows.entries.length - entries.length);
  const plan = planRelease({
    entries,
    evalRows: rows.evalRows,
    info,
    mixturesOf: scheduleMixtures,
    more: dryRunFiles(),
    targets,
    shims: true,
  });
  return { files: plan.files, info: plan.info, rows: plan.counts.rows };
}

/** Manifest, signature and sums for a demo: the only approval is that nobody approved. */
export function sealDemoRelease({ files, info }: DemoRelease, privateKey: KeyObject): PlannedFile[] {
  const seal = {
    approvals: [],
    waivers: [],
    ledger: { seq: 0, hash: '' },
    withdrawals: { version: 0, count: 0 },
  };
  return [...files, ...sealRelease(files.map(toFileEntry), info, seal, privateKey)];
}
