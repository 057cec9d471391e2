import type { Metadata } from 'next';
import Link from 'next/link';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { showHome } from '#lib/usecases/home/show-home.ts';

export const metadata: Metadata = { title: 'Home' };

export default async function HomePage() {
  const actor = await requireActor('me.read');
  const { waiting, firstStep, figures } = await showHome(actor);
  const [next] = waiting;
  return (
    <Page>
      <PageHeader
        title={`Hello, ${actor.name}`}
        hint={`You are ${actor.role ?? 'without a role'} in ${actor.projectName || 'no project'}.`}
        acts={
          next && (
            <ButtonLink tone="primary" href={next.href}>
              Continue with {next.title.toLowerCase()}
            </ButtonLink>
          )
        }
      />
      {firstStep && (
        <EmptyState
          title={firstStep.title}
          act={
            firstStep.href && (
              <ButtonLink tone="primary" href={firstStep.href}>
                {firstStep.act}
              </ButtonLink>
            )
          }
        >
          {firstStep.detail}
        </EmptyState>
      )}
      <Section title="Waiting for you">
        {waiting.length === 0 ? (
          <p className="text-ink-2">Nothing just now.</p>
        ) : (
          <ul className="flex flex-col">
            {waiting.map((one) => (
              <li key={`${one.href}:${one.title}`} className="border-line border-b">
                <Link
                  href={one.href}
                  className="grid grid-cols-[4.5rem_minmax(0,1fr)] items-baseline gap-4 rounded-sm px-1 py-2.5 hover:bg-surface"
                >
                  <span
                    className={`text-right font-semibold text-figure tracking-tight ${one.isUrgent ? 'text-warn' : ''}`}
                  >
                    {count(one.count)}
                  </span>
                  <span>
                    <span className="font-medium">{one.title}</span> <span className="text-ink-2">{one.detail}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="In this project">
        <StatRow>
          {figures.map(({ label, value, href }) => (
            <Stat key={label} label={label} value={count(value)} href={href ?? undefined} />
          ))}
        </StatRow>
      </Section>
    </Page>
  );
}
