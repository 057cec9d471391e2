import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { RunPanel } from '#components/imports/run-panel.tsx';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { Page } from '#components/ui/page.tsx';
import { Refresh } from '#components/ui/refresh.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Time } from '#components/ui/time.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { orNotFound } from '#lib/http/or-not-found.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showRun } from '#lib/usecases/jobs/show-runs.ts';
import { control } from '../../imports/actions.ts';

export const metadata: Metadata = { title: 'Job' };

export default async function JobPage({ params }: { params: Promise<{ runId: string }> }) {
  const actor = await requireActor('job.read');
  const run = await orNotFound(showRun(actor, (await params).runId));
  if (!run) notFound();
  return (
    <Page>
      <Refresh while={run.state === 'running' || run.state === 'ready' || run.state === 'blocked'} />
      <PageHeader above={<Link href="/jobs">Jobs</Link>} title={run.label} />
      <RunPanel run={run} onControl={mayRole(actor.role, 'job.control') ? control : undefined} />
      <Section title="Chunks" hint="Each is done by one worker at a time; a fence keeps a late one from writing">
        <ul className="flex flex-col">
          {run.chunks.map((chunk) => (
            <li
              key={chunk.no}
              className="grid grid-cols-[3rem_8rem_6rem_minmax(0,1fr)] gap-4 border-line border-b py-1"
            >
              <span className="text-ink-3">{chunk.no}</span>
              <span>{chunk.stage}</span>
              <span>{chunk.state}</span>
              <span className="text-ink-2">
                {chunk.done} of {Math.max(chunk.total, chunk.done)}
                {chunk.errorCode && ` · ${chunk.errorCode}, attempt ${chunk.attempts}`}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <DescriptionList
        facts={[
          { term: 'Queued', value: <Time at={run.createdAt} /> },
          ...(run.startedAt ? [{ term: 'Started', value: <Time at={run.startedAt} /> }] : []),
          ...(run.finishedAt ? [{ term: 'Finished', value: <Time at={run.finishedAt} /> }] : []),
        ]}
      />
    </Page>
  );
}
