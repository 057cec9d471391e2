import type { Metadata } from 'next';
import { WorkState } from '#components/imports/import-state.tsx';
import { DataTable } from '#components/table/data-table.tsx';
import { Banner } from '#components/ui/banner.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count, duration } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { Refresh } from '#components/ui/refresh.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { Time } from '#components/ui/time.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { showRuns } from '#lib/usecases/jobs/show-runs.ts';

export const metadata: Metadata = { title: 'Jobs' };

export default async function JobsPage() {
  const actor = await requireActor('job.read');
  const { runs, health } = await showRuns(actor);
  const isOpen = runs.some(({ state }) => state === 'running' || state === 'ready' || state === 'blocked');
  return (
    <Page wide>
      <Refresh while={isOpen} />
      <PageHeader title="Jobs" hint={`${health.workers} worker${health.workers === 1 ? '' : 's'} at work`} />
      {health.workers === 0 && (
        <Banner
          tone="fail"
          title={
            health.secondsSinceBeat === null ? 'No worker has started' : `No worker for ${health.secondsSinceBeat} s`
          }
        >
          Nothing runs until one is back. The supervisor starts it again by itself; if it does not, look at the output
          of npm start.
        </Banner>
      )}
      <DataTable
        label="Jobs"
        total={runs.length}
        columns={[
          { id: 'job', label: 'Job', width: 'rest', hideable: false },
          { id: 'state', label: 'State', width: 'narrow' },
          { id: 'done', label: 'Done', align: 'end' },
          { id: 'rate', label: 'Items/s', align: 'end', width: 'narrow' },
          { id: 'left', label: 'Left', align: 'end', width: 'narrow' },
          { id: 'chunks', label: 'Chunks', align: 'end', width: 'narrow' },
          { id: 'error', label: 'Error' },
          { id: 'at', label: 'Started' },
        ]}
        rows={runs.map((run) => ({
          id: run.id,
          label: run.label,
          href: `/jobs/${run.id}`,
          cells: {
            job: run.label,
            state: <WorkState state={run.state} isPaused={run.isPaused} />,
            done: `${count(run.itemsDone)} of ${count(run.itemsTotal)}`,
            rate: run.perSecond === null ? '' : count(Math.round(run.perSecond)),
            left: run.secondsLeft === null ? '' : duration(run.secondsLeft),
            chunks: `${run.chunksDone}/${run.chunksTotal}`,
            error: run.errorCode ?? '',
            at: <Time at={run.createdAt} />,
          },
        }))}
        empty={
          <EmptyState title="Idle">
            No job has run yet. Imports, redaction, pairs and releases show here while they work.
          </EmptyState>
        }
      />
    </Page>
  );
}
