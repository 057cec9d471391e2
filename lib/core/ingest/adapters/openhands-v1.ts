/** OpenHands V1: typed events, one a record. Actions of one answer share its id; results name their action. */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { DraftStep, DraftTrajectory } from '../adapter.ts';
import { asArray, asBoolean, asId, asNumber, asObject, asText, dig, firstText } from '../shared/json-access.ts';
import { opaque } from '../shared/media.ts';
import { readParts } from '../shared/read-block.ts';
import { readMessage } from '../shared/read-message.ts';
import { readTime } from '../shared/read-time.ts';
import type { LoggedRecord } from '../shared/session-log.ts';
import { Teller } from '../shared/teller.ts';
import { readToolDefs } from '../shared/tool-defs.ts';

export const isTypedEvent = (value: Json | undefined): boolean =>
  isObject(value) &&
  /(?:Event|Observation|Condensation|CondensationRequest)$/.test(asText(value.kind) ?? '') &&
  typeof value.source === 'string' &&
  ('id' in value || 'timestamp' in value);

export function tellEvents(records: LoggedRecord[]): DraftTrajectory {
  const teller = new Teller(records[0]!);
  const steps = new Map<string, DraftStep>();
  const tools: Json[] = [];
  for (const record of records) {
    teller.from(record);
    const event = asObject(record.value) ?? {};
    tools.push(...(asArray(event.tools) ?? []));
    tellEvent(teller, event, steps);
  }
  const defs = readToolDefs(tools);
  return {
    flags: ['no_id'],
    agent: { name: 'openhands' },
    events: teller.events,
    ...(defs.length > 0 && { tools: defs }),
  };
}

function tellEvent(teller: Teller, event: JsonObject, steps: Map<string, DraftStep>): void {
  const ts = readTime(event.timestamp);
  const time = ts === undefined ? {} : { ts };
  switch (event.kind) {
    case 'SystemPromptEvent':
      teller.say('system', readParts(event.system_prompt), '/system_prompt', time);
      break;
    case 'MessageEvent':
      tellMessage(teller, event, time, stepOf(event, steps));
      break;
    case 'ActionEvent':
      tellAction(teller, event, time, stepOf(event, steps));
      break;
    case 'ObservationEvent':
      tellObservation(teller, event, time);
      break;
    case 'AgentErrorEvent':
      teller.result({ ...callOf(event), status: 'error' }, asText(event.error) ?? '', '/error', time);
      break;
    case 'UserRejectObservation': {
      const comment = asText(event.rejection_reason);
      const { callId } = callOf(event);
      const rejected = teller.events.findLast(({ call }) => call && call.callId === callId);
      teller.result({ ...callOf(event), status: 'error', errorType: 'rejected' }, comment ?? '', '', time);
      teller.feedback(
        { target: rejected ?? 'last_answer', signal: 'reject', value: true, by: 'user', ...(comment && { comment }) },
        '',
        time,
      );
      break;
    }
    case 'Condensation':
    case 'CondensationSummaryEvent': {
      const summary = asText(event.summary);
      const parts: Part[] = summary ? [{ type: 'text', text: summary }] : [];
      teller.tell({ kind: 'compaction', actor: 'app', parts, place: teller.place(''), ...time });
      break;
    }
    case 'ConversationErrorEvent':
    case 'LLMErrorEvent':
      teller.error(
        { where: 'app', ...typeOf(event), message: firstText(event, 'detail', 'message', 'error') ?? '' },
        '',
        time,
      );
      break;
    default:
      teller.meta(event, '', time);
  }
}

const typeOf = (event: JsonObject): { type?: string } => {
  const type = asText(event.code);
  return type === undefined ? {} : { type };
};

const callOf = (event: JsonObject): { callId?: string; name?: string } => {
  const callId = asId(event.tool_call_id) ?? asId(event.action_id);
  const name = asText(event.tool_name);
  return { ...(callId !== undefined && { callId }), ...(name !== undefined && { name }) };
};

function stepOf(event: JsonObject, steps: Map<string, DraftStep>): DraftStep {
  const id = asId(event.llm_response_id);
  const step = (id === undefined ? undefined : steps.get(id)) ?? (id === undefined ? {} : { externalId: id });
  if (id !== undefined) steps.set(id, step);
  return step;
}

function tellMessage(teller: Teller, event: JsonObject, time: { ts?: string }, step: DraftStep): void {
  const logged = asObject(event.llm_message) ?? {};
  const message = readMessage(logged, '/llm_message');
  if (!message) return;
  if (time.ts !== undefined) message.ts = time.ts;
  if (event.source === 'agent') message.speaker = 'assistant';
  teller.message(message, message.speaker === 'assistant' ? { step } : {});
  for (const [index, extra] of (asArray(event.extended_content) ?? []).entries())
    teller.say('user', readParts(extra), `/extended_content/${index}`, { ...time, injected: true });
}

function tellAction(teller: Teller, event: JsonObject, time: { ts?: string }, step: DraftStep): void {
  const thought = asText(event.reasoning_content);
  const signed = (asArray(event.thinking_blocks) ?? []).flatMap((block): Part[] => {
    const hidden = firstText(asObject(block) ?? {}, 'signature', 'data');
    return hidden ? [{ type: 'reasoning', opaque: opaque(hidden) }] : [];
  });
  const parts: Part[] = [
    ...(thought ? [{ type: 'reasoning' as const, text: thought }] : []),
    ...signed,
    ...(asArray(event.thought)?.length === 0 ? [] : readParts(event.thought)),
  ];
  if (parts.length > 0) teller.say('assistant', parts, '', { ...time, step });
  const name =
    asText(event.tool_name) ?? asText(dig(event, 'tool_call', 'name')) ?? asText(dig(event, 'action', 'kind')) ?? '';
  const callId = asId(event.tool_call_id) ?? asId(event.id);
  const asked =
    dig(event, 'tool_call', 'arguments') ?? dig(event, 'tool_call', 'function', 'arguments') ?? event.action;
  teller.call(
    { ...(callId !== undefined && { callId }), name, arguments: asked },
    isObject(event.tool_call) ? '/tool_call' : '',
    { ...time, step },
  );
}

function tellObservation(teller: Teller, event: JsonObject, time: { ts?: string }): void {
  const seen = asObject(event.observation) ?? {};
  const code = asNumber(seen.exit_code) ?? asNumber(dig(seen, 'metadata', 'exit_code'));
  const isError = asBoolean(seen.is_error);
  const result = {
    ...callOf(event),
    ...(isError === true && { status: 'error' as const }),
    ...(isError === false && (code === undefined || code === 0) && { status: 'ok' as const }),
    ...(code !== undefined && { exitCode: code }),
  };
  teller.result(result, seen.content ?? seen.output ?? seen.error, '/observation', time);
}
