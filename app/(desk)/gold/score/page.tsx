import type { Metadata } from 'next';
import Link from 'next/link';
import { DriftTable, ShareScores, SpanScores } from '#components/gold/score-figures.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { showDrift, showScore } from '#lib/usecases/gold/score-gold.ts';

export const metadata: Metadata = { title: 'Machine against gold' };

const TAG_NAMES: Record<string, string> = {
  level: 'Level',
  domain: 'Domain',
  lang: 'Language',
  task: 'Task',
  outcome: 'Outcome',
};

export default async function GoldScorePage() {
  const actor = await requireActor('gold.read');
  const [score, drift] = await Promise.all([showScore(actor), showDrift(actor)]);
  return (
    <Page>
      <PageHeader
        above={
          <Link href="/gold" className="hover:text-ink">
            Gold
          </Link>
        }
        title="Machine against gold"
        hint={`The automated extraction against ${count(score.units)} sealed units. Each figure has its n and its 95 % interval (Wilson).`}
      />
      {score.units === 0 ? (
        <EmptyState title="Nothing is sealed yet">
          One person proposes a unit as gold, another seals it; then the machine is measured by it here.
        </EmptyState>
      ) : (
        <>
          <Section title="Cut" hint="Start and end of each unit, exactly">
            <SpanScores label="Cut of units" rows={[score.bounds]} />
          </Section>
          <Section title="Roles and tags" hint="What the machine said of each event and unit">
            <ShareScores
              label="Roles and tags"
              rows={[score.roles, ...score.tags].map((row) => ({ ...row, name: TAG_NAMES[row.name] ?? row.name }))}
            />
          </Section>
          <Section
            title="Drift"
            hint={
              drift.changed === 0
                ? `The machine reads all ${count(drift.units)} units as it did when they were sealed`
                : `The machine reads ${count(drift.changed)} of ${count(drift.units)} units otherwise than when they were sealed`
            }
          >
            <DriftTable
              rows={drift.rows.map((row) => ({
                ...row,
                name: TAG_NAMES[row.name] ? `Tag: ${TAG_NAMES[row.name]}` : row.name,
              }))}
            />
          </Section>
          <Section title="Redaction" hint="Masks by kind; the same place, bounds and kind count as right">
            <SpanScores label="Masks by kind" rows={score.spans} />
          </Section>
        </>
      )}
    </Page>
  );
}
