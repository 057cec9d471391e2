'use client';
import { useState } from 'react';
import type { Cell, TargetState } from '#lib/core/mix/coverage.ts';
import { HeatMatrix } from '../charts/heat-matrix.tsx';
import { useActs } from '../shell/keys-provider.tsx';
import { count, percent } from '../ui/figures.ts';
import { Segmented } from '../ui/segmented.tsx';
import { unitsHref } from './unit-links.ts';

type View = 'share' | 'count' | 'gap';
const VIEWS = [
  { value: 'share', label: 'Share' },
  { value: 'count', label: 'Count' },
  { value: 'gap', label: 'Gap' },
] as const;

/** Level by domain: what there is and what a target still misses. A cell opens the units behind it. */
export function CoverageMap({
  levels,
  domains,
  cells,
  states,
}: {
  levels: readonly string[];
  domains: readonly string[];
  cells: readonly Cell[];
  states: readonly TargetState[];
}) {
  const [view, setView] = useState<View>('share');
  useActs({
    'coverage.view': () => setView(view === 'share' ? 'count' : view === 'count' ? 'gap' : 'share'),
  });
  const found = new Map(cells.map((cell) => [`${cell.at.level} ${cell.at.domain}`, cell]));
  const wanted = new Map(states.map((state) => [`${state.target.at.level} ${state.target.at.domain}`, state]));
  const shown = levels.flatMap((level) =>
    domains.flatMap((domain) => {
      const key = `${level} ${domain}`;
      const [cell, state] = [found.get(key), wanted.get(key)];
      if (!cell && !state) return [];
      const rows = cell?.rows ?? 0;
      const missing = state?.missing ?? 0;
      const want = state
        ? state.target.rows === undefined
          ? percent(state.target.share, 0)
          : count(state.target.rows)
        : null;
      const value = view === 'share' ? (cell?.share ?? 0) : view === 'count' ? rows : missing;
      return [
        {
          row: level,
          column: domain,
          value,
          text:
            view === 'share'
              ? percent(value)
              : view === 'count'
                ? count(value)
                : missing > 0
                  ? `−${count(missing)}`
                  : '0',
          ...(want
            ? { hint: view === 'gap' ? `of ${want}` : missing > 0 ? `−${count(missing)} to ${want}` : `wanted ${want}` }
            : {}),
          ...(state
            ? {
                tone:
                  state.state === 'under'
                    ? ('fail' as const)
                    : state.state === 'over'
                      ? ('warn' as const)
                      : ('pass' as const),
              }
            : {}),
          href: unitsHref({ level, domain }) ?? undefined,
        },
      ];
    }),
  );
  return (
    <div className="flex flex-col gap-3">
      <div>
        <Segmented label="Shown in the cells" value={view} options={VIEWS} onChange={setView} />
      </div>
      <HeatMatrix
        label="Units by level and domain"
        corner="level by domain"
        rows={levels.map((id) => ({ id, label: id }))}
        columns={domains.map((id) => ({ id, label: id }))}
        cells={shown}
      />
    </div>
  );
}
