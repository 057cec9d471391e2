'use client';
import { FilterMenu, type FilterOption, SearchField } from '../table/filters.tsx';

export type UnitFacet = { name: string; value: string; count: number };

const MENUS: { name: string; label: string }[] = [
  { name: 'kind', label: 'Kind' },
  { name: 'level', label: 'Level' },
  { name: 'outcome', label: 'Outcome' },
  { name: 'domain', label: 'Domain' },
  { name: 'lang', label: 'Language' },
  { name: 'tool', label: 'Tool' },
  { name: 'source', label: 'Source' },
  { name: 'eligible', label: 'Eligible' },
];
const KINDS: Record<string, string> = { qa: 'Q&A', thread: 'thread', agent: 'agent' };
const HAS: FilterOption[] = [
  { value: 'errors', label: 'a tool error' },
  { value: 'recovery', label: 'a recovery' },
  { value: 'suggested', label: 'suggested masks' },
  { value: 'feedback', label: 'feedback or a verdict' },
];

export function UnitFilters({ facets }: { facets: readonly UnitFacet[] }) {
  return (
    <>
      <SearchField label="Search units" hint="Words in redacted text" />
      {MENUS.map(({ name, label }) => {
        const options = facets
          .filter((facet) => facet.name === name)
          .slice(0, 40)
          .map(({ value, count }) => ({ value, label: KINDS[value] ?? value, count }));
        return options.length > 0 && <FilterMenu key={name} name={name} label={label} options={options} />;
      })}
      <FilterMenu name="has" label="With" options={HAS} />
    </>
  );
}
