import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { AuditDesk } from '#components/audit/audit-desk.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showQueues } from '#lib/usecases/queues/claim.ts';

export const metadata: Metadata = { title: 'Audit desk' };

export default async function AuditDeskPage({ params }: { params: Promise<{ queueId: string }> }) {
  const actor = await requireActor('audit.claim');
  const { queueId } = await params;
  const queue = (await showQueues(actor, 'audit')).find(({ id }) => id === queueId);
  if (!queue) notFound();
  return (
    <AuditDesk
      queueId={queue.id}
      queueName={queue.name}
      personId={actor.personId ?? ''}
      mayReveal={mayRole(actor.role, 'reveal.span')}
    />
  );
}
