/** ChatGPT's export: trees of messages by id, walked from the current one; thumbs in a file of their own. */
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
import { parseJson } from '../parse-json.ts';
import { documents, mismatch } from '../shared/documents.ts';
import { allBut, asArray, asId, asObject, asText, dig, firstText, pointerTo } from '../shared/json-access.ts';
import { readParts } from '../shared/read-block.ts';
import { readTime } from '../shared/read-time.ts';
import { type TreeNode, tellTree } from '../shared/tell-tree.ts';
import { Teller } from '../shared/teller.ts';

export const chatgpt: Adapter = {
  name: 'chatgpt',
  version: '1',
  specificity: 86,
  score: meanScore(({ value }) => (isConversation(value) ? 1 : isFeedback(value) ? 0.9 : 0)),
  start: documents((value, record) => {
    if (isFeedback(value)) return [tellFeedback(value as JsonObject, record)];
    return isConversation(value)
      ? tellConversation(value as JsonObject, record)
      : mismatch('a conversation without its messages');
  }),
};

const isConversation = (value: Json | undefined): boolean =>
  isObject(value) &&
  isObject(value.mapping) &&
  ('current_node' in value || 'conversation_id' in value || 'title' in value);
const isFeedback = (value: Json | undefined): boolean =>
  isObject(value) &&
  /^thumbs?[_-]?(?:up|down)$/i.test(asText(value.rating) ?? '') &&
  ('conversation_id' in value || 'message_id' in value);

function tellFeedback(value: JsonObject, record: SourceRecord): DraftTrajectory {
  const teller = new Teller(record);
  const ts = readTime(value.create_time ?? value.created_at);
  const comment = firstText(value, 'content', 'text', 'comment');
  const isUp = /up$/i.test(value.rating as string);
  teller.feedback(
    { target: 'trajectory', signal: 'thumb', value: isUp, by: 'user', ...(comment && { comment }) },
    '/rating',
    { ...(ts !== undefined && { ts }) },
  );
  const conversation = asId(value.conversation_id);
  return { ...(conversation !== undefined && { externalIds: { conversation } }), events: teller.events };
}

function tellConversation(value: JsonObject, record: SourceRecord): DraftTrajectory[] {
  const mapping = value.mapping as JsonObject;
  const teller = new Teller(record);
  const tools = new Set(Object.keys(mapping).flatMap((id) => recipientOf(messageIn(mapping[id])) ?? []));
  const steps = new Map<string, DraftStep>();
  const nodes: TreeNode[] = [];
  for (const id of inOrder(mapping)) {
    const node = asObject(mapping[id]) ?? {};
    const parent = asId(node.parent);
    const before = teller.events.length;
    const message = messageIn(node);
    if (message) {
      const step = stepOf(message, parent === undefined ? undefined : steps.get(parent));
      if (step) steps.set(id, step);
      tellMessage(teller, message, pointerTo('/mapping', id, 'message'), step, tools);
    }
    nodes.push({ id, ...(parent !== undefined && { parent }), events: teller.events.slice(before) });
  }
  const conversation = asId(value.conversation_id) ?? asId(value.id);
  const meta = allBut(value, 'mapping', 'current_node', 'conversation_id', 'id');
  return [
    ...tellTree(nodes, asId(value.current_node), {
      ...(conversation !== undefined && { rootKey: conversation, externalIds: { conversation } }),
      ...(meta && { meta }),
    }),
  ];
}

const messageIn = (node: Json | undefined): JsonObject | undefined => asObject(asObject(node)?.message);

/** A call names its tool as the one that it is for. */
function recipientOf(message: JsonObject | undefined): string | undefined {
  const recipient = asText(message?.recipient);
  return recipient === undefined || recipient === 'all' || recipient === '' ? undefined : recipient;
}

/** Parents before children, so that what follows an answer can belong to it. */
function inOrder(mapping: JsonObject): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  const children = new Map<string, string[]>();
  const roots: string[] = [];
  for (const id of Object.keys(mapping)) {
    const parent = asId(dig(mapping[id], 'parent'));
    if (parent !== undefined && parent in mapping) addTo(children, parent, id);
    else roots.push(id);
  }
  const open = roots.reverse();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    ordered.push(id);
    for (const child of (children.get(id) ?? []).toReversed()) open.push(child);
  }
  return [...ordered, ...Object.keys(mapping).filter((id) => !seen.has(id))];
}

function addTo(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

/** What the model says in a row (thoughts, a call, text) is one answer. */
function stepOf(message: JsonObject, before: DraftStep | undefined): DraftStep | undefined {
  if (dig(message, 'author', 'role') !== 'assistant') return undefined;
  const model = asText(dig(message, 'metadata', 'model_slug'));
  const step = before ?? {};
  if (model !== undefined) step.model ??= model;
  if (message.status === 'in_progress') step.finish = 'incomplete';
  return step;
}

function tellMessage(
  teller: Teller,
  message: JsonObject,
  pointer: string,
  step: DraftStep | undefined,
  tools: ReadonlySet<string>,
): void {
  const role = asText(dig(message, 'author', 'role'));
  const content = asObject(message.content) ?? {};
  const parts = partsOf(content);
  const ts = readTime(message.create_time);
  const time = ts === undefined ? {} : { ts };
  const isHidden =
    dig(message, 'metadata', 'is_visually_hidden_from_conversation') === true ||
    content.content_type === 'user_editable_context' ||
    content.content_type === 'model_editable_context';
  if (role === 'system') {
    if (parts.length > 0) teller.say('system', parts, pointer, time);
  } else if (role === 'user')
    teller.say('user', parts, pointer, { ...time, ...(isHidden && { injected: true as const }) });
  else if (role === 'tool') {
    const name = asText(dig(message, 'author', 'name'));
    const result = name !== undefined && tools.has(name) ? { name } : {};
    const failed = dig(message, 'metadata', 'aggregate_result', 'status') === 'failed_with_in_kernel_exception';
    teller.result({ ...result, ...(failed && { status: 'error' as const }) }, null, pointer, {
      parts,
      ...time,
      ...(name !== undefined && { name }),
    });
  } else if (role === 'assistant') {
    const tool = recipientOf(message);
    const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
    if (tool === undefined) {
      if (content.content_type === 'reasoning_recap') teller.meta(content, pointer, time);
      else if (parts.length > 0 || message.status !== 'finished_successfully')
        teller.say('assistant', parts, pointer, { ...time, step: step! });
    } else {
      const reading = parseJson(text);
      const asked = reading.ok && isObject(reading.value) ? text : { input: text };
      const call: NonNullable<DraftEvent['call']> = {
        name: tool,
        arguments: asked,
        ...(typeof asked !== 'string' && { raw: text }),
      };
      teller.call(call, pointer, { ...time, step: step! });
    }
  } else teller.meta(message, pointer, time);
}

function partsOf(content: JsonObject): Part[] {
  const type = asText(content.content_type);
  if (type === 'thoughts')
    return (asArray(content.thoughts) ?? []).flatMap((thought): Part[] => {
      const said = [dig(thought, 'summary'), dig(thought, 'content')].flatMap((text) =>
        typeof text === 'string' && text !== '' ? [text] : [],
      );
      return said.length === 0 ? [] : [{ type: 'reasoning', text: said.join('\n') }];
    });
  if (type === 'tether_quote') {
    const [title, uri, text] = [asText(content.title), asText(content.url), asText(content.text)];
    return [{ type: 'document', ...(title && { title }), ...(uri && { uri }), ...(text && { text }) }];
  }
  if (type === 'user_editable_context' || type === 'model_editable_context') {
    const said = ['user_profile', 'user_instructions', 'model_set_context'].flatMap(
      (key) => firstText(content, key) ?? [],
    );
    return said.map((text) => ({ type: 'text', text }));
  }
  const parts = asArray(content.parts);
  if (parts) return parts.flatMap(partOf);
  return readParts(
    firstText(content, 'text', 'result', 'content') ??
      allBut(content, 'content_type', 'language', 'text', 'response_format_name') ??
      null,
  );
}

/** Text, or a pointer to what was uploaded or made. */
function partOf(part: Json): Part[] {
  const value = asObject(part);
  if (!value) return readParts(part);
  const uri = asText(value.asset_pointer);
  const kind = asText(value.content_type) ?? '';
  if (uri !== undefined) {
    const modality = kind.includes('image')
      ? 'image'
      : kind.includes('audio')
        ? 'audio'
        : kind.includes('video')
          ? 'video'
          : 'file';
    return [{ type: 'media', modality, uri }];
  }
  const text = firstText(value, 'text');
  return text === undefined ? [{ type: 'json', value }] : [{ type: 'text', text }];
}
