'use client';
import { useState } from 'react';
import type { Target } from '#lib/core/mix/coverage.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Input, Select } from '../ui/input.tsx';
import { type Answer, useAct } from '../ui/use-act.ts';

/** Axes beside level and domain. */
const OTHERS = ['tool', 'outcome', 'language'] as const;
type Other = (typeof OTHERS)[number];
type Line = { id: number; level: string; domain: string; by: 'share' | 'rows'; amount: string } & Record<Other, string>;
type Wanted = { at: { level?: string; domain?: string } & { [axis in Other]?: string } } & (
  | { rows: number; share?: never; tolerance?: never }
  | { share: number; tolerance?: number; rows?: never }
);

/** Two points of a share either way are the noise of a few hundred units. */
const TOLERANCE = 0.02;

const lineOf = (target: Target, id: number): Line => ({
  id,
  level: target.at.level ?? '',
  domain: target.at.domain ?? '',
  tool: target.at.tool ?? '',
  outcome: target.at.outcome ?? '',
  language: target.at.language ?? '',
  by: target.rows === undefined ? 'share' : 'rows',
  amount: target.rows === undefined ? String(Math.round(target.share * 1000) / 10) : String(target.rows),
});

/** What a lead wants of each cell; every change is a new version. */
export function TargetDialog({
  base,
  name,
  current,
  present,
  levels,
  domains,
  others,
  onSet,
}: {
  base: number | null;
  name: string;
  current: readonly Target[];
  present: readonly Target[];
  levels: readonly string[];
  domains: readonly string[];
  /** Values that targets may name on the other axes. */
  others: { [axis in Other]?: readonly string[] };
  onSet: (input: { name: string; base: number | null; targets: Wanted[] }) => Promise<Answer<{ version: number }>>;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [title, setTitle] = useState(name || 'Target mix');
  const [lines, setLines] = useState<Line[]>(() => current.map(lineOf));
  const [nextId, setNextId] = useState(current.length);
  const { run, isPending, fault } = useAct();
  const change = (id: number, part: Partial<Line>) =>
    setLines(lines.map((line) => (line.id === id ? { ...line, ...part } : line)));
  function add() {
    setLines([
      ...lines,
      {
        id: nextId,
        level: 'L3',
        domain: domains[0] ?? '',
        tool: '',
        outcome: '',
        language: '',
        by: 'rows',
        amount: '50',
      },
    ]);
    setNextId(nextId + 1);
  }
  function copy() {
    setLines(present.map((target, at) => lineOf(target, nextId + at)));
    setNextId(nextId + present.length);
  }
  function submit() {
    const targets = lines.map((line): Wanted => {
      const at = Object.fromEntries(
        (['level', 'domain', ...OTHERS] as const).flatMap((axis) => (line[axis] ? [[axis, line[axis]]] : [])),
      );
      return line.by === 'rows'
        ? { at, rows: Number(line.amount) }
        : { at, share: Number(line.amount) / 100, tolerance: TOLERANCE };
    });
    run(
      () => onSet({ name: title.trim(), base, targets }),
      () => setIsOpen(false),
      'Targets set',
    );
  }
  return (
    <>
      <Button tone={base === null ? 'primary' : 'plain'} onClick={() => setIsOpen(true)}>
        {base === null ? 'Set targets' : 'Change targets'}
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Targets"
        hint="Rows, or a share of all, for any of level, domain, tool, outcome and language. Below target is shown, never filled by copies."
        width="wide"
        footer={
          <>
            <Button onClick={() => setIsOpen(false)}>Cancel</Button>
            <Button tone="primary" disabled={isPending} onClick={submit}>
              Set version {(base ?? 0) + 1}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          {fault && <Banner tone="fail" title={fault} live />}
          <TextField label="Name" value={title} maxLength={60} onChange={(event) => setTitle(event.target.value)} />
          {lines.length === 0 ? (
            <p className="text-ink-2">No cell has a target. Add one, or copy the present mix and change it.</p>
          ) : (
            <ul className="flex flex-col gap-2">
              {lines.map((line, at) => (
                <li key={line.id} className="grid grid-cols-[6rem_minmax(0,1fr)_6rem_7rem_auto] items-center gap-2">
                  <Select
                    aria-label={`Level of target ${at + 1}`}
                    value={line.level}
                    onChange={(event) => change(line.id, { level: event.target.value })}
                  >
                    <option value="">any level</option>
                    {levels.map((level) => (
                      <option key={level}>{level}</option>
                    ))}
                  </Select>
                  <Select
                    aria-label={`Domain of target ${at + 1}`}
                    value={line.domain}
                    onChange={(event) => change(line.id, { domain: event.target.value })}
                  >
                    <option value="">any domain</option>
                    {domains.map((domain) => (
                      <option key={domain}>{domain}</option>
                    ))}
                  </Select>
                  <Input
                    aria-label={`Amount of target ${at + 1}`}
                    type="number"
                    min={0}
                    step="any"
                    value={line.amount}
                    onChange={(event) => change(line.id, { amount: event.target.value })}
                  />
                  <Select
                    aria-label={`Measure of target ${at + 1}`}
                    value={line.by}
                    onChange={(event) => change(line.id, { by: event.target.value as Line['by'] })}
                  >
                    <option value="rows">units</option>
                    <option value="share">% of all</option>
                  </Select>
                  <Button
                    size="small"
                    tone="quiet"
                    aria-label={`Drop target ${at + 1}`}
                    onClick={() => setLines(lines.filter(({ id }) => id !== line.id))}
                  >
                    Drop
                  </Button>
                  <div className="col-span-full grid grid-cols-3 gap-2 pb-2">
                    {OTHERS.map((axis) => (
                      <Select
                        key={axis}
                        aria-label={`${axis} of target ${at + 1}`}
                        value={line[axis]}
                        onChange={(event) => change(line.id, { [axis]: event.target.value })}
                      >
                        <option value="">any {axis}</option>
                        {[...new Set([...(others[axis] ?? []), ...(line[axis] ? [line[axis]] : [])])].map((one) => (
                          <option key={one}>{one}</option>
                        ))}
                      </Select>
                    ))}
                  </div>
                </li>
              ))}
            </ul>
          )}
          <div className="flex gap-2">
            <Button onClick={add}>Add a cell</Button>
            <Button onClick={copy} disabled={present.length === 0}>
              Copy the present mix
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
