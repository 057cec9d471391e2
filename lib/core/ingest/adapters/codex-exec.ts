/** The event stream of `codex exec --json`: an item counts when it is completed; what came of it before is the same again. */
import type { Part } from '../../trajectory/event.ts';
import type { JsonObject } from '../../trajectory/json.ts';
import type { DraftEvent, DraftStep, DraftTrajectory } from '../adapter.ts';
import { allBut, asId, asNumber, asObject, asText, dig, firstText } from '../shared/json-access.ts';
import type { LoggedRecord } from '../shared/session-log.ts';
import { Teller } from '../shared/teller.ts';
import { readUsage } from '../shared/usage.ts';

export function tellExec(records: LoggedRecord[], key: string | undefined): DraftTrajectory {
  const teller = new Teller(records[0]!);
  const last = new Map<string, LoggedRecord>();
  for (const record of records) {
    const id = itemId(record);
    if (id !== undefined && asObject(last.get(id)?.value)?.type !== 'item.completed') last.set(id, record);
  }
  const told = new Map<string, DraftEvent>();
  let step: DraftStep = {};
  for (const record of records) {
    const value = asObject(record.value) ?? {};
    const id = itemId(record);
    teller.from(record);
    if (id !== undefined) {
      if (last.get(id) !== record) continue;
      const before = teller.events.length;
      const isDone = value.type === 'item.completed';
      step = tellItem(teller, asObject(value.item) ?? {}, step, isDone);
      const first = teller.events[before];
      if (first) told.set(id, first);
    } else if (value.type === 'turn.failed' || value.type === 'error') {
      const message = asText(dig(value, 'error', 'message')) ?? asText(value.message) ?? '';
      teller.error({ where: 'app', type: asText(value.type)!, message }, '');
    } else {
      const usage = readUsage(value.usage);
      if (usage) step.usage = usage;
      teller.meta(value, '');
    }
  }
  for (const record of records) {
    const id = itemId(record);
    const event = id === undefined || last.get(id) === record ? undefined : told.get(id);
    teller.from(record);
    if (event) event.mirrors = [...(event.mirrors ?? []), teller.place('')];
  }
  return {
    ...(key === undefined ? { flags: ['no_id'] } : { rootKey: key, externalIds: { session: key } }),
    agent: { name: 'codex' },
    events: teller.events,
  };
}

const itemId = ({ value }: LoggedRecord): string | undefined =>
  /^item\./.test(asText(asObject(value)?.type) ?? '') ? asId(dig(value, 'item', 'id')) : undefined;

/** @returns the answer that what comes next may belong to: a result ends it */
function tellItem(teller: Teller, item: JsonObject, step: DraftStep, isDone: boolean): DraftStep {
  const flags = isDone ? {} : { flags: ['incomplete' as const] };
  const type = asText(item.type) ?? asText(item.item_type);
  const text = firstText(item, 'text', 'message') ?? '';
  const callId = asId(item.id);
  const id = callId === undefined ? {} : { callId };
  if (type === 'agent_message' || type === 'assistant_message' || type === 'reasoning') {
    const part: Part = { type: type === 'reasoning' ? 'reasoning' : 'text', text };
    teller.say('assistant', [part], '/item', { step, ...flags });
    return step;
  }
  if (type === 'error') {
    teller.error({ where: 'app', message: text }, '/item');
    return {};
  }
  if (type === 'web_search') {
    const call = { ...id, name: type, arguments: { query: item.query ?? null }, origin: 'server' as const };
    teller.call(call, '/item', { step, ...flags });
    return step;
  }
  if (type === 'command_execution' || type === 'file_change' || type === 'mcp_tool_call') {
    const isMcp = type === 'mcp_tool_call';
    const name = isMcp ? (asText(item.tool) ?? type) : type;
    const asked = isMcp
      ? item.arguments
      : type === 'file_change'
        ? { changes: item.changes ?? [] }
        : { command: item.command ?? '' };
    teller.call({ ...id, name, arguments: asked }, '/item', { step, ...flags });
    if (!isDone) return step;
    const exitCode = asNumber(item.exit_code);
    const failed = item.status === 'failed' || item.status === 'declined';
    const status = { status: failed ? ('error' as const) : ('ok' as const) };
    const result = { ...id, name, ...(exitCode === undefined ? status : { exitCode, ...(failed && status) }) };
    teller.result(
      result,
      asText(item.aggregated_output) ?? item.error ?? item.result ?? allBut(item, 'id', 'type', 'command', 'changes'),
      '/item',
    );
    return {};
  }
  teller.meta(item, '/item', type === 'todo_list' ? {} : { flags: ['unknown_item'] });
  return step;
}
