import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { ClusterMembers } from '#components/clusters/cluster-members.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { KEEP_RULES } from '#lib/core/dedup/keep.ts';
import { mayRole } from '#lib/core/policy/access.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { asKeepRule, asSide, showCluster } from '#lib/usecases/clusters/show-clusters.ts';
import { pick } from '../actions.ts';

export const metadata: Metadata = { title: 'Cluster' };

const RULE_NAMES = { all: 'all', longest: 'longest', best_rated: 'best rated', newest: 'newest' } as const;

export default async function ClusterPage({
  params,
  searchParams,
}: {
  params: Promise<{ clusterId: string }>;
  searchParams: Promise<{ side?: string; keep?: string }>;
}) {
  const actor = await requireActor('unit.read');
  const [{ clusterId }, asked] = await Promise.all([params, searchParams]);
  const side = asSide(asked.side);
  const view = await showCluster(actor, side, decodeURIComponent(clusterId), asKeepRule(asked.keep)).catch((error) => {
    if (error instanceof Problem && error.code === 'not_found') notFound();
    throw error;
  });
  const here = `/coverage/clusters/${encodeURIComponent(view.cluster)}?side=${side}`;
  return (
    <Page wide>
      <PageHeader
        above={<Link href={`/coverage/clusters?side=${side}`}>Near-duplicates</Link>}
        title={`${view.members.length} units that ${side === 'prompt' ? 'ask' : 'say'} nearly the same`}
        hint="Side by side with the one that stays first; what differs from it is marked."
      />
      <nav aria-label="Keep rule" className="flex flex-wrap items-center gap-4">
        <span className="text-ink-2">Stays by rule:</span>
        {KEEP_RULES.map((rule) => (
          <Link
            key={rule}
            href={`${here}&keep=${rule}`}
            aria-current={rule === view.rule ? 'true' : undefined}
            className={rule === view.rule ? 'font-semibold text-accent' : 'hover:text-accent hover:underline'}
          >
            {RULE_NAMES[rule]}
          </Link>
        ))}
        <span className="text-ink-3 text-label">a release names its rule; a choice by hand wins over it</span>
      </nav>
      <ClusterMembers
        side={side}
        members={view.members}
        kept={view.kept}
        texts={view.texts}
        mayPick={mayRole(actor.role, 'unit.retag')}
        onPick={pick}
      />
    </Page>
  );
}
