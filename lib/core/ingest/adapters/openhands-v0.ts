/** OpenHands V0: actions and observations, one after another or in pairs, alone or as the history of a row. */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { DraftStep, DraftTrajectory, SourceRecord } from '../adapter.ts';
import { allBut, asArray, asId, asNumber, asObject, asText, dig, firstText, pointerTo } from '../shared/json-access.ts';
import { readTime } from '../shared/read-time.ts';
import { Teller } from '../shared/teller.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readUsage } from '../shared/usage.ts';

export const isEvent = (value: Json | undefined): boolean => {
  if (!isObject(value)) return false;
  const isAction =
    typeof value.action === 'string' &&
    ('args' in value || 'thought' in value || 'source' in value || 'content' in value);
  const isObservation =
    typeof value.observation === 'string' &&
    'content' in value &&
    ('extras' in value || 'source' in value || 'cause' in value);
  return isAction || isObservation;
};
const isPair = (value: Json): boolean => Array.isArray(value) && value.length === 2 && isEvent(value[0]);
export const isHistory = (value: Json | undefined): value is Json[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isEvent(item) || isPair(item));
export const isRow = (value: Json | undefined): boolean =>
  isObject(value) &&
  Array.isArray(value.history) &&
  ('instance_id' in value || 'issue' in value || 'git_patch' in value || isHistory(value.history));

const SAYS_NOTHING = new Set(['recall', 'change_agent_state', 'null', 'agent_state_changed', 'loop_recovery']);

export class HistoryTeller {
  readonly teller: Teller;
  tools: JsonObject[] = [];
  private readonly steps = new Map<string, DraftStep>();
  private hasUser = false;

  constructor(record: SourceRecord) {
    this.teller = new Teller(record);
  }

  tell(event: JsonObject, pointer: string): void {
    if (typeof event.observation === 'string') this.observation(event, event.observation, pointer);
    else this.action(event, asText(event.action) ?? '', pointer);
  }

  private action(event: JsonObject, action: string, pointer: string): void {
    const args = asObject(event.args) ?? event;
    const ts = readTime(event.timestamp);
    const time = ts === undefined ? {} : { ts };
    const thought = asText(args.thought) ?? '';
    if (SAYS_NOTHING.has(action)) this.teller.meta(event, pointer, time);
    else if (action === 'system') {
      this.teller.say('system', asText(args.content) ?? '', pointer, time);
      this.tools.push(...(asArray(args.tools) ?? []).filter(isObject));
    } else if (action === 'message') this.message(event, args, pointer, time);
    else if (action === 'think')
      this.teller.say('assistant', [{ type: 'reasoning', text: thought }], pointer, {
        ...time,
        step: this.stepOf(event),
      });
    else {
      const step = this.stepOf(event);
      if (thought !== '') this.teller.say('assistant', thought, pointer, { ...time, step });
      this.teller.call({ ...idOf(event), ...calledBy(event, action, args) }, pointer, { ...time, step });
    }
  }

  private message(event: JsonObject, args: JsonObject, pointer: string, time: { ts?: string }): void {
    const text = firstText(args, 'content') ?? asText(event.message) ?? '';
    const images = (asArray(args.image_urls) ?? asArray(args.images_urls) ?? []).flatMap((url): Part[] =>
      typeof url === 'string' ? [{ type: 'media', modality: 'image', uri: url }] : [],
    );
    const parts: Part[] = [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...images];
    // Without a source the first one is the task.
    const isUsers = event.source === 'user' || (event.source === undefined && !this.hasUser);
    if (isUsers) this.teller.say('user', parts, pointer, time);
    else this.teller.say('assistant', parts, pointer, { ...time, step: this.stepOf(event) });
    this.hasUser ||= isUsers;
  }

  private observation(event: JsonObject, observation: string, pointer: string): void {
    const ts = readTime(event.timestamp);
    const time = ts === undefined ? {} : { ts };
    const extras = asObject(event.extras) ?? {};
    const text = asText(event.content) ?? '';
    const isAnswer = event.cause !== undefined && event.cause !== null;
    if (SAYS_NOTHING.has(observation) || observation === 'think') this.teller.meta(event, pointer, time);
    else if (observation === 'user_rejected') {
      const { callId } = causeOf(event);
      const rejected = this.teller.events.findLast(({ call }) => call && call.callId === callId);
      this.teller.result({ ...causeOf(event), status: 'error', errorType: observation }, text, pointer, time);
      this.teller.feedback(
        {
          target: rejected ?? 'last_answer',
          signal: 'reject',
          value: true,
          by: 'user',
          ...(text !== '' && { comment: text }),
        },
        pointer,
        time,
      );
    } else if (observation === 'error' && !isAnswer) this.teller.error({ where: 'app', message: text }, pointer, time);
    else if (observation === 'condense' || observation === 'agent_condensation') {
      this.teller.tell({
        kind: 'compaction',
        actor: 'app',
        parts: [{ type: 'text', text }],
        place: this.teller.place(pointer),
        ...time,
      });
    } else {
      const exitCode =
        asNumber(extras.exit_code) ?? asNumber(dig(extras, 'metadata', 'exit_code')) ?? asNumber(event.exit_code);
      const name = asText(dig(event, 'tool_call_metadata', 'function_name'));
      const failed = observation === 'error' || extras.error === true || event.success === false;
      const result = {
        ...causeOf(event),
        ...(name !== undefined && { name }),
        ...(failed && { status: 'error' as const }),
        ...(exitCode !== undefined && { exitCode }),
      };
      this.teller.result(result, text, pointer, time);
    }
  }

  /** Actions of one answer of the model are one step. */
  private stepOf(event: JsonObject): DraftStep {
    const answer = asObject(dig(event, 'tool_call_metadata', 'model_response'));
    const id = asId(answer?.id);
    const known = id === undefined ? undefined : this.steps.get(id);
    if (known) return known;
    const model = asText(answer?.model);
    const usage = readUsage(answer?.usage);
    const step: DraftStep = {
      ...(id !== undefined && { externalId: id }),
      ...(model !== undefined && { model }),
      ...(usage && { usage }),
    };
    if (id !== undefined) this.steps.set(id, step);
    return step;
  }
}

/** A call without an id of its own is known by the event that its observation names as cause. */
const idOf = (event: JsonObject): { callId?: string } => {
  const callId = asId(dig(event, 'tool_call_metadata', 'tool_call_id')) ?? asId(event.id);
  return callId === undefined ? {} : { callId };
};
const causeOf = (event: JsonObject): { callId?: string } => {
  const callId = asId(dig(event, 'tool_call_metadata', 'tool_call_id')) ?? asId(event.cause);
  return callId === undefined ? {} : { callId };
};

const NO_ARGUMENTS = [
  'thought',
  'action',
  'id',
  'timestamp',
  'source',
  'message',
  'cause',
  'tool_call_metadata',
  'llm_metrics',
];

function calledBy(event: JsonObject, action: string, args: JsonObject): { name: string; arguments: Json } {
  const metadata = asObject(event.tool_call_metadata);
  const choice = asObject(asArray(dig(metadata, 'model_response', 'choices'))?.[0]);
  const calls = asArray(dig(choice, 'message', 'tool_calls')) ?? [];
  const logged = calls.find((call) => asId(asObject(call)?.id) === asId(metadata?.tool_call_id));
  const name = asText(metadata?.function_name) ?? action;
  return { name, arguments: dig(logged, 'function', 'arguments') ?? allBut(args, ...NO_ARGUMENTS) ?? {} };
}

/** @param items events, or pairs of an action and what came of it */
export function tellHistory(history: HistoryTeller, items: readonly Json[], pointer: string): void {
  for (const [index, item] of items.entries()) {
    const at = pointerTo(pointer, index);
    if (Array.isArray(item)) for (const [side, event] of item.entries()) tellOne(history, event, pointerTo(at, side));
    else tellOne(history, item, at);
  }
}

function tellOne(history: HistoryTeller, event: Json, pointer: string): void {
  const value = asObject(event);
  if (value && (typeof value.action === 'string' || typeof value.observation === 'string'))
    history.tell(value, pointer);
  // A pair whose action brought nothing.
  else if (value?.observation !== null && event !== null) history.teller.meta(event, pointer);
}

export function tellRow(row: JsonObject, record: SourceRecord): DraftTrajectory {
  const history = new HistoryTeller(record);
  const { teller } = history;
  tellHistory(history, asArray(row.history) ?? [], '/history');
  const asked = asText(row.instruction);
  if (asked && !teller.events.some(({ kind }) => kind === 'user')) {
    teller.say('user', asked, '/instruction');
    teller.events.unshift(teller.events.pop()!);
  }
  const failure = asText(row.error);
  if (failure) teller.error({ where: 'app', message: failure }, '/error');
  const resolved = dig(row, 'test_result', 'resolved') ?? dig(row, 'report', 'resolved');
  for (const [name, verdict, at] of [
    [
      'resolved',
      resolved,
      dig(row, 'test_result', 'resolved') === undefined ? '/report/resolved' : '/test_result/resolved',
    ],
    ['success', row.success, '/success'],
  ] as const) {
    if (typeof verdict === 'boolean')
      teller.feedback({ target: 'trajectory', signal: 'label', name, value: verdict, by: 'verifier' }, at);
  }
  const id = asId(row.instance_id);
  const meta = allBut(row, 'history', 'instruction', 'success', 'error', 'instance_id');
  const tools = readToolDefs(history.tools);
  return {
    ...(id !== undefined && { rootKey: id, externalIds: { sample: id } }),
    agent: { name: 'openhands' },
    events: teller.events,
    ...(tools.length > 0 && { tools }),
    ...(meta && { meta }),
  };
}
