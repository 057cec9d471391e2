/** Grok's export: one document with all conversations, their responses below each. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftTrajectory, meanScore, type SourceRecord } from '../adapter.ts';
import { documents, mismatch } from '../shared/documents.ts';
import { allBut, asArray, asId, asObject, asText, dig, pointerTo } from '../shared/json-access.ts';
import { readTime } from '../shared/read-time.ts';
import { readRole } from '../shared/roles.ts';
import { type TreeNode, tellTree } from '../shared/tell-tree.ts';
import { Teller } from '../shared/teller.ts';

export const grok: Adapter = {
  name: 'grok',
  version: '1',
  specificity: 86,
  score: meanScore(({ value }) => (conversationsIn(value) ? 1 : 0)),
  start: documents((value, record) => {
    const found = conversationsIn(value);
    return found
      ? found.flatMap(({ item, pointer }) => tellConversation(item, pointer, record))
      : mismatch('no conversations with responses');
  }),
};

type Found = { item: JsonObject; pointer: string };

const isEntry = (value: Json | undefined): boolean =>
  isObject(value) && isObject(value.conversation) && Array.isArray(value.responses);

function conversationsIn(value: Json | undefined): Found[] | undefined {
  if (!isObject(value)) return undefined;
  if (isEntry(value)) return [{ item: value, pointer: '' }];
  const list = asArray(value.conversations);
  if (!list || list.length === 0 || !list.every(isEntry)) return undefined;
  return list.map((item, index) => ({ item: item as JsonObject, pointer: pointerTo('/conversations', index) }));
}

/** Dates as MongoDB exports them, or plain. */
const timeOf = (value: Json | undefined): string | undefined =>
  readTime(dig(value, '$date', '$numberLong') ?? dig(value, '$date') ?? value);

function tellConversation(item: JsonObject, pointer: string, record: SourceRecord): DraftTrajectory[] {
  const teller = new Teller(record);
  const nodes: TreeNode[] = [];
  for (const [index, entry] of (asArray(item.responses) ?? []).entries()) {
    const response = asObject(asObject(entry)?.response) ?? asObject(entry) ?? {};
    const at = pointerTo(pointer, 'responses', index, ...(isObject(asObject(entry)?.response) ? ['response'] : []));
    const before = teller.events.length;
    const { speaker, role, isInferred } = readRole(asText(response.sender));
    const ts = timeOf(response.create_time);
    const model = asText(response.model);
    const more = {
      ...(ts !== undefined && { ts }),
      ...(role !== undefined && { role }),
      ...(isInferred && { flags: ['role_inferred' as const] }),
    };
    const kind = speaker === 'tool' ? 'user' : speaker;
    teller.say(kind, asText(response.message) ?? '', at, {
      ...more,
      ...(kind === 'assistant' && { step: { ...(model !== undefined && { model }) } }),
    });
    const id = asId(response._id) ?? `response ${index}`;
    const parent = asId(response.parent_response_id) ?? nodes.at(-1)?.id;
    nodes.push({ id, ...(parent !== undefined && { parent }), events: teller.events.slice(before) });
  }
  if (nodes.length === 0) nodes.push({ id: 'empty', events: [teller.meta(item, pointer)] });
  const conversation = asId(dig(item, 'conversation', 'id'));
  const meta = allBut(asObject(item.conversation) ?? {}, 'id');
  return [
    ...tellTree(nodes, nodes.at(-1)?.id, {
      ...(conversation !== undefined && { rootKey: conversation, externalIds: { conversation } }),
      ...(meta && { meta }),
    }),
  ];
}
