/** Reasoning, wherever a provider or gateway puts it: readable text, and what is sealed by hash and size. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { pick } from './fields.ts';
import { asArray, asObject, asText, firstText } from './json-access.ts';
import { opaque } from './media.ts';
import type { Piece } from './message.ts';

const readable = (text: string): Piece => ({ type: 'part', part: { type: 'reasoning', text } });
export const sealed = (body: string): Piece => ({ type: 'part', part: { type: 'reasoning', opaque: opaque(body) } });

const SEALS = ['signature', 'data', 'encrypted_content', 'protectedData', 'redactedContent', 'encrypted'];

/** @returns undefined when it holds nothing that is known as reasoning; none when it says that there was none */
export function readReasoning(block: JsonObject): Piece[] | undefined {
  const inner = asObject(block.reasoningText) ?? asObject(asObject(block.reasoningContent)?.reasoningText) ?? block;
  const listed = [...(asArray(block.summary) ?? []), ...(asArray(block.content) ?? [])];
  const texts = listed.flatMap((item) => (isObject(item) ? firstText(item, 'text', 'content') : asText(item)) ?? []);
  const text = firstText(inner, 'thinking', 'reasoning', 'text', 'content', 'value');
  const pieces = [...texts, ...(text === undefined ? [] : [text])].filter((said) => said !== '').map(readable);
  const seal = firstText(inner, ...SEALS) ?? firstText(asObject(block.reasoningContent) ?? {}, ...SEALS);
  if (seal !== undefined) pieces.push(sealed(seal));
  if (pieces.length > 0) return pieces;
  const isEmpty = ['thinking', 'reasoning', 'text', 'content', 'summary'].some(
    (key) => block[key] === '' || (Array.isArray(block[key]) && block[key].length === 0),
  );
  return isEmpty ? [] : undefined;
}

/** Gemini signs a part beside its text or call. */
export function readSignature(block: JsonObject): Piece[] {
  const seal = firstText(block, 'thoughtSignature', 'thought_signature');
  return seal === undefined ? [] : [sealed(seal)];
}

/** Fields of a message beside its content. */
export function reasoningFields(message: JsonObject): Piece[] {
  const kwargs = asObject(message.additional_kwargs) ?? {};
  const names = ['reasoning_content', 'reasoning', 'thinking', 'tool_plan'] as const;
  const said = names
    .map((name) => pick(message, name) ?? pick(kwargs, name))
    .find((value) => value !== undefined && value !== '');
  const pieces = readAny(said);
  for (const list of [message.thinking_blocks, message.reasoning_details]) {
    for (const item of asArray(list) ?? []) {
      const seal = firstText(asObject(item) ?? {}, 'signature', 'data');
      if (seal !== undefined) pieces.push(sealed(seal));
    }
  }
  return pieces;
}

function readAny(value: Json | undefined): Piece[] {
  if (typeof value === 'string') return value === '' ? [] : [readable(value)];
  if (Array.isArray(value)) return value.flatMap(readAny);
  return isObject(value) ? (readReasoning(value) ?? []) : [];
}
