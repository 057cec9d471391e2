import type { Metadata } from 'next';
import Link from 'next/link';
import { BarList } from '#components/charts/bar-list.tsx';
import { CoverageMap } from '#components/coverage/coverage-map.tsx';
import { TargetDialog } from '#components/coverage/target-dialog.tsx';
import { fillHref, unitsHref } from '#components/coverage/unit-links.ts';
import { Badge } from '#components/ui/badge.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count, percent } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { Time } from '#components/ui/time.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { type ShownAxis, showCoverage } from '#lib/usecases/coverage/show-coverage.ts';
import { set } from './actions.ts';

export const metadata: Metadata = { title: 'Coverage' };

const TITLES: Record<ShownAxis, { title: string; hint?: string }> = {
  kind: { title: 'Kind' },
  level: { title: 'Level of complexity' },
  tool: { title: 'Tools', hint: 'a unit stands under each tool it calls' },
  domain: { title: 'Domain' },
  language: { title: 'Language' },
  outcome: { title: 'Outcome', hint: 'with what it rests on; unknown stays unknown' },
};
const SHOWN = 12;

export default async function CoveragePage() {
  const actor = await requireActor('coverage.read');
  const view = await showCoverage(actor);
  const maySet = mayRole(actor.role, 'target.manage');
  const states = view.targets?.states ?? [];
  const mapped = states.filter(({ target }) =>
    Object.keys(target.at).every((axis) => axis === 'level' || axis === 'domain'),
  );
  const under = states.filter(({ state }) => state === 'under');
  return (
    <Page wide>
      <PageHeader
        title="Coverage"
        hint="What there is against what is wanted. Every number opens the units behind it."
        acts={
          view.rows > 0 && (
            <>
              <ButtonLink href="/coverage/mix">Maps, releases, trend</ButtonLink>
              <ButtonLink href="/coverage/clusters">Near-duplicates</ButtonLink>
              {maySet && (
                <TargetDialog
                  key={view.targets?.version ?? 0}
                  base={view.targets?.version ?? null}
                  name={view.targets?.name ?? ''}
                  current={states.map(({ target }) => target)}
                  present={view.present}
                  levels={view.map.levels}
                  domains={view.map.domains}
                  others={Object.fromEntries(
                    (['tool', 'outcome', 'language'] as const).map((axis) => [
                      axis,
                      view.mixes.find((mix) => mix.axis === axis)?.cells.map(({ value }) => value) ?? [],
                    ]),
                  )}
                  onSet={set}
                />
              )}
            </>
          )
        }
      />
      {view.rows === 0 ? (
        <EmptyState title="No unit yet">
          Coverage counts the units of all imports. An operator brings logs in; their mix then stands here.
        </EmptyState>
      ) : (
        <>
          <StatRow>
            <Stat label="Units" value={count(view.rows)} href="/units" />
            <Stat label="Tokens, about" value={count(view.tokens)} />
            <Stat
              label="Targets met"
              value={view.targets ? `${count(states.length - under.length)} of ${count(states.length)}` : 'none set'}
              hint={
                view.targets
                  ? `${view.targets.name}, version ${view.targets.version}, by ${view.targets.who}`
                  : undefined
              }
            />
          </StatRow>
          <Section title="Level by domain">
            {!view.targets && (
              <p className="text-ink-2">
                No targets yet{maySet ? ': set them, or copy the present mix and change it.' : '; a lead sets them.'}
              </p>
            )}
            <CoverageMap levels={view.map.levels} domains={view.map.domains} cells={view.map.cells} states={mapped} />
          </Section>
          {under.length > 0 && (
            <Section title="Under target" hint="Units that would fill it, by the same filter">
              <ul className="flex flex-col">
                {under.map((state) => {
                  const { at } = state.target;
                  const name = Object.values(at).join(', ');
                  return (
                    <li key={name} className="flex items-center gap-4 border-line border-b py-1.5">
                      <Badge tone="fail">−{count(state.missing)}</Badge>
                      <Link
                        href={unitsHref(state.target.at) ?? '/units'}
                        className="font-medium hover:text-accent hover:underline"
                      >
                        {name}
                      </Link>
                      <span className="text-ink-2">
                        {count(state.rows)} units, {percent(state.share)} of all; wanted{' '}
                        {state.target.rows === undefined ? percent(state.target.share) : count(state.target.rows)}
                      </span>
                      {fillHref(at) && (
                        <ButtonLink href={fillHref(at)!} size="small">
                          Find units for it
                        </ButtonLink>
                      )}
                    </li>
                  );
                })}
              </ul>
            </Section>
          )}
          <div className="grid gap-6 md:grid-cols-2 xl:grid-cols-3">
            {view.mixes.map(({ axis, cells }) => (
              <Section key={axis} title={TITLES[axis].title} hint={TITLES[axis].hint}>
                <BarList
                  label={TITLES[axis].title}
                  items={cells.slice(0, SHOWN).map((cell) => ({
                    id: cell.value,
                    label: cell.value,
                    value: cell.rows,
                    text: `${count(cell.rows)}, ${percent(cell.share)}`,
                    href: unitsHref({ [axis]: cell.value }) ?? undefined,
                  }))}
                />
                {cells.length > SHOWN && <p className="text-ink-3">and {count(cells.length - SHOWN)} more</p>}
              </Section>
            ))}
          </div>
          {view.versions.length > 1 && (
            <Section title="Versions of the targets">
              <ul className="flex flex-col">
                {view.versions.map(({ version, name, at }) => (
                  <li key={version} className="flex gap-4 border-line border-b py-1">
                    <span className="font-medium">version {version}</span>
                    <span>{name}</span>
                    <span className="ms-auto text-ink-3">
                      <Time at={at} />
                    </span>
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </>
      )}
    </Page>
  );
}
