import type { Metadata } from 'next';
import Link from 'next/link';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader } from '#components/ui/section.tsx';
import { requireActor } from '#lib/http/require-actor.ts';
import { showStepUnits } from '#lib/usecases/steps/mark-steps.ts';

export const metadata: Metadata = { title: 'Steps' };
const TONES = { success: 'pass', failure: 'fail', partial: 'warn', unknown: 'neutral' } as const;

export default async function StepsPage() {
  const actor = await requireActor('unit.retag');
  const units = await showStepUnits(actor);
  return (
    <Page>
      <PageHeader
        title="Steps"
        hint="In each run: what was good, unnecessary, a mistake, a recovery. Mistakes and unnecessary steps stay as context and are not trained on, so failed runs stay usable."
      />
      {units.length === 0 ? (
        <EmptyState title="No unit with calls">
          Once logs of agents are in, their runs wait here, those with errors first.
        </EmptyState>
      ) : (
        <ul className="flex flex-col">
          {units.map((unit) => (
            <li key={unit.id} className="flex items-center gap-4 border-line border-b py-2">
              <Link
                href={`/steps/${encodeURIComponent(unit.id)}`}
                className="min-w-0 flex-1 truncate font-medium hover:text-accent hover:underline"
              >
                <span dir="auto" translate="no">
                  {unit.title}
                </span>
              </Link>
              <span className="text-ink-2">
                {unit.level} · {count(unit.steps)} steps{unit.errors > 0 && ` · ${count(unit.errors)} errors`}
                {unit.recovered && ', recovered'}
              </span>
              <Badge tone={TONES[unit.outcome as keyof typeof TONES] ?? 'neutral'} glyph>
                {unit.outcome}
              </Badge>
              <span className="w-24 text-end text-ink-3">
                {unit.marked > 0 ? `${count(unit.marked)} marked` : 'not marked'}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
