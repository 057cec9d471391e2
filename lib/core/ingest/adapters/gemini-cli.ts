/** Gemini CLI: session files, and single messages of them. Each call holds its result; thoughts stand beside the text. */
import type { Part } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftStep,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { allBut, asArray, asId, asObject, asText, dig, firstText, pointerTo } from '../shared/json-access.ts';
import { readParts } from '../shared/read-block.ts';
import { readTime } from '../shared/read-time.ts';
import { SessionLog } from '../shared/session-log.ts';
import { Teller } from '../shared/teller.ts';
import { readUsage } from '../shared/usage.ts';

export const geminiCli: Adapter = {
  name: 'gemini-cli',
  version: '1',
  specificity: 90,
  score: meanScore(({ value }) => (isSession(value) ? 1 : isMessage(value) ? 0.9 : 0)),
  start: (sink) => new GeminiCliRun(sink),
};

const isSession = (value: Json | undefined): boolean =>
  isObject(value) && typeof value.sessionId === 'string' && typeof value.projectHash === 'string';
const isMessage = (value: Json | undefined): boolean =>
  isObject(value) &&
  ((value.type === 'gemini' && 'content' in value) ||
    (/^(?:user|info|error|warning)$/.test(asText(value.type) ?? '') &&
      'content' in value &&
      typeof value.id === 'string' &&
      typeof value.timestamp === 'string' &&
      !('uuid' in value)));

class GeminiCliRun implements AdapterRun {
  private readonly sink: AdapterSink;
  private readonly log: SessionLog;
  private session: string | undefined;

  constructor(sink: AdapterSink) {
    this.sink = sink;
    this.log = new SessionLog(sink, tellSession);
  }

  take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    if (isSession(value)) this.session = (value as JsonObject).sessionId as string;
    if (isSession(value) || isMessage(value))
      this.log.add(record, this.session, asId((value as JsonObject).id) ?? this.session);
    else this.sink.refuse(record, 'schema_mismatch', 'neither a session nor a message');
    return [];
  }

  end(): Iterable<DraftTrajectory> {
    return this.log.end();
  }
}

function* tellSession(records: SourceRecord[], key: string | undefined): Generator<DraftTrajectory> {
  const teller = new Teller(records[0]!);
  let meta: JsonObject | undefined;
  for (const record of records) {
    teller.from(record);
    const value = asObject(record.value)!;
    const messages = asArray(value.messages);
    if (isSession(value)) meta ??= allBut(value, 'messages', 'sessionId');
    for (const [index, message] of (messages ?? []).entries())
      if (isObject(message)) tellMessage(teller, message, pointerTo('/messages', index));
    if (!isSession(value)) tellMessage(teller, value, '');
    else if (!messages || messages.length === 0) teller.meta(value, '');
  }
  yield {
    ...(key === undefined ? { flags: ['no_id'] } : { rootKey: key, externalIds: { session: key } }),
    agent: { name: 'gemini-cli' },
    events: teller.events,
    ...(meta && { meta }),
  };
}

function tellMessage(teller: Teller, message: JsonObject, pointer: string): void {
  const ts = readTime(message.timestamp);
  const time = ts === undefined ? {} : { ts };
  const content = readParts(message.content, pointerTo(pointer, 'content'));
  if (message.type === 'user') teller.say('user', content, pointer, time);
  else if (message.type === 'error') {
    const said = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    teller.error({ where: 'app', message: said }, pointer, time);
  } else if (message.type !== 'gemini') teller.meta(message, pointer, time);
  else tellAnswer(teller, message, content, pointer, time);
}

function tellAnswer(
  teller: Teller,
  message: JsonObject,
  content: Part[],
  pointer: string,
  time: { ts?: string },
): void {
  const thoughts = (asArray(message.thoughts) ?? []).flatMap((thought): Part[] => {
    const text = [asText(asObject(thought)?.subject), asText(asObject(thought)?.description)]
      .filter(Boolean)
      .join('\n');
    return text === '' ? [] : [{ type: 'reasoning', text }];
  });
  const calls = asArray(message.toolCalls) ?? [];
  const model = asText(message.model);
  const usage = readUsage(message.tokens);
  const externalId = asId(message.id);
  const step: DraftStep = {
    ...(externalId !== undefined && { externalId }),
    ...(model !== undefined && { model }),
    provider: 'google',
    ...(usage && { usage }),
    ...(calls.length > 0 && { finish: 'tool' as const }),
  };
  const parts = [...thoughts, ...content];
  if (parts.length > 0 || calls.length === 0)
    teller.say('assistant', parts, pointer, { ...time, step, role: 'gemini' });
  for (const [index, item] of calls.entries()) {
    const call = asObject(item) ?? {};
    const callId = asId(call.id);
    teller.call(
      { ...(callId !== undefined && { callId }), name: asText(call.name) ?? '', arguments: call.args },
      pointerTo(pointer, 'toolCalls', index),
      { ...time, step },
    );
  }
  for (const [index, item] of calls.entries())
    tellResult(teller, asObject(item) ?? {}, pointerTo(pointer, 'toolCalls', index));
}

function tellResult(teller: Teller, call: JsonObject, pointer: string): void {
  const isOver = call.result !== undefined && call.result !== null;
  const failed = call.status === 'error' || call.status === 'cancelled';
  if (!isOver && !failed) return;
  const ts = readTime(call.timestamp);
  const callId = asId(call.id);
  const parts = (asArray(call.result) ?? [call.result ?? null]).flatMap((item): Part[] => {
    const response = dig(item, 'functionResponse', 'response');
    if (response === undefined) return readParts(item);
    const fields = asObject(response) ?? {};
    const text = firstText(fields, 'output', 'error');
    return text !== undefined && Object.keys(fields).length === 1 ? [{ type: 'text', text }] : readParts(response);
  });
  const status = failed ? 'error' : call.status === 'success' ? 'ok' : undefined;
  teller.result(
    {
      ...(callId !== undefined && { callId }),
      name: asText(call.name) ?? '',
      ...(status && { status }),
      ...(call.status === 'cancelled' && { errorType: 'cancelled' }),
    },
    null,
    isOver ? `${pointer}/result` : pointer,
    { parts, ...(ts !== undefined && { ts }) },
  );
}
