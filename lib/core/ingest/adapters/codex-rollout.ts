/**
 * A Codex rollout: `response_item` is what was said, `event_msg` says most of it again and is a mirror then. What the
 * model says in a row is one answer; the model's name stands in the turn's context, its tokens in a later count.
 */
import { isObject, type JsonObject } from '../../trajectory/json.ts';
import type { DraftEvent, DraftStep, DraftTrajectory } from '../adapter.ts';
import { allBut, asId, asObject, asText, dig, firstText } from '../shared/json-access.ts';
import { isItem, readItem } from '../shared/read-items.ts';
import { readTime } from '../shared/read-time.ts';
import type { LoggedRecord } from '../shared/session-log.ts';
import { Teller } from '../shared/teller.ts';
import { readUsage } from '../shared/usage.ts';

/** The first line of older files. */
export const isHeader = (value: JsonObject): boolean =>
  value.type === undefined &&
  typeof value.timestamp === 'string' &&
  typeof value.id === 'string' &&
  'instructions' in value;
export const isState = (value: JsonObject): boolean => typeof value.record_type === 'string';

const INJECTED =
  /^\s*(?:<(?:environment_context|user_instructions|turn_aborted|user_shell_command|subagent_notification|skill)\b|# AGENTS\.md instructions)/;

type Said = { text: string; event: DraftEvent };

class Rollout {
  readonly teller: Teller;
  meta: JsonObject | undefined;
  version: string | undefined;
  private model: string | undefined;
  private step: DraftStep | undefined;
  private lastStep: DraftStep | undefined;
  private readonly said: Said[] = [];
  private readonly echoes: { text: string; record: LoggedRecord; value: JsonObject }[] = [];

  constructor(first: LoggedRecord) {
    this.teller = new Teller(first);
  }

  line(record: LoggedRecord): void {
    const value = asObject(record.value) ?? {};
    this.teller.from(record);
    const payload = asObject(value.payload) ?? {};
    const ts = readTime(value.timestamp);
    if (isHeader(value)) this.header(value, '', ts);
    else if (isState(value)) this.teller.meta(value, '');
    else if (value.type === 'session_meta') this.header(payload, '/payload', ts);
    else if (value.type === 'turn_context') {
      this.model = asText(payload.model) ?? this.model;
      this.teller.meta(payload, '/payload', { ...(ts !== undefined && { ts }) });
    } else if (value.type === 'compacted') {
      this.step = undefined;
      const text = asText(payload.message) ?? '';
      this.teller.tell({
        kind: 'compaction',
        actor: 'app',
        parts: text === '' ? [] : [{ type: 'text', text }],
        place: this.teller.place('/payload'),
        ...(ts !== undefined && { ts }),
      });
    } else if (value.type === 'event_msg') this.event(record, payload, ts);
    else if (value.type === 'response_item') this.item(payload, '/payload', ts);
    else this.item(value, '', ts);
  }

  /** What the app told of, and what of it nobody else had said. */
  echo(): void {
    const said = new Map<string, DraftEvent[]>();
    for (const { text, event } of this.said.toReversed()) {
      const same = said.get(text);
      if (same) same.push(event);
      else said.set(text, [event]);
    }
    for (const { text, record, value } of this.echoes) {
      const match = said.get(text.trim())?.pop();
      this.teller.from(record);
      if (match) {
        match.mirrors = [...(match.mirrors ?? []), this.teller.place('/payload')];
        continue;
      }
      const ts = readTime(asObject(record.value)?.timestamp);
      const kind = value.type === 'user_message' ? 'user' : 'assistant';
      const type = value.type === 'agent_reasoning' ? 'reasoning' : 'text';
      this.teller.say(kind, [{ type, text }], '/payload', { ...(ts !== undefined && { ts }) });
    }
    // What only the app told belongs where it was logged, not at the end.
    this.teller.events.sort((a, b) => a.place.record.recordNo - b.place.record.recordNo);
  }

  private header(value: JsonObject, pointer: string, ts: string | undefined): void {
    this.version ??= asText(value.cli_version);
    this.meta ??= allBut(value, 'instructions', 'base_instructions');
    const time = ts === undefined ? {} : { ts };
    const told: [key: string, text: string | undefined][] = [
      ['base_instructions', asText(dig(value, 'base_instructions', 'text')) ?? asText(value.base_instructions)],
      ['instructions', asText(value.instructions)],
    ];
    const texts = told.filter(([, text]) => text !== undefined && text !== '');
    for (const [key, text] of texts) this.teller.say('system', text!, `${pointer}/${key}`, time);
    if (texts.length === 0) this.teller.meta(value, pointer, time);
  }

  private item(item: JsonObject, pointer: string, ts: string | undefined): void {
    const message = isItem(item) || typeof item.role === 'string' ? readItem(item, pointer) : undefined;
    if (!message) {
      this.teller.meta(item, pointer, { flags: ['unknown_item'], ...(ts !== undefined && { ts }) });
      return;
    }
    if (ts !== undefined) message.ts = ts;
    if (message.speaker === 'assistant') {
      this.step ??= this.model === undefined ? {} : { model: this.model };
      this.lastStep = this.step;
    } else this.step = undefined;
    const events = this.teller.message(message, this.step ? { step: this.step } : {});
    for (const event of events) {
      for (const part of event.parts ?? []) {
        if (part.type === 'text' || part.type === 'reasoning')
          this.said.push({ text: (part.text ?? '').trim(), event });
      }
      const first = event.parts?.[0];
      if (event.kind === 'user' && first?.type === 'text' && INJECTED.test(first.text)) {
        event.injected = true;
        event.actor = 'app';
      }
    }
  }

  private event(record: LoggedRecord, value: JsonObject, ts: string | undefined): void {
    const type = asText(value.type);
    const time = ts === undefined ? {} : { ts };
    const text = type === 'agent_reasoning' ? asText(value.text) : firstText(value, 'message', 'text');
    if (/^(?:user_message|agent_message|agent_reasoning)$/.test(type ?? '') && text !== undefined)
      this.echoes.push({ text, record, value });
    else if (type === 'turn_aborted' || type === 'error' || type === 'stream_error') {
      this.step = undefined;
      const reason = firstText(value, 'reason', 'message') ?? type;
      this.teller.error({ where: 'app', type, message: reason }, '/payload', time);
    } else {
      const usage = readUsage(dig(value, 'info', 'last_token_usage'));
      if (type === 'token_count' && usage && this.lastStep) this.lastStep.usage ??= usage;
      this.teller.meta(value, '/payload', time);
    }
  }
}

export function tellRollout(records: LoggedRecord[], key: string | undefined): DraftTrajectory {
  const rollout = new Rollout(records[0]!);
  for (const record of records) rollout.line(record);
  rollout.echo();
  const forked = asId(dig(records[0]!.value, 'payload', 'forked_from_id'));
  return {
    ...(key === undefined
      ? { flags: ['no_id'] }
      : { rootKey: key, externalIds: { session: key, ...(forked && { run: forked }) } }),
    agent: { name: 'codex', ...(rollout.version !== undefined && { version: rollout.version }) },
    events: rollout.teller.events,
    ...(rollout.meta && isObject(rollout.meta) && { meta: rollout.meta }),
  };
}
