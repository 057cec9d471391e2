import Link from 'next/link';
import { BarList } from '../charts/bar-list.tsx';
import { count, percent } from '../ui/figures.ts';

type Release = { id: string; number: number; name: string };
type Mix = Release & {
  rows: number;
  axes: readonly {
    axis: string;
    distance: number;
    cells: readonly { value: string; production: number; release: number }[];
  }[];
};
const SHOWN = 8;

/** Bars are the release, marks are production: where a bar ends before its mark, the release took less. */
export function ReleaseMix({
  release,
  releases,
  hrefOf,
}: {
  release: Mix;
  releases: readonly Release[];
  hrefOf: Readonly<Record<string, string>>;
}) {
  return (
    <div className="flex flex-col gap-4">
      <nav aria-label="Release" className="flex flex-wrap gap-x-4">
        {releases.map(({ id, number, name }) => (
          <Link
            key={id}
            href={hrefOf[id] ?? '/coverage/mix'}
            aria-current={id === release.id ? 'true' : undefined}
            className={id === release.id ? 'font-semibold text-accent' : 'hover:text-accent hover:underline'}
          >
            r{number} {name}
          </Link>
        ))}
        <span className="text-ink-3">{count(release.rows)} units</span>
      </nav>
      <div className="grid gap-6 md:grid-cols-2 xl:grid-cols-3">
        {release.axes.map(({ axis, distance, cells }) => (
          <div key={axis} className="flex flex-col gap-1">
            <h3 className="font-medium">
              {axis} <span className="font-normal text-ink-3">distance {distance.toFixed(2)}</span>
            </h3>
            <BarList
              label={`${axis}: release beside production`}
              items={cells.slice(0, SHOWN).map(({ value, production, release: share }) => ({
                id: value,
                label: value,
                value: share,
                mark: production,
                text: `${percent(share, 0)} (production ${percent(production, 0)})`,
              }))}
            />
          </div>
        ))}
      </div>
    </div>
  );
}
