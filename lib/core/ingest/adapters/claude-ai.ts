/** Claude.ai's export: conversations with their messages; `content` wins over `text`, which repeats it. */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftTrajectory, meanScore, type SourceRecord } from '../adapter.ts';
import { documents, mismatch } from '../shared/documents.ts';
import { allBut, asArray, asId, asObject, asText, firstText, pointerTo } from '../shared/json-access.ts';
import type { Message } from '../shared/message.ts';
import { readContent, textPiece } from '../shared/read-block.ts';
import { readTime } from '../shared/read-time.ts';
import { readRole } from '../shared/roles.ts';
import { type TreeNode, tellTree } from '../shared/tell-tree.ts';
import { Teller } from '../shared/teller.ts';

export const claudeAi: Adapter = {
  name: 'claude-ai',
  version: '1',
  specificity: 86,
  score: meanScore(({ value }) => (isConversation(value) ? 1 : 0)),
  start: documents((value, record) =>
    isConversation(value)
      ? tellConversation(value as JsonObject, record)
      : mismatch('a conversation without its messages'),
  ),
};

const isConversation = (value: Json | undefined): boolean =>
  isObject(value) && Array.isArray(value.chat_messages) && value.chat_messages.every(isObject);

function tellConversation(value: JsonObject, record: SourceRecord): DraftTrajectory[] {
  const teller = new Teller(record);
  const nodes: TreeNode[] = [];
  for (const [index, item] of (asArray(value.chat_messages) ?? []).entries()) {
    const message = asObject(item) ?? {};
    const pointer = pointerTo('/chat_messages', index);
    const before = teller.events.length;
    teller.message(readMessage(message, pointer));
    const id = asId(message.uuid) ?? `message ${index}`;
    const named = asId(message.parent_message_uuid);
    // Older exports name no parent: each follows the one before.
    const parent = named ?? nodes.at(-1)?.id;
    nodes.push({ id, ...(parent !== undefined && { parent }), events: teller.events.slice(before) });
  }
  const conversation = asId(value.uuid) ?? asId(value.conversation_id);
  const meta = allBut(value, 'chat_messages', 'uuid', 'conversation_id');
  return [
    ...tellTree(nodes, asId(value.current_leaf_message_uuid) ?? nodes.at(-1)?.id, {
      ...(conversation !== undefined && { rootKey: conversation, externalIds: { conversation } }),
      ...(meta && { meta }),
    }),
  ];
}

function readMessage(item: JsonObject, pointer: string): Message {
  const blocks = asArray(item.content) ?? [];
  const content = readContent(blocks, pointerTo(pointer, 'content'));
  const { speaker, role, isInferred } = readRole(asText(item.sender));
  const ts = readTime(item.created_at);
  return {
    speaker,
    ...(role !== undefined && { role }),
    pieces: [...(content.length > 0 ? content : textPiece(asText(item.text) ?? '')), ...attached(item)],
    pointer,
    ...(ts !== undefined && { ts }),
    ...(isInferred && { flags: ['role_inferred' as const] }),
  };
}

function attached(item: JsonObject): Message['pieces'] {
  const texts = (asArray(item.attachments) ?? []).flatMap((file): Part[] => {
    const value = asObject(file) ?? {};
    const title = asText(value.file_name);
    const text = asText(value.extracted_content);
    return title === undefined && text === undefined
      ? []
      : [{ type: 'document', ...(title && { title }), ...(text && { text }) }];
  });
  const files = (asArray(item.files) ?? []).flatMap((file): Part[] => {
    const value = asObject(file) ?? {};
    const name = firstText(value, 'file_name', 'name');
    const uri = firstText(value, 'file_uuid', 'preview_url');
    return name === undefined && uri === undefined
      ? []
      : [
          {
            type: 'media',
            modality: value.file_kind === 'image' ? 'image' : 'file',
            ...(uri && { uri }),
            ...(name && { name }),
          },
        ];
  });
  return [...texts, ...files].map((part) => ({ type: 'part', part }));
}
