/** Runs of the Agents SDK as it keeps them itself: the snapshot of one that may go on, and the result of one that is over. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import type { DraftStep, DraftTrajectory, SourceRecord } from '../adapter.ts';
import { pick } from '../shared/fields.ts';
import { allBut, asArray, asId, asObject, asText, dig, pointerTo } from '../shared/json-access.ts';
import type { Message } from '../shared/message.ts';
import { readItem, readItems } from '../shared/read-items.ts';
import { Teller } from '../shared/teller.ts';
import { readUsage } from '../shared/usage.ts';

/** Versions 1.x; a later one may mean something else by the same words. */
const KNOWN_VERSION = /^1\.\d+$/;

export const isRunState = (value: Json | undefined): boolean =>
  isObject(value) && typeof value.$schemaVersion === 'string';
export const isRunResult = (value: Json | undefined): boolean =>
  isObject(value) &&
  (Array.isArray(value.raw_responses) || Array.isArray(value.rawResponses)) &&
  ('final_output' in value || 'finalOutput' in value);

/** The JavaScript library writes items in camel case and results under another name. */
function plainItem(item: Json): Json {
  const value = asObject(item);
  if (!value) return item;
  const type =
    value.type === 'function_call_result'
      ? 'function_call_output'
      : value.type === 'hosted_tool_call'
        ? `${asText(value.name) ?? 'hosted'}_call`
        : value.type;
  const output = dig(value.output, 'type') === 'text' ? dig(value.output, 'text') : value.output;
  const plain: JsonObject = { ...value, ...(type !== undefined && { type }), ...(output !== undefined && { output }) };
  if (value.callId !== undefined) plain.call_id = value.callId;
  if (value.providerData !== undefined) delete plain.providerData;
  return plain;
}

/** @returns undefined for a version that is not known, or without an agent */
export function tellRunState(state: JsonObject, record: SourceRecord): DraftTrajectory | undefined {
  const agent = asText(dig(pick(state, 'current_agent', 'currentAgent'), 'name'));
  if (agent === undefined || !KNOWN_VERSION.test(state.$schemaVersion as string)) return undefined;
  const teller = new Teller(record);
  const inputKey = 'original_input' in state ? 'original_input' : 'originalInput';
  tellInput(teller, state[inputKey], pointerTo('', inputKey));
  const itemsKey = 'generated_items' in state ? 'generated_items' : 'generatedItems';
  const answers = asArray(pick(state, 'model_responses', 'modelResponses')) ?? [];
  const generated = asArray(state[itemsKey]) ?? [];
  if (generated.length > 0) tellItems(teller, generated, pointerTo('', itemsKey), answers);
  else tellAnswers(teller, answers, pointerTo('', 'model_responses' in state ? 'model_responses' : 'modelResponses'));
  tellApprovals(teller, asObject(dig(state, 'context', 'approvals')) ?? {});
  const meta = allBut(
    state,
    inputKey,
    itemsKey,
    'model_responses',
    'modelResponses',
    'last_model_response',
    'lastModelResponse',
  );
  const trace = asId(dig(state, 'trace', 'id'));
  return {
    ...(trace !== undefined && { rootKey: trace, externalIds: { trace } }),
    agent: { name: agent },
    events: teller.events,
    ...(meta && { meta }),
  };
}

export function tellRunResult(result: JsonObject, record: SourceRecord): DraftTrajectory {
  const teller = new Teller(record);
  tellInput(teller, result.input, '/input');
  const itemsKey = ['new_items', 'newItems'].find((key) => Array.isArray(result[key]));
  const answersKey = 'raw_responses' in result ? 'raw_responses' : 'rawResponses';
  const answers = asArray(result[answersKey]) ?? [];
  if (itemsKey) tellItems(teller, asArray(result[itemsKey])!, pointerTo('', itemsKey), answers);
  else tellAnswers(teller, answers, pointerTo('', answersKey));
  const agent = asText(dig(pick(result, 'last_agent', 'lastAgent'), 'name'));
  const meta = allBut(result, 'input', answersKey, ...(itemsKey ? [itemsKey] : []));
  return { ...(agent !== undefined && { agent: { name: agent } }), events: teller.events, ...(meta && { meta }) };
}

function tellInput(teller: Teller, input: Json | undefined, pointer: string): void {
  const plain = Array.isArray(input) ? input.map(plainItem) : input;
  for (const message of readItems(plain, pointer)) teller.message(message);
}

const stepOf = (answer: Json | undefined): DraftStep => {
  const externalId = asId(pick(asObject(answer) ?? {}, 'response_id', 'responseId'));
  const usage = readUsage(dig(answer, 'usage'));
  return { ...(externalId !== undefined && { externalId }), ...(usage && { usage }) };
};

/** What was made in the run, in order: a result, or another agent, ends an answer. */
function tellItems(teller: Teller, items: readonly Json[], pointer: string, answers: readonly Json[]): void {
  let step: DraftStep | undefined;
  let next = 0;
  for (const [index, item] of items.entries()) {
    const wrapper = asObject(item) ?? {};
    const at = pointerTo(pointer, index);
    const key = 'raw_item' in wrapper ? 'raw_item' : 'rawItem';
    const message = readItem(plainItem(wrapper[key] ?? item), key in wrapper ? pointerTo(at, key) : at);
    const type = asText(wrapper.type) ?? '';
    if (type.startsWith('handoff_output')) {
      const to = asText(dig(pick(wrapper, 'target_agent', 'targetAgent'), 'name')) ?? '';
      if (message) teller.message(message);
      teller.tell({
        kind: 'subagent',
        actor: 'app',
        name: to,
        parts: [{ type: 'json', value: allBut(wrapper, key) ?? {} }],
        place: teller.place(at),
      });
      step = undefined;
      continue;
    }
    if (!message) {
      teller.meta(item, at);
      continue;
    }
    step = message.speaker === 'assistant' ? (step ?? stepOf(answers[next++])) : undefined;
    teller.message(message, step ? { step } : {});
  }
}

function tellAnswers(teller: Teller, answers: readonly Json[], pointer: string): void {
  for (const [index, answer] of answers.entries()) {
    const output = (asArray(asObject(answer)?.output) ?? []).map(plainItem);
    const pieces: Message['pieces'] = output.flatMap(
      (item, at) => readItem(item, pointerTo(pointer, index, 'output', at))?.pieces ?? [],
    );
    teller.message({ speaker: 'assistant', pieces, pointer: pointerTo(pointer, index) }, { step: stepOf(answer) });
  }
}

/** By tool: `true` for all of its calls, or the ids of those that were approved or rejected. */
function tellApprovals(teller: Teller, approvals: JsonObject): void {
  for (const tool of Object.keys(approvals)) {
    for (const [field, signal] of [
      ['approved', 'accept'],
      ['rejected', 'reject'],
    ] as const) {
      const given = dig(approvals[tool], field);
      const ids = (asArray(given) ?? []).map(asId);
      for (const call of teller.events.filter(
        (event) => event.call?.name === tool && (given === true || ids.includes(event.call.callId)),
      ))
        teller.feedback(
          { target: call, signal, value: true, by: 'user', name: tool },
          pointerTo('/context/approvals', tool, field),
        );
    }
  }
}
