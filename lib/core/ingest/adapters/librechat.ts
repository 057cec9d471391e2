/** LibreChat's exports: a list of messages that name their parent, or the tree of them. */
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
import {
  allBut,
  asArray,
  asBoolean,
  asId,
  asObject,
  asText,
  dig,
  firstText,
  pointerTo,
} from '../shared/json-access.ts';
import { readParts } from '../shared/read-block.ts';
import { readTime } from '../shared/read-time.ts';
import { type TreeNode, tellTree } from '../shared/tell-tree.ts';
import { Teller } from '../shared/teller.ts';

export const librechat: Adapter = {
  name: 'librechat',
  version: '1',
  specificity: 86,
  score: meanScore(({ value }) => (isExport(value) ? 1 : 0)),
  start: documents((value, record) =>
    isExport(value) ? tellExport(value as JsonObject, record) : mismatch('no messages of a conversation'),
  ),
};

const isMessage = (value: Json): boolean =>
  isObject(value) && ('isCreatedByUser' in value || ('sender' in value && 'messageId' in value));
const isExport = (value: Json | undefined): boolean => {
  const list = isObject(value) ? (asArray(value.messagesTree) ?? asArray(value.messages)) : undefined;
  return list !== undefined && list.length > 0 && list.every(isMessage) && 'conversationId' in (value as JsonObject);
};

/** The root that has no message of its own. */
const NO_PARENT = '00000000-0000-0000-0000-000000000000';

function tellExport(value: JsonObject, record: SourceRecord): DraftTrajectory[] {
  const teller = new Teller(record);
  const model = asText(dig(value, 'options', 'model'));
  const prefix = firstText(asObject(value.options) ?? {}, 'promptPrefix', 'system');
  const system = prefix === undefined ? [] : [teller.say('system', prefix, '/options')];
  const key = Array.isArray(value.messagesTree) ? 'messagesTree' : 'messages';
  const nodes: TreeNode[] = [];
  const open: { item: Json; pointer: string; above: string | undefined }[] = (asArray(value[key]) ?? []).map(
    (item, index) => ({
      item,
      pointer: pointerTo('', key, index),
      above: undefined,
    }),
  );
  for (let at = 0; at < open.length; at++) {
    const { item, pointer, above } = open[at]!;
    const message = asObject(item);
    if (!message) continue;
    const id = asId(message.messageId) ?? pointer;
    const named = asId(message.parentMessageId);
    const parent = named !== undefined && named !== NO_PARENT ? named : above;
    const before = teller.events.length;
    tellMessage(teller, message, pointer, model);
    nodes.push({ id, ...(parent !== undefined && { parent }), events: teller.events.slice(before) });
    for (const [index, child] of (asArray(message.children) ?? []).entries())
      open.push({ item: child, pointer: pointerTo(pointer, 'children', index), above: id });
  }
  const root = nodes.find(({ parent }) => parent === undefined);
  if (root) root.events.unshift(...system);
  const conversation = asId(value.conversationId);
  const meta = allBut(value, 'messages', 'messagesTree', 'conversationId');
  return [
    ...tellTree(nodes, undefined, {
      ...(conversation !== undefined && { rootKey: conversation, externalIds: { conversation } }),
      ...(meta && { meta }),
    }),
  ];
}

function tellMessage(teller: Teller, message: JsonObject, pointer: string, model: string | undefined): void {
  const ts = readTime(message.createdAt ?? message.created_at);
  const time = ts === undefined ? {} : { ts };
  const isUsers = asBoolean(message.isCreatedByUser) ?? /^user$/i.test(asText(message.sender) ?? '');
  const text = asText(message.text) ?? '';
  if (isUsers) {
    const said: Part[] = text === '' ? readParts(message.content) : [{ type: 'text', text }];
    teller.say('user', [...said, ...filesOf(message)], pointer, time);
    return;
  }
  const named = asText(message.model) ?? model;
  const step: DraftStep = {
    ...(named !== undefined && { model: named }),
    ...(message.unfinished === true && { finish: 'incomplete' as const }),
  };
  const name = asText(message.sender);
  if (message.error === true) {
    teller.error(
      {
        where: 'provider',
        message: text === '' ? (firstText(asObject(asArray(message.content)?.[0]) ?? {}, 'error', 'text') ?? '') : text,
      },
      pointer,
      { ...time, step: { ...step, finish: 'error' } },
    );
    return;
  }
  const before = teller.events.length;
  const more = { ...time, step, ...(name !== undefined && { name }) };
  const blocks = asArray(message.content) ?? [];
  if (blocks.length > 0) tellBlocks(teller, blocks, pointerTo(pointer, 'content'), more);
  else teller.say('assistant', text, pointer, more);
  tellRating(
    teller,
    message,
    pointer,
    teller.events.slice(before).findLast((event) => event.step),
  );
}

function tellBlocks(teller: Teller, blocks: readonly Json[], pointer: string, more: Partial<DraftEvent>): void {
  for (const [index, item] of blocks.entries()) {
    const block = asObject(item) ?? {};
    const at = pointerTo(pointer, index);
    const call = asObject(block.tool_call);
    if (block.type === 'tool_call' && call) {
      const callId = asId(call.id);
      const id = callId === undefined ? {} : { callId };
      const name = asText(call.name) ?? asText(dig(call, 'function', 'name')) ?? asText(call.type) ?? '';
      teller.call({ ...id, name, arguments: call.args ?? dig(call, 'function', 'arguments') }, at, more);
      const output = call.output ?? dig(call, 'function', 'output');
      if (output !== undefined && output !== null) teller.result({ ...id, name }, output, at);
    } else if (block.type === 'think' || block.type === 'thinking') {
      const thought = firstText(block, 'think', 'thinking') ?? '';
      if (thought !== '') teller.say('assistant', [{ type: 'reasoning', text: thought }], at, more);
    } else if (block.type === 'error')
      teller.error({ where: 'provider', message: firstText(block, 'error', 'text') ?? '' }, at, {
        ...(more.step && { step: more.step }),
      });
    else {
      const text = asText(block.text) ?? asText(dig(block, 'text', 'value'));
      const parts: Part[] = text === undefined ? readParts(block) : text === '' ? [] : [{ type: 'text', text }];
      if (parts.length > 0) teller.say('assistant', parts, at, more);
    }
  }
}

function tellRating(teller: Teller, message: JsonObject, pointer: string, target: DraftEvent | undefined): void {
  const rating = asText(dig(message, 'feedback', 'rating'));
  if (rating === undefined || !target) return;
  const comment =
    asText(dig(message, 'feedback', 'text')) ??
    asText(dig(message, 'feedback', 'tag', 'key')) ??
    asText(dig(message, 'feedback', 'tag'));
  teller.feedback(
    { target, signal: 'thumb', value: /up/i.test(rating), by: 'user', ...(comment && { comment }) },
    pointerTo(pointer, 'feedback'),
  );
}

function filesOf(message: JsonObject): Part[] {
  return (asArray(message.files) ?? []).flatMap((file): Part[] => {
    const value = asObject(file) ?? {};
    const uri = firstText(value, 'filepath', 'file_id');
    const name = firstText(value, 'filename');
    const mime = firstText(value, 'type');
    if (uri === undefined && name === undefined) return [];
    return [
      {
        type: 'media',
        modality: mime?.startsWith('image/') ? 'image' : 'file',
        ...(mime && { mime }),
        ...(uri && { uri }),
        ...(name && { name }),
      },
    ];
  });
}
