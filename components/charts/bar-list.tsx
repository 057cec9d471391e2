import { Bar, type BarTone } from '../ui/meter.tsx';

export type BarItem = {
  id: string;
  label: string;
  value: number;
  text: string;
  /** On the same scale: a target. */
  mark?: number;
  href?: string;
  tone?: BarTone;
};

/** Values side by side as a list that reads without the bars. */
export function BarList({ label, items, most }: { label: string; items: readonly BarItem[]; most?: number }) {
  const top = most ?? Math.max(...items.flatMap(({ value, mark }) => [value, mark ?? 0]), Number.MIN_VALUE);
  return (
    <ul
      aria-label={label}
      className="grid grid-cols-[minmax(5rem,max-content)_minmax(4rem,1fr)_max-content] items-center gap-x-3"
    >
      {items.map((item) => (
        <li key={item.id} className="col-span-3 grid min-h-7 grid-cols-subgrid items-center">
          {item.href ? (
            <a href={item.href} className="truncate rounded-sm text-ink-2 hover:text-accent hover:underline">
              {item.label}
            </a>
          ) : (
            <span className="truncate text-ink-2">{item.label}</span>
          )}
          <Bar share={item.value / top} mark={item.mark === undefined ? undefined : item.mark / top} tone={item.tone} />
          <span className="text-end font-medium">{item.text}</span>
        </li>
      ))}
    </ul>
  );
}
