import Link from 'next/link';
import { count } from '../ui/figures.ts';
import { GATE_NAMES, GateMark } from './release-state.tsx';

export type GateLine = { gate: string; state: string; rule: string; value: string; limit: string; rows: number };

/** Each gate with its glyph, value beside limit, and the way to the rows it speaks of. */
export function GateList({ releaseId, gates }: { releaseId: string; gates: readonly GateLine[] }) {
  return (
    <ul className="flex flex-col" aria-label="Gates">
      {gates.map((gate) => (
        <li
          key={gate.gate}
          className="grid grid-cols-[1.25rem_1fr] gap-x-2 gap-y-0.5 border-line border-b py-2 md:grid-cols-[1.25rem_13rem_1fr_11rem_6rem]"
        >
          <GateMark state={gate.state} />
          <span className="font-medium">{GATE_NAMES[gate.gate] ?? gate.gate}</span>
          <span className="col-start-2 md:col-start-auto">
            {gate.value}
            <span className="block text-ink-3 text-label">{gate.rule}</span>
          </span>
          <span className="col-start-2 text-ink-2 md:col-start-auto">limit {gate.limit}</span>
          <span className="col-start-2 md:col-start-auto md:text-end">
            {gate.rows > 0 ? (
              <Link
                className="text-accent hover:underline"
                href={`/releases/${releaseId}/gates/${gate.gate}`}
                aria-label={`${count(gate.rows)} rows of ${GATE_NAMES[gate.gate] ?? gate.gate}`}
              >
                {count(gate.rows)} {gate.rows === 1 ? 'row' : 'rows'}
              </Link>
            ) : (
              <span className="text-ink-3">no rows</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
