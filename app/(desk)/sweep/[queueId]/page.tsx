import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { SweepDesk } from '#components/audit/sweep-desk.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { showQueues } from '#lib/usecases/queues/claim.ts';

export const metadata: Metadata = { title: 'Sweep' };

export default async function SweepPage({ params }: { params: Promise<{ queueId: string }> }) {
  const actor = await requireActor('sweep.view');
  const { queueId } = await params;
  const queue = (await showQueues(actor, 'sweep')).find(({ id }) => id === queueId);
  if (!queue) notFound();
  return <SweepDesk queueId={queue.id} queueName={queue.name} personId={actor.personId ?? ''} />;
}
