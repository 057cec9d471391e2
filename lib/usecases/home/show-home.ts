/** What waits for a person, by role, most pressing first; each line opens what it counts. */
import type { Role } from '#lib/core/policy/access.ts';
import { mayRole } from '#lib/core/policy/access.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { db } from '#lib/store/db.ts';
import { countWaiting } from '#lib/store/waiting.ts';
import { workerHealth } from '../jobs/show-runs.ts';
import { permit } from '../permit.ts';

export type Waiting = { href: string; title: string; detail: string; count: number; isUrgent?: boolean };
export type Home = {
  waiting: Waiting[];
  /** The first thing that has to happen on a store without data, for this role. */
  firstStep: { title: string; detail: string; href: string | null; act: string | null } | null;
  figures: { label: string; value: number; href: string | null }[];
};

const FIRST_STEPS: Record<Role, Home['firstStep']> = {
  operator: {
    title: 'No logs yet',
    detail: 'Register a source, then bring in a log file. Formats are told by content.',
    href: '/imports',
    act: 'Bring in a file',
  },
  lead: {
    title: 'No logs yet',
    detail: 'An operator registers a source and brings in logs. Then you draw a sample to audit.',
    href: '/imports',
    act: 'See imports',
  },
  curator: {
    title: 'No logs yet',
    detail: 'Once an operator has brought in logs, units and pairs wait here for you.',
    href: null,
    act: null,
  },
  reviewer: {
    title: 'No logs yet',
    detail: 'Once logs are in and a lead has drawn a sample, its units wait here for you.',
    href: null,
    act: null,
  },
  admin: {
    title: 'Invite your team',
    detail:
      'Someone must be operator to bring in logs, lead to draw samples and approve, reviewer and curator to do the work.',
    href: '/settings/people',
    act: 'People',
  },
  auditor: {
    title: 'Nothing has happened yet',
    detail: 'Who saw, decided, approved and downloaded stands in the ledger.',
    href: '/ledger',
    act: 'Ledger',
  },
};

export async function showHome(actor: Actor): Promise<Home> {
  await permit(actor, 'me.read');
  const role = actor.role;
  if (role === null || actor.projectId === null) return { waiting: [], firstStep: null, figures: [] };
  const projectId = actor.projectId;
  const [waiting, units, imports, quarantined, releases, openPlans, people, invites, health, blocked, ledger] =
    await Promise.all([
      countWaiting(projectId, actor.personId!),
      db().unit.count({ where: { projectId, withdrawnAt: null } }),
      db().import.count({ where: { projectId } }),
      db().quarantine.count({ where: { projectId } }),
      db().release.count({ where: { projectId } }),
      db().auditPlan.count({ where: { projectId, state: 'drawn' } }),
      db().person.count(),
      db().invite.count({ where: { usedAt: null, expiresAt: { gt: new Date() } } }),
      workerHealth(),
      db().release.count({ where: { projectId, state: 'blocked' } }),
      db().ledger.count({ where: role === 'lead' ? { projectId } : {} }),
    ]);
  const list: (Waiting | false)[] = [
    mayRole(role, 'audit.claim') && {
      href: '/audit',
      title: 'Audit',
      detail: 'units to read for what redaction missed',
      count: waiting.audit,
    },
    mayRole(role, 'release.approve') && {
      href: '/releases',
      title: 'Approvals',
      detail: 'releases that wait for you',
      count: waiting.approvals,
      isUrgent: true,
    },
    mayRole(role, 'release.approve') && {
      href: '/releases',
      title: 'Blocked releases',
      detail: 'with a failing gate',
      count: blocked,
      isUrgent: true,
    },
    mayRole(role, 'dictionary.accept') && {
      href: '/settings/dictionaries',
      title: 'Dictionary proposals',
      detail: 'terms and wrong masks to decide',
      count: waiting.proposals,
    },
    mayRole(role, 'quality.read') && {
      href: '/quality',
      title: 'Samples being read',
      detail: 'the bound moves as readers decide',
      count: openPlans,
    },
    mayRole(role, 'pair.claim') && {
      href: '/pairs',
      title: 'Pairs',
      detail: 'answers to choose between',
      count: waiting.pairs,
    },
    mayRole(role, 'gold.read') && {
      href: '/gold',
      title: 'Gold',
      detail: 'drafts and proposals open',
      count: waiting.goldDrafts,
    },
    mayRole(role, 'job.control') && {
      href: '/jobs',
      title: 'Failing jobs',
      detail: 'dead or blocked runs',
      count: waiting.failingRuns,
      isUrgent: true,
    },
    mayRole(role, 'quarantine.retry') && {
      href: '/quarantine',
      title: 'Quarantine',
      detail: 'records refused, with reason and place',
      count: quarantined,
    },
    mayRole(role, 'job.control') &&
      health.workers === 0 && {
        href: '/jobs',
        title: 'No worker',
        detail: 'nothing runs until one is back',
        count: 1,
        isUrgent: true,
      },
    mayRole(role, 'person.invite') && {
      href: '/settings/people',
      title: 'Open invitations',
      detail: 'links not used yet',
      count: invites,
    },
  ];
  const figures: (Home['figures'][number] | false)[] = [
    { label: 'units', value: units, href: mayRole(role, 'unit.search') ? '/units' : null },
    mayRole(role, 'import.read') && { label: 'imports', value: imports, href: '/imports' },
    mayRole(role, 'release.read') && { label: 'releases', value: releases, href: '/releases' },
    mayRole(role, 'person.read') && { label: 'people', value: people, href: '/settings/people' },
    mayRole(role, 'ledger.read') && { label: 'ledger entries', value: ledger, href: '/ledger' },
  ];
  const isEmpty = units === 0 && (role !== 'admin' || people <= 1) && (role !== 'auditor' || ledger === 0);
  return {
    waiting: list.filter((one): one is Waiting => one !== false && one.count > 0),
    firstStep: isEmpty ? FIRST_STEPS[role] : null,
    figures: figures.filter((one): one is Home['figures'][number] => one !== false),
  };
}
