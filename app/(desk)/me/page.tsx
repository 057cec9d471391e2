import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import { TokenList } from '#components/settings/token-list.tsx';
import { readDisplay } from '#components/shell/display.ts';
import { DensitySwitch, ThemeSwitch } from '#components/shell/display-switch.tsx';
import { KeySettingsForm } from '#components/shell/key-settings-form.tsx';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showSources } from '#lib/usecases/imports/sources.ts';
import { showTokens } from '#lib/usecases/people/tokens.ts';
import { make, revoke } from './actions.ts';

export const metadata: Metadata = { title: 'Me and my keys' };

export default async function MePage() {
  const actor = await requireActor('me.read');
  const [tokens, sources, jar] = await Promise.all([
    showTokens(actor),
    mayRole(actor.role, 'telemetry.send') && actor.projectId ? showSources(actor) : [],
    cookies(),
  ]);
  const { theme, density } = readDisplay((name) => jar.get(name)?.value);
  return (
    <Page>
      <PageHeader title={actor.name} hint={`${actor.email} · ${actor.role ?? 'no role'}`} />
      <Section title="Display">
        <div className="flex flex-wrap gap-4">
          <ThemeSwitch initial={theme} />
          <DensitySwitch initial={density} />
        </div>
      </Section>
      <Section title="API tokens" hint="For scripts; at most 90 days each">
        <TokenList
          tokens={tokens.map(({ expiresAt, lastUsedAt, ...token }) => ({
            ...token,
            expiresAt: expiresAt.toISOString(),
            lastUsedAt: lastUsedAt?.toISOString() ?? null,
          }))}
          sources={sources.map(({ id, name }) => ({ id, name }))}
          onMake={make}
          onRevoke={revoke}
        />
      </Section>
      <Section title="Keys" hint="Kept in this browser">
        <KeySettingsForm />
      </Section>
    </Page>
  );
}
