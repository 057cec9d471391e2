import type { Metadata } from 'next';
import Link from 'next/link';
import { ModelPanel } from '#components/tags/model-panel.tsx';
import { TagGrid } from '#components/tags/tag-grid.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { count } from '#components/ui/figures.ts';
import { Page } from '#components/ui/page.tsx';
import { PageHeader, Section } from '#components/ui/section.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { LEVELS } from '#lib/core/tag/level.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { asTag, readFilter, showTags, TAG_NAMES } from '#lib/usecases/tags/show-tags.ts';
import { isTrainable } from '#lib/usecases/tags/train-tags.ts';
import { applyGuesses, correct, train } from './actions.ts';

export const metadata: Metadata = { title: 'Tags' };

const TITLES = { level: 'Level', domain: 'Domain', task: 'Task', lang: 'Language', outcome: 'Outcome' } as const;
const OUTCOMES = ['success', 'failure', 'partial', 'unknown'];
type Params = Record<string, string | string[] | undefined>;

export default async function TagsPage({ searchParams }: { searchParams: Promise<Params> }) {
  const actor = await requireActor('unit.read');
  const params = await searchParams;
  const one = (name: string) => (typeof params[name] === 'string' && params[name] !== '' ? params[name] : undefined);
  const tag = asTag(one('tag'));
  const [value, want] = [one('value'), one('want')];
  const isUnknown = one('unknown') === '1';
  const view = await showTags(actor, {
    tag,
    ...(value === undefined ? {} : { value: value.slice(0, 60) }),
    ...(want === undefined ? {} : { want: want.slice(0, 60) }),
    unknown: isUnknown,
    filter: readFilter(params),
  });
  const maySet = mayRole(actor.role, 'unit.retag');
  const link = (more: Record<string, string>) => `/tags?${new URLSearchParams({ tag, ...more })}`;
  const shownAs = (isOn: boolean) => (isOn ? 'font-semibold text-accent' : 'hover:text-accent hover:underline');
  return (
    <Page wide>
      <PageHeader
        title="Tags"
        hint="One tag of many units at a time. What a person says stands before every rule and model, and is said to be theirs."
      />
      <nav aria-label="Tag" className="flex flex-wrap gap-4">
        {TAG_NAMES.map((name) => (
          <Link
            key={name}
            href={`/tags?tag=${name}`}
            aria-current={name === tag ? 'page' : undefined}
            className={shownAs(name === tag)}
          >
            {TITLES[name]}
          </Link>
        ))}
      </nav>
      <nav aria-label="Value" className="flex flex-wrap gap-x-4 gap-y-1">
        <Link href={link({})} className={shownAs(value === undefined && want === undefined && !isUnknown)}>
          all
        </Link>
        <Link href={link({ unknown: '1' })} className={shownAs(isUnknown)}>
          not told by a rule
        </Link>
        {view.values.slice(0, 24).map((row) => (
          <Link key={row.value} href={link({ value: row.value })} className={shownAs(value === row.value)}>
            {row.value} <span className="text-ink-3">{count(row.units)}</span>
          </Link>
        ))}
      </nav>
      {isTrainable(tag) && (
        <Section
          title="Classifier"
          hint="Trained on tags that people set and on sealed gold; used only where no rule could tell"
        >
          <ModelPanel
            key={tag}
            tag={tag}
            model={view.model}
            labelled={view.values.reduce((sum, row) => sum + row.byPeople, 0)}
            byModel={view.values.reduce((sum, row) => sum + row.byModel, 0)}
            mayTrain={maySet}
            onTrain={train}
            onApply={applyGuesses}
          />
        </Section>
      )}
      <Section
        title={want === undefined ? TITLES[tag] : `May be ${want}`}
        hint={
          want === undefined
            ? `${count(view.cards.length)} of ${count(view.total)} units, unknown ones first`
            : 'Units that would fill the cell: the likeliest first, none that a person has tagged'
        }
      >
        {view.cards.length === 0 ? (
          <EmptyState title={want === undefined ? 'No unit here' : 'No unit may be it'}>
            {want === undefined
              ? 'No unit has this value of the tag.'
              : 'Nothing the classifier would call so, and nothing that a rule left open. Bring in logs of that kind.'}
          </EmptyState>
        ) : (
          <TagGrid
            key={`${tag} ${value} ${want} ${isUnknown} ${view.cards[0]?.unitId}`}
            tag={tag}
            cards={view.cards}
            values={tag === 'level' ? LEVELS : tag === 'outcome' ? OUTCOMES : view.values.map((row) => row.value)}
            isOpen={tag !== 'level' && tag !== 'outcome'}
            want={want}
            maySet={maySet}
            onCorrect={correct}
          />
        )}
      </Section>
    </Page>
  );
}
