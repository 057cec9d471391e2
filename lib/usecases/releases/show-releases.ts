import type { ReleaseInfo } from '#lib/core/export/release-info.ts';
import type { RowCounts } from '#lib/core/export/row-counts.ts';
import { mayRole } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { ReleaseState } from '#lib/core/review/lifecycle.ts';
import { db } from '#lib/store/db.ts';
import { findProject } from '#lib/store/projects.ts';
import {
  approvalsOf,
  countGateRows,
  downloadsOf,
  type GateState,
  gateRowsOf,
  gatesOf,
  latestRun,
  listReleases,
  type ReleaseFilter,
  type ReleaseSummary,
} from '#lib/store/releases.ts';
import { permit, projectOf } from '../permit.ts';
import { countingApprovals, standingHash } from './approval-rules.ts';
import { ownRelease } from './draft-release.ts';

export type ReleaseLine = {
  id: string;
  number: number;
  name: string;
  purpose: string;
  recipient: string;
  state: ReleaseState;
  rows: number | null;
  units: number | null;
  createdAt: string;
  builtAt: string | null;
};

export async function showReleases(actor: Actor): Promise<ReleaseLine[]> {
  await permit(actor, 'release.read');
  const projectId = projectOf(actor);
  const [rows, recipients] = await Promise.all([
    listReleases(projectId),
    db().recipient.findMany({ where: { projectId }, select: { id: true, name: true } }),
  ]);
  const nameOf = new Map(recipients.map((row) => [row.id, row.name]));
  return rows.map((row) => {
    const summary = row.summary as ReleaseSummary | null;
    return {
      id: row.id,
      number: row.number,
      name: row.name,
      purpose: row.purpose,
      recipient: nameOf.get(row.recipientId) ?? '',
      state: row.state as ReleaseState,
      rows: summary ? rowsOf(summary) : null,
      units: summary?.units ?? null,
      createdAt: row.createdAt.toISOString(),
      builtAt: row.builtAt?.toISOString() ?? null,
    };
  });
}

const rowsOf = ({ files }: ReleaseSummary): number =>
  files
    .filter(({ path }) => path.startsWith('data/') || path === 'eval/gold.jsonl')
    .reduce((sum, file) => sum + (file.rows ?? 0), 0);

export type GateView = {
  gate: string;
  state: GateState;
  rule: string;
  value: string;
  limit: string;
  isWaivable: boolean;
  rows: number;
};
const GATE_ORDER = [
  'risk',
  'secrets',
  'coverage',
  'residue',
  'policy',
  'rows',
  'leakage',
  'pairs',
  'pair_length',
  'pair_looks',
  'pair_place',
  'synthetic',
  'dry_run',
];

export type ReleaseView = {
  id: string;
  number: number;
  name: string;
  purpose: string;
  recipient: string;
  state: ReleaseState;
  filter: ReleaseFilter;
  createdAt: string;
  createdBy: string;
  builtBy: string | null;
  builtAt: string | null;
  approvedAt: string | null;
  revokedAt: string | null;
  revokeReason: string | null;
  predecessor: { id: string; number: number } | null;
  run: { id: string; state: string; errorCode: string | null } | null;
  built: null | {
    /** What an approval is of. */
    standing: string;
    snapshotHash: string;
    counts: RowCounts;
    rows: number;
    evalRows: number;
    units: number;
    eligible: number;
    excluded: { rule: string; count: number }[];
    removed: { type: string; count: number }[];
    sentence: string | null;
    observedTools: number;
    limits: string[];
    files: { path: string; bytes: number; rows: number | null; sha256: string }[];
    waivers: { gate: string; reason: string }[];
    measured: ReleaseInfo['redaction']['measured'];
  };
  gates: GateView[];
  approvals: { name: string; at: string; counts: boolean }[];
  needed: number;
  /** Why this person can't approve now; null when they can. */
  whyNot: null | 'role' | 'builder' | 'done' | 'blocked' | 'not_built' | 'approved' | 'revoked';
  downloads: { id: string; name: string; file: string; at: string }[];
};

/** @throws Problem not_found */
export async function showRelease(actor: Actor, releaseId: string): Promise<ReleaseView> {
  await permit(actor, 'release.read');
  const row = await ownRelease(actor, releaseId);
  const [project, recipient, gates, gateRows, approvals, downloads, run, before, people] = await Promise.all([
    findProject(row.projectId),
    db().recipient.findUniqueOrThrow({ where: { id: row.recipientId } }),
    gatesOf(row.id),
    countGateRows(row.id),
    approvalsOf(row.id),
    downloadsOf(row.id),
    latestRun(row.id),
    row.predecessorId ? db().release.findUnique({ where: { id: row.predecessorId } }) : null,
    db().person.findMany({
      where: { id: { in: [row.createdBy, row.builtBy].filter((id) => id !== null) } },
      select: { id: true, name: true },
    }),
  ]);
  const summary = row.summary as ReleaseSummary | null;
  const standing = summary && row.snapshotHash ? standingHash(row.snapshotHash, summary) : null;
  const counting = new Set(standing ? countingApprovals(approvals, standing, row.builtBy) : []);
  const nameOf = new Map(people.map((person) => [person.id, person.name]));
  const rowCounts = new Map(gateRows.map((of) => [of.gate, of._count._all]));
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    purpose: row.purpose,
    recipient: recipient.name,
    state: row.state,
    filter: row.filter as ReleaseFilter,
    createdAt: row.createdAt.toISOString(),
    createdBy: nameOf.get(row.createdBy) ?? '',
    builtBy: row.builtBy ? (nameOf.get(row.builtBy) ?? '') : null,
    builtAt: row.builtAt?.toISOString() ?? null,
    approvedAt: row.approvedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokeReason: row.revokeReason,
    predecessor: before ? { id: before.id, number: before.number } : null,
    run: run ? { id: run.id, state: run.state, errorCode: run.errorCode } : null,
    built: summary && standing ? builtView(summary, row.snapshotHash!, standing) : null,
    gates: gates
      .map((gate) => ({
        gate: gate.gate,
        state: gate.state as GateState,
        rule: gate.rule,
        value: gate.value,
        limit: gate.limitText,
        isWaivable: gate.isWaivable,
        rows: rowCounts.get(gate.gate) ?? 0,
      }))
      .sort((a, b) => GATE_ORDER.indexOf(a.gate) - GATE_ORDER.indexOf(b.gate)),
    approvals: approvals.map((of) => ({ name: of.name, at: of.at.toISOString(), counts: counting.has(of) })),
    needed: project.approvals,
    whyNot: whyNot(
      actor,
      row,
      [...counting].some((of) => of.personId === actor.personId),
    ),
    downloads: downloads.map((of) => ({ id: of.id, name: of.name, file: of.file, at: of.usedAt.toISOString() })),
  };
}

function builtView(summary: ReleaseSummary, snapshotHash: string, standing: string): ReleaseView['built'] {
  const listed = (counts: Record<string, number>) => Object.entries(counts).sort((a, b) => b[1] - a[1]);
  return {
    standing,
    snapshotHash,
    counts: summary.counts,
    rows: rowsOf(summary),
    evalRows: summary.files.find(({ path }) => path === 'eval/gold.jsonl')?.rows ?? 0,
    units: summary.units,
    eligible: summary.eligible,
    excluded: listed(summary.excluded).map(([rule, count]) => ({ rule, count })),
    removed: listed(summary.info.removed.redacted).map(([type, count]) => ({ type, count })),
    sentence: summary.sentence,
    observedTools: summary.observedTools,
    limits: summary.info.limits,
    files: summary.files.map(({ path, bytes, rows, sha256 }) => ({ path, bytes, rows: rows ?? null, sha256 })),
    waivers: summary.waivers.map(({ gate, reason }) => ({ gate, reason })),
    measured: summary.info.redaction.measured,
  };
}

function whyNot(
  actor: Actor,
  row: { state: ReleaseState; builtBy: string | null },
  hasApproved: boolean,
): ReleaseView['whyNot'] {
  if (!mayRole(actor.role, 'release.approve')) return 'role';
  if (row.state === 'revoked') return 'revoked';
  if (row.state === 'approved' || row.state === 'suspended') return 'approved';
  if (row.state === 'blocked') return 'blocked';
  if (row.state !== 'ready') return 'not_built';
  if (row.builtBy === actor.personId) return 'builder';
  return hasApproved ? 'done' : null;
}

export type GateSheet = {
  release: { id: string; name: string; number: number };
  gate: GateView;
  rows: { refKind: string; refId: string; code: string; detail: string }[];
};

/** @throws Problem not_found */
export async function showGate(actor: Actor, releaseId: string, gate: string): Promise<GateSheet> {
  const release = await showRelease(actor, releaseId);
  const found = release.gates.find((one) => one.gate === gate);
  if (!found) throw new Problem('not_found');
  const rows = await gateRowsOf(release.id, gate);
  return {
    release: { id: release.id, name: release.name, number: release.number },
    gate: found,
    rows: rows.map(({ refKind, refId, code, detail }) => ({ refKind, refId, code, detail })),
  };
}
