/** The Agent Trajectory Interchange Format: steps of system, user and agent, each with its calls and what they brought. */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type DraftEvent,
  type DraftStep,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { documents, mismatch } from '../shared/documents.ts';
import { allBut, asArray, asBoolean, asId, asNumber, asObject, asText, dig, pointerTo } from '../shared/json-access.ts';
import type { Message } from '../shared/message.ts';
import { readContent, readParts } from '../shared/read-block.ts';
import { readTime } from '../shared/read-time.ts';
import { Teller } from '../shared/teller.ts';
import { withTextCalls } from '../shared/text-calls.ts';
import { readToolDefs } from '../shared/tool-defs.ts';

export const atif: Adapter = {
  name: 'atif',
  version: '1',
  specificity: 95,
  score: meanScore(({ value }) => (found(value).length > 0 ? 1 : 0)),
  start: documents((value, record) => {
    const runs = found(value);
    return runs.length === 0
      ? mismatch('no list of steps')
      : runs.flatMap(({ run, pointer }) => tellRun(run, pointer, record));
  }),
};

type Found = { run: JsonObject; pointer: string };

const isRun = (value: Json | undefined): boolean =>
  isObject(value) && Array.isArray(value.steps) && /^ATIF/i.test(asText(value.schema_version) ?? '');

/** One trajectory, or several by name. */
function found(value: Json | undefined): Found[] {
  const object = asObject(value);
  if (!object) return [];
  if (isRun(object)) return [{ run: object, pointer: '' }];
  const keys = Object.keys(object);
  return keys.length > 0 && keys.every((key) => isRun(object[key]))
    ? keys.map((key) => ({ run: object[key] as JsonObject, pointer: pointerTo('', key) }))
    : [];
}

/** The run, and the runs of sub-agents that stand inside it. */
function tellRun(
  run: JsonObject,
  pointer: string,
  record: SourceRecord,
  parent?: DraftTrajectory['parent'],
): DraftTrajectory[] {
  const teller = new Teller(record);
  const references = new Map<string, DraftEvent>();
  const agent = asObject(run.agent) ?? {};
  const copied: DraftEvent[][] = [];
  tellSteps(teller, run, pointer, references, copied);
  for (const events of copied) for (const event of events) event.copied = true;
  const id = asId(run.trajectory_id) ?? asId(run.session_id);
  const rootKey = id === undefined ? undefined : parent ? id : `${id}${continuation(agent)}`;
  const meta = allBut(run, 'steps', 'agent', 'session_id', 'trajectory_id', 'subagent_trajectories');
  const tools = readToolDefs(agent.tool_definitions);
  const name = asText(agent.name);
  const version = asText(agent.version);
  const session = asId(run.session_id);
  const draft: DraftTrajectory = {
    ...(rootKey !== undefined && { rootKey }),
    ...(session !== undefined && { externalIds: { session } }),
    ...(parent && { parent }),
    agent: { ...(name !== undefined && { name }), ...(version !== undefined && { version }) },
    events: teller.events,
    ...(tools.length > 0 && { tools }),
    ...(meta && { meta }),
  };
  const children = (asArray(run.subagent_trajectories) ?? []).flatMap((child, index) => {
    const inner = asObject(child);
    if (!inner || !Array.isArray(inner.steps) || rootKey === undefined) return [];
    const call = references.get(asId(inner.trajectory_id) ?? asId(inner.session_id) ?? '');
    return tellRun(inner, pointerTo(pointer, 'subagent_trajectories', index), record, {
      rootKey,
      ...(call && { call }),
    });
  });
  return [draft, ...children];
}

/** A file that goes on from another has the same session: its number tells them apart. */
const continuation = (agent: JsonObject): string => {
  const index = asNumber(dig(agent, 'extra', 'continuation_index'));
  return index === undefined ? '' : ` ${index}`;
};

function tellSteps(
  teller: Teller,
  run: JsonObject,
  pointer: string,
  references: Map<string, DraftEvent>,
  copied: DraftEvent[][],
): void {
  const steps = (asArray(run.steps) ?? []).map((step) => asObject(step) ?? {});
  const spoken = steps.map((step, index) => messageOf(step, pointerTo(pointer, 'steps', index)));
  // Calls written into answers are found over the whole talk; what a step saw stands where an answer to it would.
  const seen = steps.map((step, index) => observationText(step, pointerTo(pointer, 'steps', index)));
  const talk: Message[] = spoken.flatMap((message, index) => [message, ...(seen[index] ?? [])]);
  const read = withTextCalls(talk);
  let at = 0;
  for (const [index, step] of steps.entries()) {
    const here = pointerTo(pointer, 'steps', index);
    const before = teller.events.length;
    const message = read[at++]!;
    const observed = seen[index] ? read[at++] : undefined;
    const answer = stepOf(step, asObject(run.agent) ?? {});
    const isAgent = step.source === 'agent';
    if (dig(step, 'extra', 'context_management', 'type') === 'compaction') {
      const parts = readParts(step.message);
      teller.tell({ kind: 'compaction', actor: 'app', parts, place: teller.place(here) });
    } else teller.message(message, isAgent ? { step: answer } : {});
    if (observed?.speaker === 'tool') teller.message(observed);
    else tellObservation(teller, step, here, references);
    if (asBoolean(step.is_copied_context) === true) copied.push(teller.events.slice(before));
  }
}

function messageOf(step: JsonObject, pointer: string): Message {
  const speaker = step.source === 'agent' ? 'assistant' : step.source === 'system' ? 'system' : 'user';
  const thought = asText(step.reasoning_content);
  const ts = readTime(step.timestamp);
  return {
    speaker,
    pieces: [
      ...(thought ? [{ type: 'part' as const, part: { type: 'reasoning' as const, text: thought } }] : []),
      ...readContent(step.message ?? null, pointerTo(pointer, 'message')),
      ...(asArray(step.tool_calls) ?? []).flatMap((item, index): Message['pieces'] => {
        const call = asObject(item) ?? {};
        const callId = asId(call.tool_call_id);
        const name = asText(call.function_name) ?? '';
        const at = pointerTo(pointer, 'tool_calls', index);
        return [
          {
            type: 'call',
            call: { ...(callId !== undefined && { callId }), name, arguments: call.arguments },
            pointer: at,
          },
        ];
      }),
    ],
    pointer,
    ...(ts !== undefined && { ts }),
  };
}

/** One observation of an answer without calls may be the result of a call that was written into it. */
function observationText(step: JsonObject, pointer: string): Message[] | undefined {
  const results = asArray(dig(step, 'observation', 'results')) ?? [];
  const only = results.length === 1 ? asObject(results[0]) : undefined;
  if (
    !only ||
    step.source !== 'agent' ||
    Array.isArray(step.tool_calls) ||
    only.source_call_id !== undefined ||
    typeof only.content !== 'string'
  )
    return undefined;
  const at = pointerTo(pointer, 'observation', 'results', 0);
  return [{ speaker: 'user', pieces: readContent(only.content, at), pointer: at }];
}

function tellObservation(teller: Teller, step: JsonObject, pointer: string, references: Map<string, DraftEvent>): void {
  for (const [index, item] of (asArray(dig(step, 'observation', 'results')) ?? []).entries()) {
    const result = asObject(item) ?? {};
    const at = pointerTo(pointer, 'observation', 'results', index);
    const started = asArray(result.subagent_trajectory_ref) ?? [];
    const callId = asId(result.source_call_id);
    for (const [position, reference] of started.entries()) {
      const id = asId(dig(reference, 'trajectory_id')) ?? asId(dig(reference, 'session_id')) ?? '';
      const call = teller.events.find((event) => event.call && callId !== undefined && event.call.callId === callId);
      const parts: Part[] = [{ type: 'json', value: reference }];
      const place = teller.place(pointerTo(at, 'subagent_trajectory_ref', position));
      const told = call ?? teller.tell({ kind: 'subagent', actor: 'app', name: id, parts, place });
      references.set(id, told);
    }
    if (result.content === undefined && started.length > 0) continue;
    teller.result(callId === undefined ? {} : { callId }, null, at, { parts: readParts(result.content) });
  }
}

function stepOf(step: JsonObject, agent: JsonObject): DraftStep {
  const metrics = asObject(step.metrics) ?? {};
  const counts = {
    in: asNumber(metrics.prompt_tokens),
    out: asNumber(metrics.completion_tokens),
    cached: asNumber(metrics.cached_tokens),
  };
  const usage = Object.fromEntries(
    Object.entries(counts).filter(([, count]) => count !== undefined),
  ) as DraftStep['usage'];
  const model = asText(step.model_name) ?? asText(agent.model_name);
  const externalId = asId(step.step_id);
  return {
    ...(externalId !== undefined && { externalId }),
    ...(model !== undefined && { model }),
    ...(usage && Object.keys(usage).length > 0 && { usage }),
  };
}
