import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { AdjudicateDesk } from '#components/adjudicate/adjudicate-desk.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { showQueues } from '#lib/usecases/queues/claim.ts';

export const metadata: Metadata = { title: 'Adjudicate' };

export default async function AdjudicatePage({ params }: { params: Promise<{ queueId: string }> }) {
  const actor = await requireActor('adjudicate.claim');
  const { queueId } = await params;
  const queue = (await showQueues(actor, 'adjudicate')).find(({ id }) => id === queueId);
  if (!queue) notFound();
  return <AdjudicateDesk queueId={queue.id} queueName={queue.name} personId={actor.personId ?? ''} />;
}
