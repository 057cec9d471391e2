import type { Metadata } from 'next';
import Link from 'next/link';
import { DataTable } from '#components/table/data-table.tsx';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { Time } from '#components/ui/time.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showGold } from '#lib/usecases/gold/show-gold.ts';

export const metadata: Metadata = { title: 'Gold' };

const TONES: Record<string, Tone> = { draft: 'open', proposed: 'accent', sealed: 'pass' };

export default async function GoldPage() {
  const actor = await requireActor('gold.read');
  const { rows, candidates } = await showGold(actor);
  const maySeal = mayRole(actor.role, 'gold.accept');
  const sealed = rows.filter(({ state }) => state === 'sealed').length;
  const forMe = maySeal ? rows.filter(({ state, isOwn }) => state === 'proposed' && !isOwn) : [];
  return (
    <Page>
      <PageHeader
        title="Gold"
        hint="Units on which two people agree: they measure people and machine on one scale."
        acts={<ButtonLink href="/gold/score">Machine against gold</ButtonLink>}
      />
      <StatRow>
        <Stat label="Sealed" value={count(sealed)} />
        <Stat label="Proposed" value={count(rows.filter(({ state }) => state === 'proposed').length)} />
        <Stat label="Drafts" value={count(rows.filter(({ state }) => state === 'draft').length)} />
        {maySeal && <Stat label="Wait for you" value={count(forMe.length)} />}
      </StatRow>
      {rows.length > 0 && (
        <Section title="Units">
          <DataTable
            label="Gold units"
            total={rows.length}
            empty={<EmptyState title="No gold unit yet">Start from a varied unit below.</EmptyState>}
            columns={[
              { id: 'title', label: 'Unit', width: 'rest', hideable: false },
              { id: 'state', label: 'State', width: 'narrow' },
              { id: 'version', label: 'Version', align: 'end', width: 'narrow' },
              { id: 'kind', label: 'Kind', width: 'narrow' },
              { id: 'level', label: 'Level', width: 'narrow' },
              { id: 'who', label: 'By' },
              { id: 'at', label: 'Changed' },
            ]}
            rows={rows.slice(0, 200).map((row) => ({
              id: row.unitId,
              label: row.title,
              href: `/gold/${row.unitId}`,
              cells: {
                title: row.title,
                state: (
                  <span className="flex gap-1">
                    <Badge tone={TONES[row.state]}>{row.state}</Badge>
                    {row.isStale && <Badge tone="warn">text changed</Badge>}
                  </span>
                ),
                version: row.version,
                kind: row.kind === 'qa' ? 'Q&A' : row.kind,
                level: row.level,
                who: row.isOwn ? 'you' : row.who,
                at: <Time at={row.updatedAt} />,
              },
            }))}
          />
        </Section>
      )}
      <Section title="Start from varied units" hint="One of each kind, level and domain that is not gold yet">
        {candidates.length === 0 ? (
          <EmptyState title={rows.length === 0 ? 'No unit yet' : 'Every kind, level and domain has its gold'}>
            {rows.length === 0
              ? 'Gold is made from imported units. An operator brings logs in; varied units then stand here.'
              : 'Any other unit can be opened from its own page.'}
          </EmptyState>
        ) : (
          <ul className="flex flex-col">
            {candidates.map((unit) => (
              <li key={unit.id} className="flex items-center gap-4 border-line border-b py-1.5">
                <Link
                  href={`/gold/${unit.id}`}
                  className="min-w-0 flex-1 truncate font-medium hover:text-accent hover:underline"
                >
                  {unit.title}
                </Link>
                <span className="text-ink-2">
                  {unit.kind === 'qa' ? 'Q&A' : unit.kind} · {unit.level} · {unit.domain} · {count(unit.events)} events
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </Page>
  );
}
