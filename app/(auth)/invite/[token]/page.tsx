import type { Metadata } from 'next';
import { Door } from '#components/people/door.tsx';
import { JoinForm } from '#components/people/join-form.tsx';
import { showInvite } from '#lib/usecases/people/invite.ts';

export const metadata: Metadata = { title: 'Invitation' };

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const invite = await showInvite(token);
  if (!invite)
    return (
      <Door
        title="This invitation has ended"
        lead="It was used, or it is older than 72 hours. Ask your admin for a new one."
      >
        {null}
      </Door>
    );
  return (
    <Door title="Join" lead={`You were invited as ${invite.role}.`}>
      <JoinForm endpoint="/api/v1/invites/accept" token={token} email={invite.email} />
    </Door>
  );
}
