import Link from 'next/link';
import { StateGlyph, type Tone } from '../ui/badge.tsx';
import { stepOf } from './scale.ts';

export type HeatCell = {
  row: string;
  column: string;
  value: number;
  /** What is written in the cell. */
  text: string;
  /** Second line, small: target, gap. */
  hint?: string;
  tone?: Tone;
  /** Opens what would fill it, or the rows behind it. */
  href?: string;
};

/** Tints of the accent by opacity, so that ink stays readable on each (at most 24 %). */
const STEPS = ['', 'bg-accent/4', 'bg-accent/8', 'bg-accent/13', 'bg-accent/18', 'bg-accent/24'] as const;

/** A map of numbers that is a table: rows, columns, a number and a mark in each cell; the fill only helps the eye. */
export function HeatMatrix({
  label,
  corner,
  rows,
  columns,
  cells,
}: {
  label: string;
  /** What the rows are and what the columns are, e.g. 'level by domain'. */
  corner: string;
  rows: readonly { id: string; label: string }[];
  columns: readonly { id: string; label: string }[];
  cells: readonly HeatCell[];
}) {
  const most = Math.max(0, ...cells.map((cell) => cell.value));
  const at = new Map(cells.map((cell) => [`${cell.row}\t${cell.column}`, cell]));
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="border-separate border-spacing-0.5">
        <thead>
          <tr>
            <th scope="col" className="px-2 text-start font-normal text-ink-3 text-label">
              {corner}
            </th>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className="min-w-20 px-2 pb-1 text-start font-medium text-ink-2 text-label"
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row" className="whitespace-nowrap px-2 text-start font-medium text-ink-2 text-label">
                {row.label}
              </th>
              {columns.map((column) => {
                const cell = at.get(`${row.id}\t${column.id}`);
                return (
                  <td
                    key={column.id}
                    className={`h-12 min-w-20 rounded-sm border border-line p-0 ${cell ? STEPS[stepOf(cell.value, most, 5)] : ''}`}
                  >
                    {cell && <Cell cell={cell} name={`${row.label}, ${column.label}`} />}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell, name }: { cell: HeatCell; name: string }) {
  const inner = (
    <>
      <span className="flex items-center gap-1 font-medium">
        {cell.text}
        {cell.tone && <StateGlyph tone={cell.tone} label={WORDS[cell.tone]} />}
      </span>
      {cell.hint && <span className="text-ink-2 text-label"> {cell.hint}</span>}
    </>
  );
  const face = 'flex h-full min-h-12 flex-col justify-center rounded-sm px-2';
  return cell.href ? (
    <Link href={cell.href} className={`${face} hover:outline-2 hover:outline-accent`}>
      <span className="sr-only">{name}: </span>
      {inner}
    </Link>
  ) : (
    <div className={face}>{inner}</div>
  );
}

const WORDS: Record<Tone, string> = {
  neutral: '',
  accent: 'of note',
  pass: 'enough',
  fail: 'too few',
  warn: 'nearly enough',
  open: 'no target',
};
