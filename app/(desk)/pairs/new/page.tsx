import type { Metadata } from 'next';
import Link from 'next/link';
import { BalanceFigures } from '#components/pairs/balance-figures.tsx';
import { GeneratorPanel } from '#components/pairs/generator-panel.tsx';
import { sourceName } from '#components/pairs/source-names.ts';
import { DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { GENERATOR_RULES, type GeneratorRule, MOST_SYNTHETIC } from '#lib/core/pair/generators.ts';
import { REFUSAL_TEXTS } from '#lib/core/pair/refusals.ts';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showGenerators } from '#lib/usecases/pairs/generators.ts';
import { showPairs, showRefusals } from '#lib/usecases/pairs/show-pairs.ts';
import { decideOn, propose } from './actions.ts';

export const metadata: Metadata = { title: 'Pair factory' };

const rules = (Object.keys(GENERATOR_RULES) as GeneratorRule[]).map((rule) => ({
  rule,
  says: GENERATOR_RULES[rule].says,
}));

export default async function PairFactoryPage() {
  const actor = await requireActor('pair.read');
  const [view, refusals, generators] = await Promise.all([
    showPairs(actor),
    showRefusals(actor),
    showGenerators(actor),
  ]);
  return (
    <Page>
      <PageHeader
        above={<Link href="/pairs">Pairs</Link>}
        title="Pair factory"
        hint="Where pairs come from, why others were not made, what is made by rule, and what all of them would teach."
      />
      <Section title="Found" hint="A pair needs evidence in the logs and byte-equal context; nothing is glued">
        <ul className="flex flex-wrap gap-x-6 gap-y-1">
          {view.counts.map(({ source, strength, found }) => (
            <li key={`${source} ${strength}`}>
              {sourceName(source)}, {strength}: <span className="font-medium">{count(found)}</span>
            </li>
          ))}
          {view.counts.length === 0 && <li className="text-ink-2">Nothing yet. Find pairs on the page before this.</li>}
        </ul>
      </Section>
      <Section
        title="Looked at, and no pair"
        hint="Of the last search, most frequent first; a unit opens what was seen"
      >
        <DataTable
          label="Reasons why no pair was made"
          total={refusals.length}
          columns={[
            { id: 'why', label: 'Why', width: 'rest', hideable: false },
            { id: 'source', label: 'Source', width: 'normal' },
            { id: 'count', label: 'Times', align: 'end', width: 'narrow' },
            { id: 'examples', label: 'For example', width: 'normal' },
          ]}
          rows={refusals.map(({ source, why, count: times, examples }) => ({
            id: `${source} ${why}`,
            label: REFUSAL_TEXTS[why],
            cells: {
              why: REFUSAL_TEXTS[why],
              source: source === 'any' ? 'any' : sourceName(source),
              count: count(times),
              examples: (
                <span className="flex flex-wrap gap-x-2">
                  {examples.slice(0, 2).map((units) =>
                    units.map((unitId, at) => (
                      <Link
                        key={unitId}
                        href={`/units/${encodeURIComponent(unitId)}`}
                        className="hover:text-accent hover:underline"
                      >
                        {at === 0 ? 'one' : 'other'}
                      </Link>
                    )),
                  )}
                </span>
              ),
            },
          }))}
          empty={
            <EmptyState title="No reason on record">
              The next search for pairs writes down why answers that it compared gave none.
            </EmptyState>
          }
        />
      </Section>
      <Section
        title="Synthetic negatives"
        hint={`All generators together at most ${MOST_SYNTHETIC * 100} % of a release's pairs`}
      >
        <GeneratorPanel
          generators={generators}
          rules={rules}
          mayDecide={mayRole(actor.role, 'generator.decide')}
          mostShare={MOST_SYNTHETIC}
          onPropose={propose}
          onDecide={decideOn}
        />
      </Section>
      {view.balance && (
        <Section
          title="Balance"
          hint={`What ${count(view.measured)} pairs that may become rows would teach beside what they should`}
        >
          <BalanceFigures all={view.balance} bySource={view.bySource} />
        </Section>
      )}
    </Page>
  );
}
