/**
 * The gates of a release. Each one reads the finished files or asks the store anew, never what the build believed of
 * itself; a failing gate names its rule, its value beside its limit, and the units or pairs that it opens.
 */
import { checkBuilt } from '#lib/core/export/check-release.ts';
import type { PlannedFile } from '#lib/core/export/release-files.ts';
import type { EvalRow, Row } from '#lib/core/export/row.ts';
import {
  breakingUnits,
  type Gate,
  type GateRow,
  type Policy,
  type UnitFacts,
  uncoveredUnits,
} from '#lib/store/releases.ts';
import type { Risk } from '../audit/residual-risk.ts';
import { type DryRun, type DryRunPolicy, dryRunGate } from './dry-run-gate.ts';
import { gate, percent, type ReadRow, type Ref } from './gate.ts';
import { type Choice, toLabelledPair } from './labelled-pair.ts';
import { leakageGate } from './leakage-gate.ts';
import type { LastLook, LeftStanding } from './look-once-more.ts';
import type { MadeRow } from './on-release.ts';
import { pairGates, syntheticGate } from './pair-gates.ts';

const SECRET_LIMIT = 0.005;
/** A vocabulary that anybody can fetch: it holds common names, none of them ours. */
const IS_PUBLIC = /^targets\/[^/]+\/tokenizer(?:_config)?\.json$/;

export type ToCheck = {
  projectId: string;
  policy: Policy;
  /** What is wrong with the recipient itself, if anything. */
  recipientFault: string | null;
  files: readonly PlannedFile[];
  made: ReadonlyMap<string, MadeRow>;
  facts: ReadonlyMap<string, UnitFacts>;
  risk: Risk | null;
  look: LastLook;
  /** What people chose, by pair id. */
  choices: ReadonlyMap<string, Choice>;
  /** Approved generators by `<name>@<version>`, with the share of pairs that may be theirs. */
  generators: ReadonlyMap<string, number>;
  dryRun: DryRun;
  dryRunPolicy: DryRunPolicy;
};

export async function checkGates(of: ToCheck): Promise<Gate[]> {
  const rows = readRows(of.files);
  const ref = (id: string, code: string, detail: string): GateRow => {
    const made = of.made.get(id);
    if (!made) return { refKind: 'row', refId: id, code, detail };
    // A pair is opened at the unit that holds its prompt.
    const where = made.refKind === 'pair' ? `pair ${made.memberId} ${detail}`.trim() : detail;
    return { refKind: 'unit', refId: made.unitIds[0]!, code, detail: where };
  };
  const unitIds = [...new Set(rows.flatMap(({ id }) => of.made.get(id)?.unitIds ?? []))].sort();
  const units = unitIds.map((unitId) => ({ unitId, unitHash: of.facts.get(unitId)?.unitHash ?? '' }));
  const left = lookAtAll(of, rows);
  const pairs = rows.flatMap(({ id, file, row }) =>
    'chosen' in row
      ? [toLabelledPair(row, file.split('/')[1] ?? '', of.choices.get(of.made.get(id)?.memberId ?? ''))]
      : [],
  );
  const uncovered = of.risk ? await uncoveredUnits(of.risk.queueId, units) : [];
  return [
    riskGate(of, units.length, uncovered),
    secretGate(of, units.length, uncovered.length === 0, left, ref),
    coverageGate(of, unitIds),
    residueGate(left, ref),
    await policyGate(of, rows, units, ref),
    await rowGate(of, rows.length),
    leakageGate(rows, ref),
    ...pairGates(pairs, ref),
    syntheticGate({ rows, made: of.made, generators: of.generators }, ref),
    dryRunGate(of.dryRun, of.dryRunPolicy),
  ];
}

function readRows(files: readonly PlannedFile[]): ReadRow[] {
  return files
    .filter(({ path }) => path.startsWith('data/') || path === 'eval/gold.jsonl')
    .flatMap((file) =>
      Buffer.concat(file.chunks)
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const row = JSON.parse(line) as Row | EvalRow;
          const meta = JSON.parse(row.meta_json) as ReadRow['meta'];
          const group = 'group' in row ? { group: row.group } : {};
          return {
            id: row.id,
            file: file.path,
            split: file.split ?? meta.split ?? 'test',
            line,
            row,
            meta: { ...meta, ...group },
          };
        }),
    );
}

type Uncovered = Awaited<ReturnType<typeof uncoveredUnits>>;

function riskGate(of: ToCheck, units: number, missing: Uncovered): Gate {
  const { risk } = of;
  const limit = risk?.gate ?? 0.005;
  const about = {
    gate: 'risk',
    rule: 'A sealed audit of these very texts bounds direct identifiers, with 95 % confidence',
    limit: `≤ ${percent(limit)}`,
  };
  if (!risk) return gate({ ...about, state: 'fail', value: 'no sealed audit' });
  const rows = missing.map(
    ({ unitId, why }): GateRow => ({
      refKind: 'unit',
      refId: unitId,
      code: why,
      detail: why === 'not_in_audit' ? 'not among the units of the audit' : 'its text changed after the audit drew it',
    }),
  );
  if (missing.length > 0)
    return gate({
      ...about,
      state: 'fail',
      value: `${units - missing.length} of ${units} units were in the audit as they are`,
      rows,
    });
  const bound = boundOf(risk, 'direct', units);
  if (!bound)
    return gate({ ...about, state: 'fail', value: `no bound: ${risk.residual.refused?.join('; ') ?? 'not computed'}` });
  return gate({
    ...about,
    state: bound.upper <= limit ? 'pass' : 'fail',
    value: `≤ ${percent(bound.upper)} (n = ${bound.n}, k = ${bound.k})`,
    evidence: { upper: bound.upper, n: bound.n, k: bound.k, frameUnits: risk.frameUnits, releaseUnits: units },
    rows: [{ refKind: 'plan', refId: risk.queueId, code: 'audit', detail: risk.name }],
  });
}

/**
 * The audit bounds how many units of its frame may be leaky. All of them may lie in a release that takes only a part of
 * the frame, so the share grows as the part shrinks.
 */
export function boundOf(
  risk: Risk,
  kind: 'direct' | 'secret',
  releaseUnits: number,
): { upper: number; n: number; k: number } | null {
  const bound = risk.residual.bounds.find((row) => row.class === kind && row.stratum === null);
  if (!bound) return null;
  const upper = releaseUnits === 0 ? 1 : Math.min(1, (bound.upper * risk.frameUnits) / releaseUnits);
  return { upper, n: bound.n, k: bound.k };
}

type Standing = LeftStanding & { id: string };

/** Every byte of every file, once. */
function lookAtAll(of: ToCheck, rows: readonly ReadRow[]): Standing[] {
  const inRows = rows.flatMap(({ id, line }) =>
    of.look.inRow(line, of.made.get(id)?.unitIds ?? []).map((left) => ({ ...left, id })),
  );
  const rowFiles = new Set(rows.map(({ file }) => file));
  const inFiles = of.files
    .filter(({ path }) => !rowFiles.has(path) && !IS_PUBLIC.test(path))
    .flatMap(({ path, chunks }) =>
      of.look.inFile(Buffer.concat(chunks).toString('utf8')).map((left) => ({ ...left, id: path })),
    );
  return [...inRows, ...inFiles];
}

/** An audit that does not hold these very texts says nothing of their secrets either. */
function secretGate(of: ToCheck, releaseUnits: number, isCovered: boolean, left: readonly Standing[], ref: Ref): Gate {
  const found = left.filter(({ code }) => code === 'secret');
  const bound = of.risk && isCovered ? boundOf(of.risk, 'secret', releaseUnits) : null;
  return gate({
    gate: 'secrets',
    state: found.length === 0 && bound !== null && bound.upper <= SECRET_LIMIT ? 'pass' : 'fail',
    rule: 'No secret stands in the final bytes, and the audit bounds those that no machine knows',
    value: `${found.length} found, ${bound ? `≤ ${percent(bound.upper)}` : 'not audited'}`,
    limit: `0 found, ≤ ${percent(SECRET_LIMIT)}`,
    evidence: { found: found.length, upper: bound?.upper ?? null },
    rows: found.map(({ id, rule, path }) => ref(id, rule, path.slice(0, 200))),
  });
}

function coverageGate(of: ToCheck, unitIds: readonly string[]): Gate {
  const facts = unitIds.flatMap((id) => of.facts.get(id) ?? []);
  const present = facts.reduce((sum, row) => sum + row.bytesPresent, 0);
  const scanned = facts.reduce((sum, row) => sum + row.bytesScanned, 0);
  const final = of.files.reduce((sum, file) => sum + file.chunks.reduce((bytes, chunk) => bytes + chunk.length, 0), 0);
  const short = facts.filter((row) => row.bytesScanned !== row.bytesPresent);
  const isWhole = short.length === 0 && facts.length === unitIds.length;
  return gate({
    gate: 'coverage',
    state: isWhole ? 'pass' : 'fail',
    rule: 'Detectors read every byte of every unit, and every byte that leaves',
    value: `${scanned} of ${present} bytes of units, ${final} of ${final} that leave`,
    limit: 'all',
    evidence: { present, scanned, final },
    rows: short.map((row) => ({
      refKind: 'unit',
      refId: row.unitId,
      code: 'incomplete_scan',
      detail: `${row.bytesScanned} of ${row.bytesPresent} bytes`,
    })),
  });
}

function residueGate(left: readonly Standing[], ref: Ref): Gate {
  const found = left.filter(({ code }) => code !== 'secret');
  const known = found.filter(({ code }) => code === 'known_value').length;
  return gate({
    gate: 'residue',
    state: found.length === 0 ? 'pass' : 'fail',
    rule: 'No value of the vault stands in any file, and no detector finds one in a row',
    value: `${known} known, ${found.length - known} detected`,
    limit: '0',
    evidence: { known, detected: found.length - known },
    rows: found.map(({ id, rule, path }) => ref(id, rule, path.slice(0, 200))),
  });
}

async function policyGate(
  of: ToCheck,
  rows: readonly ReadRow[],
  units: readonly { unitId: string; unitHash: string }[],
  ref: Ref,
): Promise<Gate> {
  const strangers = rows.filter(({ id }) => !of.made.has(id));
  const breaking = await breakingUnits(of.projectId, of.policy, units);
  const count = breaking.length + strangers.length + (of.recipientFault === null ? 0 : 1);
  return gate({
    gate: 'policy',
    state: count === 0 ? 'pass' : 'fail',
    rule: 'Purpose, consent, retention and recipient allow every row, asked anew of the finished files',
    value: of.recipientFault ?? `${count} of ${rows.length} rows`,
    limit: '0',
    rows: [
      ...strangers.map(({ id }) => ref(id, 'unknown_row', 'no unit of the release gave this row')),
      ...breaking.map(({ unitId, why }): GateRow => ({ refKind: 'unit', refId: unitId, code: why, detail: '' })),
    ],
  });
}

async function rowGate(of: ToCheck, rows: number): Promise<Gate> {
  const findings = (await checkBuilt(of.files)).filter(({ severity }) => severity === 'error');
  const state = findings.length === 0 && rows > 0 ? 'pass' : 'fail';
  return gate({
    gate: 'rows',
    state,
    rule: 'Every row and file passes the validator',
    value: rows === 0 ? 'no rows' : `${findings.length} findings in ${rows} rows`,
    limit: '0 findings',
    rows: findings.map(({ code, file, row, message }) => ({
      refKind: 'file',
      refId: row === null ? file : `${file}:${row}`,
      code,
      detail: message.slice(0, 300),
    })),
  });
}
