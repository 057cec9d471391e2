import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { PairDesk } from '#components/pairs/pair-desk.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { showQueues } from '#lib/usecases/queues/claim.ts';
import { edit } from '../actions.ts';

export const metadata: Metadata = { title: 'Pair desk' };

export default async function PairDeskPage({ params }: { params: Promise<{ queueId: string }> }) {
  const actor = await requireActor('pair.claim');
  const { queueId } = await params;
  const queue = (await showQueues(actor, 'pair')).find(({ id }) => id === queueId);
  if (!queue) notFound();
  return <PairDesk queueId={queue.id} queueName={queue.name} personId={actor.personId ?? ''} onEdit={edit} />;
}
