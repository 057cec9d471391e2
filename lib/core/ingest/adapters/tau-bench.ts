/**
 * Results of tau-bench and simulations of tau2-bench: a run of one task, with the benchmark's reward as a verifier's
 * verdict. Call ids are reused inside a run; pairing goes by order. In tau2 the simulated user may call tools too.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftEvent,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { present, textField } from '../shared/fields.ts';
import { asArray, asId, asNumber, asObject, dig } from '../shared/json-access.ts';
import { into, placeOf, type Spot, spotOf } from '../shared/spot.ts';
import { draftMeta, draftTold, readTold } from '../shared/told.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readFinish } from '../shared/usage.ts';

const isRun = (value: Json | undefined): value is JsonObject =>
  isObject(value) && Array.isArray(value.traj) && value.reward !== undefined && value.task_id !== undefined;
const isSimulation = (value: Json | undefined): value is JsonObject =>
  isObject(value) &&
  (Array.isArray(value.messages) || Array.isArray(value.ticks)) &&
  value.termination_reason !== undefined;
const isResults = (value: Json | undefined): value is JsonObject =>
  isObject(value) && Array.isArray(value.simulations) && value.info !== undefined;

const scoreRecord = ({ value }: SourceRecord): number =>
  isRun(value) || isSimulation(value) || isResults(value) ? 1 : 0;

class TauBenchRun implements AdapterRun {
  private readonly sink: AdapterSink;

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  *take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    const spot = spotOf(record);
    if (isRun(value)) yield readRun(value, spot);
    else if (isSimulation(value)) yield readSimulation(value, spot, undefined);
    else if (isResults(value)) {
      const info = asObject(value.info);
      const simulations = asArray(value.simulations) ?? [];
      for (const [i, simulation] of simulations.entries()) {
        if (isObject(simulation)) yield readSimulation(simulation, into(spot, 'simulations', i), info);
      }
      // Results without a run are what was asked for, with nothing done yet.
      if (simulations.length === 0) yield { events: [draftMeta(value, spot)] };
    } else this.sink.refuse(record, 'schema_mismatch', 'neither a run nor a simulation');
  }

  end(): Iterable<DraftTrajectory> {
    return [];
  }
}

function readMessages(messages: readonly Json[], spot: Spot, models: { assistant?: string }): DraftEvent[] {
  return messages.flatMap((item, i) => {
    if (!isObject(item)) return [draftMeta(item, into(spot, i))];
    const bundled = asArray(item.tool_messages);
    if (bundled)
      return bundled.flatMap((one, j) =>
        isObject(one) ? readOne(one, into(spot, i, 'tool_messages', j), models) : [],
      );
    return readOne(item, into(spot, i), models);
  });
}

function readOne(item: JsonObject, spot: Spot, models: { assistant?: string }): DraftEvent[] {
  const isTool = item.role === 'tool';
  // tau2 names the call in `id` and says `error` outright.
  const fields: JsonObject =
    isTool && item.tool_call_id === undefined ? { ...item, tool_call_id: item.id ?? null } : item;
  const message = readTold(fields, spot, 'input');
  if (isTool) {
    for (const piece of message.pieces) {
      if (piece.type === 'result' && typeof item.error === 'boolean') piece.result.status = item.error ? 'error' : 'ok';
    }
    return draftTold(message);
  }
  if (message.speaker === 'assistant') {
    const usage = asObject(item.usage) ?? {};
    const counts = present({ in: asNumber(usage.prompt_tokens), out: asNumber(usage.completion_tokens) });
    const step = present({
      model: textField(item.model) ?? models.assistant,
      finish: readFinish(message.finish),
      usage: Object.keys(counts).length > 0 ? counts : undefined,
    });
    return draftTold(message, { step });
  }
  // Calls of the simulated user are no answer of a model.
  return draftTold(message).map((draft) => (draft.call ? { ...draft, actor: 'human' } : draft));
}

function verdict(reward: Json | undefined, spot: Spot): DraftEvent[] {
  const value = asNumber(reward);
  if (value === undefined) return [];
  return [
    {
      kind: 'feedback',
      actor: 'evaluator',
      feedback: { target: 'trajectory', signal: 'score', name: 'reward', value, scale: [0, 1], by: 'verifier' },
      place: placeOf(spot),
    },
  ];
}

function readRun(value: JsonObject, spot: Spot): DraftTrajectory {
  const failure = textField(dig(value.info, 'error'));
  const events = readMessages(asArray(value.traj) ?? [], into(spot, 'traj'), {});
  if (failure !== undefined) {
    events.push({
      kind: 'error',
      actor: 'app',
      error: { where: 'app', message: failure },
      place: placeOf(into(spot, 'info', 'error')),
    });
  }
  events.push(...verdict(value.reward, into(spot, 'reward')));
  const sample = asId(value.task_id);
  const run = asId(value.trial);
  return {
    externalIds: present({ sample, run }) as { [kind: string]: string },
    events,
    meta: everythingBut(value, 'traj', 'reward'),
  };
}

function everythingBut(value: JsonObject, ...names: string[]): JsonObject {
  const rest: JsonObject = Object.create(null);
  for (const name of Object.keys(value)) if (!names.includes(name)) rest[name] = value[name]!;
  return rest;
}

/** A run that these ended was cut short by a limit or a failure, not by the talk. */
const CUT_SHORT = /error|max_steps|timeout|limit/i;

function readSimulation(value: JsonObject, spot: Spot, info: JsonObject | undefined): DraftTrajectory {
  const models = present({ assistant: textField(dig(info, 'agent_info', 'llm')) });
  const logged = asArray(value.messages) ?? [];
  const policy = textField(dig(info, 'environment_info', 'policy'));
  const events =
    logged.length > 0
      ? readMessages(logged, into(spot, 'messages'), models)
      : readTicks(asArray(value.ticks) ?? [], into(spot, 'ticks'), models);
  const reason = textField(value.termination_reason);
  if (reason !== undefined && CUT_SHORT.test(reason)) {
    events.push({
      kind: 'error',
      actor: 'app',
      error: { where: 'app', type: reason, message: reason },
      place: placeOf(into(spot, 'termination_reason')),
    });
  }
  events.push(...verdict(dig(value.reward_info, 'reward'), into(spot, 'reward_info', 'reward')));
  const draft: DraftTrajectory = {
    externalIds: present({ run: asId(value.id), sample: asId(value.task_id) }) as { [kind: string]: string },
    events: events.length > 0 ? events : [draftMeta(value, spot)],
    meta: everythingBut(value, 'messages', 'ticks'),
  };
  const id = asId(value.id);
  if (id !== undefined) draft.rootKey = id;
  const tools = readToolDefs(dig(info, 'environment_info', 'tool_defs'));
  if (tools.length > 0) draft.tools = tools;
  if (policy !== undefined) draft.meta!.policy = policy;
  return draft;
}

/** Voice: each tick holds a bit of what either side says; bits of one speaker in a row are one message. */
function readTicks(ticks: readonly Json[], spot: Spot, models: { assistant?: string }): DraftEvent[] {
  const turns: { message: JsonObject; spot: Spot }[] = [];
  for (const [i, tick] of ticks.entries()) {
    if (!isObject(tick)) continue;
    for (const key of Object.keys(tick)) {
      for (const [j, bit] of (asArray(tick[key]) ?? [tick[key]!]).entries()) {
        if (!isObject(bit) || typeof bit.role !== 'string') continue;
        const at = Array.isArray(tick[key]) ? into(spot, i, key, j) : into(spot, i, key);
        const last = turns.at(-1);
        const text = textField(bit.content);
        const isCall = Array.isArray(bit.tool_calls) && bit.tool_calls.length > 0;
        if (
          last &&
          last.message.role === bit.role &&
          bit.role !== 'tool' &&
          !isCall &&
          last.message.tool_calls === undefined
        ) {
          if (text !== undefined) last.message.content = `${last.message.content ?? ''}${bit.content}`;
        } else if (text !== undefined || isCall || bit.role === 'tool') turns.push({ message: { ...bit }, spot: at });
      }
    }
  }
  return turns.flatMap(({ message, spot: at }) => readOne(message, at, models));
}

export const tauBench: Adapter = {
  name: 'tau-bench',
  version: '1',
  specificity: 85,
  score: meanScore(scoreRecord),
  start: (sink) => new TauBenchRun(sink),
};
