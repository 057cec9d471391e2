/** Calls as providers and libraries write them. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { pick, textField } from './fields.ts';
import { asArray, asId, asObject, asText, firstText, insideText, pointerTo } from './json-access.ts';
import type { Call, Piece } from './message.ts';
import { unpackJson } from './unpack-json.ts';

/** `call_id` is what results refer to, `id` may be the item's own. */
export const callIdOf = (value: JsonObject): string | undefined =>
  asId(pick(value, 'call_id', 'tool_call_id', 'toolCallId', 'tool_use_id', 'toolUseId', 'id'));

/** One call in the shape of OpenAI (new, legacy, custom), LangChain, Gemini, Bedrock, Anthropic or the AI SDK. */
export function readCall(item: Json): Call | undefined {
  const value = asObject(item);
  if (!value) return undefined;
  const inner = asObject(value.function) ?? asObject(value.custom) ?? value;
  const name =
    firstText(inner, 'name', 'toolName', 'tool_name', 'tool') ?? firstText(value, 'name') ?? asText(value.function);
  if (name === undefined) return undefined;
  const logged = ['arguments', 'args', 'input', 'parameters']
    .map((key) => inner[key])
    .find((found) => found !== undefined);
  const call: Call = { name, arguments: logged };
  const callId = callIdOf(value) ?? asId(inner.id);
  if (callId !== undefined) call.callId = callId;
  return call;
}

/** `{id, type: 'function', function: {name, arguments}}`, `{toolCallId, toolName, input}`: a call, not its schema. */
export const isListedCall = (value: Json): boolean =>
  isObject(value) &&
  ((isObject(value.function) && typeof value.function.name === 'string' && value.function.parameters === undefined) ||
    (typeof value.toolName === 'string' && (value.input !== undefined || value.args !== undefined)));

/** A call that the provider runs itself: its own fields win over those of the wrapping. */
export function readServerCall(block: JsonObject): Call | undefined {
  const wrapped = asObject(block.server_tool_call);
  const call = readCall(wrapped ? { ...wrapped, ...block } : block);
  return call && { ...call, origin: 'server' };
}

/** Calls in a list, which may be JSON in a string; what names no tool is kept as it is. */
export function readCalls(list: Json | undefined, pointer: string): Piece[] {
  const at = typeof list === 'string' ? insideText(pointer) : pointer;
  return (asArray(unpackJson(list)) ?? []).flatMap((item, index): Piece[] => {
    const place = pointerTo(at, index);
    const call = readCall(item);
    if (call) return [{ type: 'call', call, pointer: place }];
    return isObject(item) ? [{ type: 'unknown', value: item, pointer: place }] : [];
  });
}

/** Calls beside a message's content; LangChain repeats them in `additional_kwargs`. */
export function callFields(message: JsonObject, pointer: string): Piece[] {
  const kwargs = asObject(message.additional_kwargs) ?? {};
  const places: [Json | undefined, string][] = [
    [message.tool_calls, pointerTo(pointer, 'tool_calls')],
    [message.toolCalls, pointerTo(pointer, 'toolCalls')],
    [kwargs.tool_calls, pointerTo(pointer, 'additional_kwargs', 'tool_calls')],
  ];
  const pieces = places.map(([list, at]) => readCalls(list, at)).find((found) => found.length > 0) ?? [];
  const legacy = message.function_call ?? kwargs.function_call;
  const single = isObject(legacy) ? readCall(legacy) : undefined;
  const at = pointerTo(pointer, ...(isObject(message.function_call) ? [] : ['additional_kwargs']), 'function_call');
  if (single && pieces.length === 0) pieces.push({ type: 'call', call: single, pointer: at });
  return [...pieces, ...readCalls(message.invalid_tool_calls, pointerTo(pointer, 'invalid_tool_calls'))];
}

/** `web_search_call` and the like: named by the item's type; what it searched, ran or clicked is what it was given. */
export function readHostedCall(item: JsonObject, type: string): Call {
  const callId = callIdOf(item);
  return {
    name: textField(item.name) ?? type.replace(/_call$/, ''),
    arguments: pick(item, 'action', 'arguments', 'queries', 'code', 'input') ?? {},
    origin: 'server',
    ...(callId !== undefined && { callId }),
  };
}
