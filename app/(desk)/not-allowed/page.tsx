import type { Metadata } from 'next';
import { PageHeader } from '#components/ui/section.tsx';
import { POLICY } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';

export const metadata: Metadata = { title: 'Not allowed' };

export default async function NotAllowedPage({ searchParams }: { searchParams: Promise<{ need?: string }> }) {
  const actor = await requireActor();
  const { need } = await searchParams;
  const rule = need && Object.hasOwn(POLICY, need) ? POLICY[need as keyof typeof POLICY] : null;
  return (
    <div className="mx-auto flex max-w-2xl flex-col gap-4 p-6">
      <PageHeader title="Not for your role" />
      <p className="text-ink-2">
        You are {actor.role ?? 'without a role'} in {actor.projectName || 'this installation'}.
        {rule ? ` This page is for ${rule.roles.join(', ')}.` : ''} An admin gives roles under People.
      </p>
    </div>
  );
}
