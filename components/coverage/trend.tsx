import Link from 'next/link';
import { Sparkline } from '../charts/sparkline.tsx';
import { count, percent } from '../ui/figures.ts';

type Point = {
  importId: string;
  filename: string;
  at: string;
  units: number;
  hard: number;
  unknownDomain: number;
  succeeded: number;
  moved: { level: number; domain: number; tool: number } | null;
};

const LINES = [
  { name: 'Three steps and more', of: ({ hard }: Point) => hard },
  { name: 'Domain unknown', of: ({ unknownDomain }: Point) => unknownDomain },
  { name: 'Known to have succeeded', of: ({ succeeded }: Point) => succeeded },
] as const;
const HEADS = [
  'Import',
  'Day',
  'Units',
  ...LINES.map(({ name }) => name),
  'Levels moved',
  'Domains moved',
  'Tools moved',
];

/** One row an import, oldest first, and each share as a line over all of them. */
export function Trend({ points }: { points: readonly Point[] }) {
  if (points.length === 0) return <p className="text-ink-2">No import is done yet.</p>;
  return (
    <div className="flex flex-col gap-3">
      {points.length > 1 && (
        <ul className="flex flex-wrap gap-x-8 gap-y-2">
          {LINES.map(({ name, of }) => (
            <li key={name} className="flex items-center gap-2">
              <span className="text-ink-2">{name}</span>
              <Sparkline label={`${name}, import by import`} values={points.map(of)} />
              <span className="font-medium">{percent(of(points.at(-1)!), 0)}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="overflow-x-auto">
        <table className="w-full">
          <thead className="text-ink-2 text-label">
            <tr>
              {HEADS.map((head, at) => (
                <th key={head} scope="col" className={`pe-4 pb-1 font-medium ${at < 2 ? 'text-start' : 'text-end'}`}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={point.importId} className="border-line border-t">
                <td className="max-w-64 truncate py-1 pe-4">
                  <Link href={`/imports/${point.importId}`} className="hover:text-accent hover:underline">
                    {point.filename}
                  </Link>
                </td>
                <td className="pe-4 text-ink-3">{point.at.slice(0, 10)}</td>
                <td className="pe-4 text-end">{count(point.units)}</td>
                {LINES.map(({ name, of }) => (
                  <td key={name} className="pe-4 text-end">
                    {percent(of(point), 0)}
                  </td>
                ))}
                {(['level', 'domain', 'tool'] as const).map((axis) => (
                  <td key={axis} className="pe-4 text-end">
                    {point.moved ? point.moved[axis].toFixed(2) : 'first'}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
