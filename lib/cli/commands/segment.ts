/**
 * `assay segment`: canonical trajectories (stdin or paths) to training units with their tags; one summary on stderr. A
 * sub-agent that comes before its parent waits for it, so that `rootId` is the outermost one.
 */
import { parseArgs } from 'node:util';
import { cutIntoUnits, type Leftover } from '#lib/core/segment/segment.ts';
import { tagUnit } from '#lib/core/tag/tag-unit.ts';
import { isObject, stringify } from '#lib/core/trajectory/json.ts';
import type { Trajectory } from '#lib/core/trajectory/trajectory.ts';
import { readCanonicalLines, reportBadLine } from '../canonical-lines.ts';
import { type CommandIo, writeLine } from '../command.ts';

const LISTS = ['models', 'tools', 'steps', 'events', 'flags'];

/** The shape that the rest relies on; what is inside events is trusted as our own output. */
const isTrajectory = (value: unknown): value is Trajectory =>
  isObject(value) &&
  value.schema === 'assay.trajectory/1' &&
  typeof value.id === 'string' &&
  isObject(value.outcome) &&
  LISTS.every((name) => Array.isArray(value[name])) &&
  (value.events as unknown[]).every((event, seq) => isObject(event) && event.seq === seq && Array.isArray(event.parts));

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
  const counts = { trajectories: 0, units: 0 };
  const leftover: Leftover[] = [];
  const rootOf = new Map<string, string>();
  const waiting = new Map<string, Trajectory[]>();

  const cut = async (trajectory: Trajectory, rootId: string): Promise<void> => {
    rootOf.set(trajectory.id, rootId);
    const { units, leftover: left } = cutIntoUnits(trajectory, { rootId });
    leftover.push(...left);
    counts.units += units.length;
    for (const unit of units) await writeLine(io.stdout, stringify(tagUnit(unit)));
    const children = waiting.get(trajectory.id) ?? [];
    waiting.delete(trajectory.id);
    for (const child of children) await cut(child, rootId);
  };

  for await (const { place, value } of readCanonicalLines(positionals, io)) {
    if (!isTrajectory(value)) {
      reportBadLine(io, place, 'not a canonical trajectory, left out');
      continue;
    }
    counts.trajectories++;
    const parent = value.parentTrajectoryId;
    const root = parent === undefined ? value.id : rootOf.get(parent);
    if (root !== undefined) await cut(value, root);
    else waiting.set(parent!, [...(waiting.get(parent!) ?? []), value]);
  }
  // Parents that never came: the outermost one that is named is the root. Rings of parents end at the first.
  for (const [parent, children] of waiting) {
    if (rootOf.has(parent)) continue;
    const isChild = [...waiting.values()].some((list) => list.some((one) => one.id === parent));
    if (isChild) continue;
    waiting.delete(parent);
    for (const child of children) await cut(child, parent);
  }
  for (const children of [...waiting.values()])
    for (const child of children) if (!rootOf.has(child.id)) await cut(child, child.id);
  io.stderr.write(`${stringify({ ...counts, leftover })}\n`);
  return 0;
}
