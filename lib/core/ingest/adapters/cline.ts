/** Cline: message files of sessions and sub-agents, and the header of a session. Blocks are like Anthropic's. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftStep, type DraftTrajectory, meanScore, type SourceRecord } from '../adapter.ts';
import { documents, mismatch } from '../shared/documents.ts';
import { allBut, asArray, asId, asObject, asText, dig, firstText, pointerTo } from '../shared/json-access.ts';
import type { Message } from '../shared/message.ts';
import { readBlock, readContent, readParts } from '../shared/read-block.ts';
import { readTime } from '../shared/read-time.ts';
import { readRole } from '../shared/roles.ts';
import { Teller } from '../shared/teller.ts';
import { readUsage } from '../shared/usage.ts';

export const cline: Adapter = {
  name: 'cline',
  version: '1',
  specificity: 90,
  score: meanScore(({ value }) => (isMessages(value) || isHeader(value) ? 1 : 0)),
  start: documents((value, record) => {
    if (isMessages(value)) return [tellMessages(value as JsonObject, record)];
    return isHeader(value) ? [tellHeader(value as JsonObject, record)] : mismatch('neither messages nor a header');
  }),
};

const isMessages = (value: Json | undefined): boolean =>
  isObject(value) &&
  typeof value.sessionId === 'string' &&
  Array.isArray(value.messages) &&
  ('version' in value || 'agent' in value) &&
  !('projectHash' in value);
const isHeader = (value: Json | undefined): boolean =>
  isObject(value) &&
  typeof value.session_id === 'string' &&
  ('messages_path' in value || ('workspace_root' in value && 'started_at' in value));

function tellHeader(value: JsonObject, record: SourceRecord): DraftTrajectory {
  const teller = new Teller(record);
  teller.meta(value, '');
  return { externalIds: { session: value.session_id as string }, events: teller.events };
}

function tellMessages(value: JsonObject, record: SourceRecord): DraftTrajectory {
  const teller = new Teller(record);
  const session = value.sessionId as string;
  const system = asText(value.system_prompt);
  if (system) teller.say('system', system, '/system_prompt');
  const messages = asArray(value.messages) ?? [];
  for (const [index, item] of messages.entries()) {
    const message = asObject(item);
    const pointer = pointerTo('/messages', index);
    if (message) tellMessage(teller, message, pointer, index === 0);
    else teller.meta(item, pointer);
  }
  const preserved = messages.findLastIndex((item) => dig(item, 'metadata', 'compaction') === 'preserved');
  const last = teller.events.findLastIndex(({ place }) => place.pointer?.startsWith(pointerTo('/messages', preserved)));
  for (const event of teller.events.slice(0, last + 1))
    if (event.kind !== 'compaction' && event.kind !== 'system') event.copied = true;
  // The file of a compacted session holds the same session again, in short.
  const isCompacted = teller.events.some(({ kind }) => kind === 'compaction');
  const agent = asText(value.agent);
  const meta = allBut(value, 'messages', 'system_prompt', 'sessionId', 'agent');
  return {
    rootKey: isCompacted ? `${session} compacted` : session,
    externalIds: { session },
    ...(agent !== undefined && { agent: { name: agent } }),
    events: teller.events,
    ...(meta && { meta }),
  };
}

function tellMessage(teller: Teller, item: JsonObject, pointer: string, isFirst: boolean): void {
  const at = pointerTo(pointer, 'content');
  const blocks = asArray(item.content);
  const pieces = blocks
    ? blocks.flatMap(
        (block, index) =>
          noticeOf(block, pointerTo(at, index)) ?? fileOf(block) ?? readBlock(block, pointerTo(at, index)),
      )
    : readContent(item.content ?? null, at);
  const { speaker, role, isInferred } = readRole(asText(item.role));
  const message: Message = { speaker, pieces, pointer };
  if (role !== undefined) message.role = role;
  if (isInferred) message.flags = ['role_inferred'];
  const ts = readTime(item.ts);
  if (ts !== undefined) message.ts = ts;
  const isSummary =
    dig(item, 'metadata', 'kind') === 'compaction' || (isFirst && /^\s*Context summary/i.test(firstTextOf(message)));
  if (isSummary) {
    const parts = readParts(item.content, at);
    teller.tell({
      kind: 'compaction',
      actor: 'app',
      parts,
      place: teller.place(pointer),
      ...(ts !== undefined && { ts }),
    });
    return;
  }
  teller.message(message, speaker === 'assistant' ? { step: stepOf(item) } : {});
}

const firstTextOf = ({ pieces }: Message): string => {
  const first = pieces[0];
  return first?.type === 'part' && first.part.type === 'text' ? first.part.text : '';
};

/** What the app put behind a question when it cut the talk short. */
function noticeOf(block: Json, pointer: string): Message['pieces'] | undefined {
  const text = asText(asObject(block)?.text);
  if (text === undefined || !/^<SYSTEM_NOTICE>\s*Earlier context was compacted/.test(text)) return undefined;
  return [{ type: 'compaction', parts: [{ type: 'text', text }], pointer }];
}

/** A file that was put beside the question: its text, not its bytes. */
function fileOf(block: Json): Message['pieces'] | undefined {
  const file = asObject(block);
  const text = asText(file?.content);
  if (file?.type !== 'file' || text === undefined) return undefined;
  const path = firstText(file, 'path', 'name');
  return [{ type: 'part', part: { type: 'document', ...(path !== undefined && { title: path }), text } }];
}

function stepOf(item: JsonObject): DraftStep {
  const externalId = asId(item.id);
  const model = asText(dig(item, 'modelInfo', 'id'));
  const provider = asText(dig(item, 'modelInfo', 'provider'));
  const usage = readUsage(item.metrics ?? dig(item, 'metadata', 'metrics'));
  return {
    ...(externalId !== undefined && { externalId }),
    ...(model !== undefined && { model }),
    ...(provider !== undefined && { provider }),
    ...(usage && { usage }),
  };
}
