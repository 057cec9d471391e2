import type { Metadata } from 'next';
import { RecipientDialog } from '#components/releases/recipient-dialog.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showRecipients } from '#lib/usecases/settings/recipients.ts';
import { register } from './actions.ts';

export const metadata: Metadata = { title: 'Recipients' };

export default async function RecipientsPage() {
  const actor = await requireActor('recipient.read');
  const recipients = await showRecipients(actor);
  const mayRegister = mayRole(actor.role, 'recipient.manage');
  return (
    <Page>
      <PageHeader
        title="Recipients"
        hint="Who a release may be made for. Each has an agreement that ends; after that nothing more goes out to them."
        acts={mayRegister && <RecipientDialog onRegister={register} isFirst purposes={[]} />}
      />
      {recipients.length === 0 ? (
        <EmptyState title="No recipient yet">
          A release is drafted for one recipient.{' '}
          {mayRegister ? 'Register one to draft a release.' : 'A lead or an admin registers them.'}
        </EmptyState>
      ) : (
        <ul className="flex flex-col">
          {recipients.map((one) => (
            <li
              key={one.id}
              className="grid items-center gap-x-6 gap-y-1 border-line border-b py-2.5 md:grid-cols-[14rem_1fr_auto]"
            >
              <span className="font-medium">{one.name}</span>
              <span className="text-ink-2">
                {one.region} · for {one.purposes.join(', ')}
              </span>
              <span className="flex items-center gap-3 text-ink-2">
                agreed {one.agreementDate}
                {one.isExpired ? (
                  <Badge tone="fail">ended {one.agreementExpires}</Badge>
                ) : (
                  <Badge tone="pass">until {one.agreementExpires}</Badge>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
