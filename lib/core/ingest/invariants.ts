/** What holds for every source (docs/formats.md). Tests of all adapters ask this; it reports, it does not throw. */
import { createHash } from 'node:crypto';
import { EVENT_FLAGS, EVENT_KINDS, type LogEvent, type RawRef } from '../trajectory/event.ts';
import { type Json, stringify } from '../trajectory/json.ts';
import { TRAJECTORY_FLAGS, type Trajectory } from '../trajectory/trajectory.ts';
import { parseJson } from './parse-json.ts';
import { resolvePointer } from './shared/json-access.ts';
import type { MemberSummary } from './tally.ts';

/** @param bytes of the unpacked source (of one member of an archive) */
export function brokenInvariants(
  trajectories: readonly Trajectory[],
  summary: Omit<MemberSummary, 'member'>,
  bytes: Uint8Array,
): string[] {
  const broken: string[] = [];
  const expect = (holds: boolean, what: string) => {
    if (!holds && broken.length < 20) broken.push(what);
  };
  checkConservation(trajectories, summary, expect);
  const ids = new Set(
    trajectories.flatMap((trajectory) => [trajectory.id, ...trajectory.events.map((event) => event.id)]),
  );
  const known = trajectories.reduce((sum, { events }) => sum + events.length + 1, 0);
  expect(ids.size === known, 'ids are not unique');
  for (const trajectory of trajectories) {
    checkEvents(trajectory, ids, expect);
    checkSteps(trajectory, expect);
    for (const event of trajectory.events)
      for (const ref of [event.raw, ...(event.mirrors ?? [])]) checkRaw(ref, bytes, expect);
    const text = stringify(trajectory);
    // An escape that the text itself holds has its backslash doubled.
    const escapes = text.replaceAll('\\\\', '');
    expect(!escapes.includes('\\u0000'), `${trajectory.id}: U+0000`);
    expect(text.isWellFormed() && !/\\ud[89a-f]/i.test(escapes), `${trajectory.id}: lone surrogate`);
    for (const flag of trajectory.flags) expect(TRAJECTORY_FLAGS.includes(flag), `${trajectory.id}: flag ${flag}`);
  }
  return broken;
}

type Expect = (holds: boolean, what: string) => void;

const numbersOf = ({ recordNo, recordEnd = recordNo }: RawRef): number[] =>
  Array.from({ length: recordEnd - recordNo + 1 }, (_, index) => recordNo + index);

function checkConservation(
  trajectories: readonly Trajectory[],
  summary: Omit<MemberSummary, 'member'>,
  expect: Expect,
): void {
  const { records, mapped, duplicates, quarantined } = summary;
  expect(
    records === mapped + duplicates + quarantined.length,
    `${records} records, ${mapped} + ${duplicates} + ${quarantined.length}`,
  );
  const events = trajectories.flatMap((trajectory) => trajectory.events);
  const inRaw = new Set(events.flatMap((event) => numbersOf(event.raw)));
  const inMirrors = new Set(
    events.flatMap((event) => (event.mirrors ?? []).flatMap(numbersOf)).filter((no) => !inRaw.has(no)),
  );
  const refused = new Set(quarantined.map(({ recordNo }) => recordNo));
  const inSpans = [...refused].filter((no) => inRaw.has(no) || inMirrors.has(no));
  // A refused record between those of a stream lies inside its range and is still refused.
  expect(
    inSpans.every((no) => events.some(({ raw }) => raw.recordNo < no && no < (raw.recordEnd ?? 0))),
    'a record is refused and mapped',
  );
  expect(
    inRaw.size - inSpans.filter((no) => inRaw.has(no)).length === mapped,
    `${inRaw.size} records in raw, ${mapped} mapped`,
  );
  expect(inMirrors.size === duplicates, `${inMirrors.size} records in mirrors only, ${duplicates} duplicates`);
  expect(new Set([...inRaw, ...inMirrors, ...refused]).size === records, 'a record is nowhere');
  expect(
    summary.trajectories === trajectories.length && summary.events === events.length,
    'trajectories or events are miscounted',
  );
}

function checkEvents(trajectory: Trajectory, ids: ReadonlySet<string>, expect: Expect): void {
  const { id, events } = trajectory;
  const bySeq = new Map(events.map((event) => [event.id, event]));
  const answered = new Map<string, LogEvent>();
  for (const [seq, event] of events.entries()) {
    const at = `${id}:${seq}`;
    expect(event.seq === seq && event.id === at, `${at}: seq`);
    expect(EVENT_KINDS.includes(event.kind), `${at}: kind`);
    expect(
      event.flags.every((flag) => EVENT_FLAGS.includes(flag)),
      `${at}: flags`,
    );
    expect(stringify(event.flags) === stringify([...new Set(event.flags)].sort()), `${at}: flags are not sorted`);
    const needsStep = event.kind === 'assistant' || (event.kind === 'tool_call' && event.actor === 'model');
    expect(!needsStep || event.stepId !== undefined, `${at}: no step`);
    expect(event.retryOf === undefined || ids.has(event.retryOf), `${at}: retryOf`);
    if (event.kind === 'feedback')
      expect(event.feedback.target === 'trajectory' || ids.has(event.feedback.target), `${at}: target`);
    if (event.kind === 'tool_result' && event.toolResult.forEventId !== undefined) {
      const call = bySeq.get(event.toolResult.forEventId);
      expect(call?.kind === 'tool_call' && call.seq < seq, `${at}: result before its call`);
      const first = answered.get(event.toolResult.forEventId);
      expect(first === undefined || event.flags.includes('repeated_result'), `${at}: second result`);
      answered.set(event.toolResult.forEventId, event);
    }
    expect(!/[A-Za-z0-9+/]{1001}/.test(stringify(event.parts.filter((part) => part.type !== 'text'))), `${at}: base64`);
  }
  for (const other of [
    trajectory.parentTrajectoryId,
    trajectory.parentEventId,
    trajectory.branch?.of,
    trajectory.branch?.atEventId,
  ]) {
    expect(other === undefined || ids.has(other), `${id}: refers to ${other}`);
  }
  expect(
    trajectory.outcome.evidence.every((evidence) => ids.has(evidence)),
    `${id}: evidence`,
  );
}

function checkSteps(trajectory: Trajectory, expect: Expect): void {
  for (const [index, step] of trajectory.steps.entries()) {
    expect(step.id === `s${index}`, `${trajectory.id}: step ids`);
    const outputs = new Set(
      step.outputs.flatMap(([from, to]) => Array.from({ length: to - from }, (_, at) => from + at)),
    );
    for (const event of trajectory.events) {
      expect((event.stepId === step.id) === outputs.has(event.seq), `${event.id}: outputs of ${step.id}`);
    }
    for (const [from, to] of [...step.outputs, ...(step.inputs ?? [])]) {
      expect(from >= 0 && from < to && to <= trajectory.events.length, `${trajectory.id}: range of ${step.id}`);
    }
    for (const sha of step.tools ?? [])
      expect(
        trajectory.tools.some((tool) => tool.sha === sha),
        `${trajectory.id}: tool of ${step.id}`,
      );
  }
}

function checkRaw(ref: RawRef, bytes: Uint8Array, expect: Expect): void {
  const place = bytes.subarray(ref.byteStart, ref.byteEnd);
  const at = `record ${ref.recordNo}`;
  expect(createHash('sha256').update(place).digest('hex') === ref.sha256, `${at}: hash`);
  if (ref.pointer === undefined) return;
  const reading = parseJson(Buffer.from(place).toString('utf8'));
  expect(
    reading.ok && resolvePointer(reading.value as Json, ref.pointer) !== undefined,
    `${at}: pointer ${ref.pointer}`,
  );
}
