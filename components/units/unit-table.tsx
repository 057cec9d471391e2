'use client';
import type { ReactNode } from 'react';
import type { TableRow } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';
import { type SavedView, SavedViews } from '../table/saved-views.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { count } from '../ui/figures.ts';
import { type Answer, useAct } from '../ui/use-act.ts';
import { type UnitFacet, UnitFilters } from './unit-filters.tsx';

type UnitTableProps = {
  rows: readonly TableRow[];
  total: number;
  facets: readonly UnitFacet[];
  views: readonly SavedView[];
  empty: ReactNode;
  onSave: (input: { page: 'units'; name: string; query: string }) => Promise<Answer<void>>;
  onDrop: (input: { id: string }) => Promise<Answer<void>>;
};

export function UnitTable({ rows, total, facets, views, empty, onSave, onDrop }: UnitTableProps) {
  const { run } = useAct();
  return (
    <DataTable
      label="Units"
      total={total}
      rows={rows}
      empty={empty}
      defaults={{ sort: { column: 'started', isDescending: true }, hidden: ['started', 'calls', 'suggested'] }}
      filters={<UnitFilters facets={facets} />}
      views={
        <SavedViews
          views={views}
          onSave={({ name, query }) => run(() => onSave({ page: 'units', name, query }), undefined, 'View saved')}
          onDrop={(id) => run(() => onDrop({ id }), undefined, 'View dropped')}
        />
      }
      columns={[
        { id: 'title', label: 'Unit', width: 'rest', hideable: false, sortable: true },
        { id: 'kind', label: 'Kind', width: 'narrow', sortable: true },
        { id: 'level', label: 'Level', width: 'narrow', sortable: true },
        { id: 'domain', label: 'Domain', sortable: true },
        { id: 'lang', label: 'Lang', width: 'narrow', sortable: true },
        { id: 'outcome', label: 'Outcome', sortable: true },
        { id: 'tools', label: 'Tools' },
        { id: 'events', label: 'Events', align: 'end', width: 'narrow', sortable: true },
        { id: 'calls', label: 'Calls', align: 'end', width: 'narrow', sortable: true },
        { id: 'tokens', label: 'Tokens', align: 'end', width: 'narrow', sortable: true },
        { id: 'spans', label: 'Masks', align: 'end', width: 'narrow', sortable: true },
        { id: 'suggested', label: 'Suggested', align: 'end', width: 'narrow', sortable: true },
        { id: 'source', label: 'Source' },
        { id: 'started', label: 'Started', sortable: true },
      ]}
      bulk={(selection, picked, clear) => (
        <span className="flex items-center gap-2">
          {selection.kind === 'query' ? `All ${count(picked)} units of this query` : `${count(picked)} units`}
          <CopyButton
            label={selection.kind === 'query' ? 'Copy the address of this query' : 'Copy their ids'}
            text={
              selection.kind === 'query'
                ? typeof location === 'undefined'
                  ? ''
                  : location.href
                : [...selection.ids].join('\n')
            }
          />
          <button type="button" className="text-accent hover:underline" onClick={clear}>
            Clear
          </button>
        </span>
      )}
    />
  );
}
