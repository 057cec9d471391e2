/**
 * Open WebUI's chats: messages by id with their parents. Reasoning and calls stand in `output` or as details inside the
 * text. An answer that was corrected keeps what the model had said: the correction is an edit.
 */
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
  asNumber,
  asObject,
  asText,
  dig,
  firstText,
  pointerTo,
} from '../shared/json-access.ts';
import type { Piece } from '../shared/message.ts';
import { readParts } from '../shared/read-block.ts';
import { readOutput } from '../shared/read-items.ts';
import { readTime } from '../shared/read-time.ts';
import { type TreeNode, tellTree } from '../shared/tell-tree.ts';
import { Teller } from '../shared/teller.ts';
import { readUsage } from '../shared/usage.ts';
import { readDetails } from './openwebui-details.ts';

export const openwebui: Adapter = {
  name: 'openwebui',
  version: '1',
  specificity: 86,
  score: meanScore(({ value }) => (chatIn(value) ? 1 : 0)),
  start: documents((value, record) => {
    const found = chatIn(value);
    return found
      ? tellChat(found.chat, found.pointer, value as JsonObject, record)
      : mismatch('a chat without its history');
  }),
};

const isChat = (value: Json | undefined): boolean => isObject(dig(value, 'history', 'messages'));

function chatIn(value: Json | undefined): { chat: JsonObject; pointer: string } | undefined {
  if (isChat(value)) return { chat: value as JsonObject, pointer: '' };
  const inner = asObject(value)?.chat;
  return isChat(inner) ? { chat: inner as JsonObject, pointer: '/chat' } : undefined;
}

function tellChat(chat: JsonObject, pointer: string, whole: JsonObject, record: SourceRecord): DraftTrajectory[] {
  const teller = new Teller(record);
  const messages = asObject(dig(chat, 'history', 'messages')) ?? {};
  const at = pointerTo(pointer, 'history', 'messages');
  const system = firstText(asObject(chat.params) ?? {}, 'system');
  const prompt = system === undefined ? [] : [teller.say('system', system, pointerTo(pointer, 'params', 'system'))];
  const nodes: TreeNode[] = [];
  for (const id of Object.keys(messages)) {
    const message = asObject(messages[id]) ?? {};
    const parent = asId(message.parentId);
    const before = teller.events.length;
    tellMessage(teller, message, pointerTo(at, id));
    nodes.push({ id, ...(parent !== undefined && { parent }), events: teller.events.slice(before) });
  }
  for (const node of nodes) if (node.parent === undefined) node.events.unshift(...prompt.splice(0));
  const conversation = asId(whole.id) ?? asId(chat.id);
  // The flat list repeats the current path.
  const meta = allBut(chat, 'history', 'messages', 'id');
  return [
    ...tellTree(nodes, asId(dig(chat, 'history', 'currentId')), {
      ...(conversation !== undefined && { rootKey: conversation, externalIds: { conversation } }),
      ...(meta && { meta }),
    }),
  ];
}

function tellMessage(teller: Teller, message: JsonObject, pointer: string): void {
  const ts = readTime(message.timestamp);
  const time = ts === undefined ? {} : { ts };
  const content = asText(message.content) ?? '';
  if (message.role === 'user') {
    teller.say(
      'user',
      [...(content === '' ? [] : [{ type: 'text' as const, text: content }]), ...filesOf(message)],
      pointer,
      time,
    );
    return;
  }
  if (message.role === 'system') {
    teller.say('system', content, pointer, time);
    return;
  }
  tellSources(teller, message, pointer);
  const model = asText(message.model);
  const usage = readUsage(message.usage);
  const failure =
    asText(dig(message, 'error', 'content')) ?? asText(dig(message, 'error', 'message')) ?? asText(message.error);
  const step: DraftStep = {
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
    ...(asBoolean(message.done) === false && { finish: 'incomplete' as const }),
  };
  // After a correction the model's own words stand beside it.
  const original = asText(message.originalContent);
  const isEdited = original !== undefined && original !== content;
  const output = asArray(message.output) ?? [];
  const said: Piece[] = isEdited
    ? readDetails(original, pointerTo(pointer, 'originalContent'))
    : output.length > 0
      ? readOutput(output, pointerTo(pointer, 'output')).pieces
      : readDetails(content, pointerTo(pointer, 'content'));
  const before = teller.events.length;
  if (said.length > 0 || failure === undefined)
    teller.message(
      {
        speaker: 'assistant',
        pieces: said,
        pointer: isEdited ? pointerTo(pointer, 'originalContent') : pointer,
        ...time,
      },
      { step },
    );
  if (failure !== undefined)
    teller.error({ where: 'provider', message: failure }, pointerTo(pointer, 'error'), {
      step: { ...step, finish: 'error' },
    });
  const answer = teller.events.slice(before).findLast((event) => event.kind === 'assistant') ?? teller.events.at(-1)!;
  if (isEdited) {
    const text = readDetails(content, '')
      .flatMap((piece) => (piece.type === 'part' && piece.part.type === 'text' ? [piece.part.text] : []))
      .join('\n');
    teller.feedback({ target: answer, signal: 'edit', value: text, by: 'user' }, pointerTo(pointer, 'content'));
  }
  tellRating(teller, message, pointer, answer);
}

function tellRating(teller: Teller, message: JsonObject, pointer: string, target: DraftEvent): void {
  const rating = asNumber(dig(message, 'annotation', 'rating'));
  if (rating === undefined) return;
  const reason = [dig(message, 'annotation', 'reason'), dig(message, 'annotation', 'comment')].flatMap((text) =>
    typeof text === 'string' && text !== '' ? [text] : [],
  );
  teller.feedback(
    {
      target,
      signal: 'thumb',
      value: rating > 0,
      by: 'user',
      ...(reason.length > 0 && { comment: reason.join(': ') }),
    },
    pointerTo(pointer, 'annotation'),
  );
}

/** Passages that were looked up for the answer. */
function tellSources(teller: Teller, message: JsonObject, pointer: string): void {
  for (const [index, item] of (asArray(message.sources) ?? asArray(message.citations) ?? []).entries()) {
    const source = asObject(item) ?? {};
    const title = asText(dig(source, 'source', 'name'));
    const uri = asText(dig(source, 'source', 'url'));
    const texts = (asArray(source.document) ?? []).filter((text) => typeof text === 'string');
    const parts: Part[] = (texts.length > 0 ? texts : [undefined]).map((text) => ({
      type: 'document',
      ...(title && { title }),
      ...(uri && { uri }),
      ...(text !== undefined && { text }),
    }));
    teller.tell({
      kind: 'retrieval',
      actor: 'tool',
      parts,
      place: teller.place(pointerTo(pointer, 'sources' in message ? 'sources' : 'citations', index)),
    });
  }
}

function filesOf(message: JsonObject): Part[] {
  return (asArray(message.files) ?? []).flatMap((item): Part[] => {
    const file = asObject(item) ?? {};
    const name = firstText(file, 'name') ?? asText(dig(file, 'file', 'filename'));
    const text = asText(dig(file, 'file', 'data', 'content'));
    if (text !== undefined) return [{ type: 'document', ...(name && { title: name }), text }];
    const url = firstText(file, 'url', 'id');
    if (url === undefined) return [];
    const read =
      file.type === 'image'
        ? readParts([{ type: 'image_url', image_url: { url } }])
        : [{ type: 'media' as const, modality: 'file' as const, uri: url }];
    return read.map((part) => (name && part.type === 'media' ? { ...part, name } : part));
  });
}
