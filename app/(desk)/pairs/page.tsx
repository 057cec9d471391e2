import type { Metadata } from 'next';
import { BalanceFigures } from '#components/pairs/balance-figures.tsx';
import { FindButton } from '#components/pairs/find-button.tsx';
import { QueueDialog } from '#components/pairs/queue-dialog.tsx';
import { sourceName } from '#components/pairs/source-names.ts';
import { DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count, percent } from '#components/ui/figures.ts';
import { Meter } from '#components/ui/meter.tsx';
import { Page } from '#components/ui/page.tsx';
import { Refresh } from '#components/ui/refresh.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showPairs } from '#lib/usecases/pairs/show-pairs.ts';
import { showQueues } from '#lib/usecases/queues/claim.ts';
import { find, makeQueue } from './actions.ts';

export const metadata: Metadata = { title: 'Pairs' };

export default async function PairsPage() {
  const actor = await requireActor('pair.read');
  const [view, queues] = await Promise.all([showPairs(actor), showQueues(actor, 'pair')]);
  const { counts, run } = view;
  const isRunning = run !== null && ['ready', 'running', 'blocked'].includes(run.state);
  const mayQueue = mayRole(actor.role, 'queue.manage');
  const sources = [...Map.groupBy(counts, (row) => row.source)].map(([source, rows]) => ({
    source,
    free: rows.reduce((sum, row) => sum + row.open - row.queued, 0),
    isWeak: rows.every((row) => row.strength === 'weak'),
  }));
  const free = sources.reduce((sum, row) => sum + row.free, 0);
  return (
    <Page>
      <PageHeader
        title="Pairs"
        hint="Two answers to the same bytes, one better than the other. Shown blind; a tie never becomes a row."
        acts={
          <>
            <ButtonLink href="/pairs/new">Sources and rules</ButtonLink>
            <FindButton isRunning={isRunning} isFirst={counts.length === 0} onFind={find} />
            {mayQueue && free > 0 && <QueueDialog sources={sources} onMake={makeQueue} />}
          </>
        }
      />
      <Refresh while={isRunning} />
      {isRunning && (
        <Meter
          label="units read"
          share={run.of > 0 ? run.done / run.of : 0}
          text={run.of > 0 ? `${count(run.done)} of ${count(run.of)}` : 'waiting for a worker'}
        />
      )}
      <Section title="Queues">
        {queues.length === 0 ? (
          <EmptyState title="No queue yet">
            {counts.length === 0
              ? 'Pairs come from edits, thumbs, ranks, retries, or failed and successful runs of one task. Find them in the logs first.'
              : mayQueue
                ? 'Make one from the candidates below.'
                : 'A lead makes one from the candidates below; it then waits here.'}
          </EmptyState>
        ) : (
          <ul className="flex flex-col">
            {queues.map((queue) => (
              <li
                key={queue.id}
                className="grid items-center gap-x-6 gap-y-2 border-line border-b py-3 md:grid-cols-[minmax(0,1fr)_16rem_auto]"
              >
                <div>
                  <p className="font-medium">{queue.name}</p>
                  <p className="text-ink-2">
                    {count(queue.units)} pairs{queue.mine > 0 && ` · ${count(queue.mine)} left for you`}
                  </p>
                </div>
                <Meter
                  label="decided"
                  share={queue.items > 0 ? queue.done / queue.items : 0}
                  text={`${count(queue.done)} of ${count(queue.items)}`}
                />
                {queue.mine > 0 ? (
                  <ButtonLink tone="primary" href={`/pairs/${queue.id}`}>
                    Choose
                  </ButtonLink>
                ) : (
                  <ButtonLink href={`/pairs/${queue.id}`}>Open</ButtonLink>
                )}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="Sources" hint="Weak candidates are never exported without a person’s choice">
        <DataTable
          label="Pairs by source"
          total={counts.length}
          columns={[
            { id: 'source', label: 'Source', width: 'rest', hideable: false },
            { id: 'strength', label: 'Strength', width: 'narrow' },
            { id: 'found', label: 'Found', align: 'end', width: 'narrow' },
            { id: 'open', label: 'Undecided', align: 'end', width: 'narrow' },
            { id: 'queued', label: 'In queues', align: 'end', width: 'narrow' },
            { id: 'labelled', label: 'Chosen', align: 'end', width: 'narrow' },
            { id: 'ties', label: 'Ties', align: 'end', width: 'narrow' },
            { id: 'bad', label: 'Both bad', align: 'end', width: 'narrow' },
          ]}
          rows={counts.map((row) => ({
            id: `${row.source} ${row.strength}`,
            label: sourceName(row.source),
            cells: {
              source: sourceName(row.source),
              strength: <Badge tone={row.strength === 'weak' ? 'warn' : 'neutral'}>{row.strength}</Badge>,
              found: count(row.found),
              open: count(row.open),
              queued: count(row.queued),
              labelled: count(row.labelled),
              ties: count(row.ties),
              bad: count(row.bothBad),
            },
          }))}
          empty={
            <EmptyState title={run ? 'No pair was found' : 'Nobody has looked yet'}>
              {run
                ? 'No two answers under one prompt carry a rating, rank, edit, outcome or regeneration that says which is better.'
                : 'Find pairs reads every unit once. Nothing is proposed without evidence in the logs.'}
            </EmptyState>
          }
        />
      </Section>
      {view.balance && (
        <Section
          title="Balance"
          hint={`What ${count(view.measured)} pairs that may become rows would teach beside what they should`}
        >
          <BalanceFigures all={view.balance} bySource={view.bySource} />
          <p className="text-ink-2">
            {view.consistency.n === 0
              ? 'One pair in twenty comes back to the same person with its sides swapped; none was chosen twice yet.'
              : `Position: of ${count(view.consistency.n)} pairs that came back with sides swapped the same answer was chosen in ${percent(view.consistency.value)} (${percent(view.consistency.low)} to ${percent(view.consistency.high)}).`}
          </p>
        </Section>
      )}
    </Page>
  );
}
