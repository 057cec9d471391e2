import { share, ticks } from './scale.ts';

/** Counts in ordered bins (lengths, levels, days): columns, with the numbers as a table for those who do not see them. */
export function Histogram({ label, bins }: { label: string; bins: readonly { label: string; count: number }[] }) {
  const top = ticks(Math.max(0, ...bins.map((bin) => bin.count))).at(-1) || 1;
  const width = 100 / Math.max(1, bins.length);
  return (
    <figure>
      <svg aria-hidden="true" className="h-24 w-full overflow-visible">
        <rect y="100%" width="100%" height="1" className="fill-line-strong" />
        {bins.map((bin, at) => {
          const tall = share(bin.count, 0, top) * 100;
          return (
            <rect
              key={bin.label}
              x={`${at * width + width * 0.1}%`}
              width={`${width * 0.8}%`}
              y={`${100 - tall}%`}
              height={`${tall}%`}
              className="fill-accent/60"
            />
          );
        })}
      </svg>
      <table className="w-full table-fixed text-center text-label">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr>
            {bins.map((bin) => (
              <th key={bin.label} scope="col" className="truncate pt-1 font-normal text-ink-3">
                {bin.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            {bins.map((bin) => (
              <td key={bin.label} className="font-medium">
                {bin.count.toLocaleString('en')}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </figure>
  );
}
