import type { Metadata } from 'next';
import Link from 'next/link';
import { DraftForm } from '#components/releases/draft-form.tsx';
import { RecipientDialog } from '#components/releases/recipient-dialog.tsx';
import { Banner } from '#components/ui/banner.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showDraftOptions } from '#lib/usecases/releases/show-draft-options.ts';
import { register } from '../../settings/recipients/actions.ts';
import { draft } from '../actions.ts';

export const metadata: Metadata = { title: 'Draft a release' };

export default async function NewReleasePage() {
  const actor = await requireActor('release.draft');
  const options = await showDraftOptions(actor);
  const mayRegister = mayRole(actor.role, 'recipient.manage');
  const usable = options.recipients.filter(({ isExpired }) => !isExpired);
  const purposes = [...new Set(options.sources.flatMap((source) => source.purposes))].sort();
  return (
    <Page>
      <PageHeader
        above={<Link href="/releases">Releases</Link>}
        title="Draft a release"
        hint="What goes in, for what and for whom. Nothing leaves by drafting."
        acts={
          mayRegister && <RecipientDialog onRegister={register} isFirst={usable.length === 0} purposes={purposes} />
        }
      />
      {options.units === 0 ? (
        <EmptyState
          title="There are no units to release"
          act={mayRole(actor.role, 'import.read') && <ButtonLink href="/imports">Imports</ButtonLink>}
        >
          Logs become units when they are imported. Bring some in first.
        </EmptyState>
      ) : usable.length === 0 ? (
        <EmptyState title="No recipient is registered">
          A release is made for one recipient with an agreement in force.{' '}
          {mayRegister ? 'Register one above.' : 'A lead or admin registers one.'}
        </EmptyState>
      ) : (
        <>
          {options.sealedAudits === 0 && (
            <Banner tone="warn" title="No audit is sealed yet" act={<ButtonLink href="/audit">Audit</ButtonLink>}>
              A draft can be built, and stays blocked until a sealed audit bounds what may be left.
            </Banner>
          )}
          <DraftForm
            recipients={options.recipients}
            imports={options.imports}
            gold={options.gold}
            pairs={options.pairs}
            onDraft={draft}
          />
        </>
      )}
    </Page>
  );
}
