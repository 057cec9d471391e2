/**
 * SWE-agent: trajectory files with `history` (the talk) and `trajectory` (the same, step by step), and rows of data sets
 * made from them. Demonstrations that were put before the task are marked.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftEvent, type DraftTrajectory, meanScore, type SourceRecord } from '../adapter.ts';
import { documents, mismatch } from '../shared/documents.ts';
import { allBut, asArray, asId, asNumber, asObject, asText, dig, firstText, pointerTo } from '../shared/json-access.ts';
import type { Message } from '../shared/message.ts';
import { textPiece } from '../shared/read-block.ts';
import { isMessage, readMessage } from '../shared/read-message.ts';
import { readRole } from '../shared/roles.ts';
import { Teller } from '../shared/teller.ts';

export const sweAgent: Adapter = {
  name: 'swe-agent',
  version: '1',
  specificity: 88,
  score: meanScore(({ value }) => (isRun(value) || isRow(value) ? 1 : 0)),
  start: documents((value, record) => {
    if (isRow(value)) return [tellRow(value as JsonObject, record)];
    return isRun(value) ? tellRun(value as JsonObject, record) : mismatch('neither a run nor a row of turns');
  }),
};

const isTurn = (value: Json): boolean =>
  isObject(value) && typeof value.role === 'string' && (typeof value.text === 'string' || 'system_prompt' in value);
const isRow = (value: Json | undefined): boolean =>
  isObject(value) && Array.isArray(value.trajectory) && value.trajectory.length > 0 && value.trajectory.every(isTurn);
const isStep = (value: Json | undefined): boolean =>
  isObject(value) && 'action' in value && 'observation' in value && ('response' in value || 'thought' in value);
const isOwnMessage = (value: Json): boolean =>
  isMessage(value) && ['agent', 'message_type', 'thought', 'is_demo'].some((key) => key in (value as JsonObject));
const isRun = (value: Json | undefined): boolean => {
  if (!isObject(value)) return false;
  if (Array.isArray(value.trajectory) && isStep(value.trajectory[0])) return true;
  const history = asArray(value.history);
  return (
    history !== undefined &&
    history.length > 0 &&
    history.every(isMessage) &&
    (history.some(isOwnMessage) || 'exit_status' in (asObject(value.info) ?? {}))
  );
};

const CUT_SHORT = /exit_(?:cost|context|format|error|api|forfeit|command_timeout|total_execution_time)|early_exit/;

function tellRun(run: JsonObject, record: SourceRecord): DraftTrajectory[] {
  const history = (asArray(run.history) ?? []).filter(isMessage) as JsonObject[];
  const steps = asArray(run.trajectory) ?? [];
  const teller = new Teller(record);
  const demo = new Teller(record);
  if (history.length > 0) {
    const read = history.map((item, index) => ({ item, message: readOwn(item, pointerTo('/history', index)) }));
    const shown = (isDemo: boolean) =>
      read.filter(({ item }) => (item.is_demo === true) === isDemo).map(({ message }) => message);
    teller.messages(pairedOff(shown(false)));
    demo.messages(pairedOff(shown(true)));
    mirrorSteps(teller, steps);
  } else tellSteps(teller, steps);
  const status = asText(dig(run.info, 'exit_status'));
  if (status && CUT_SHORT.test(status))
    teller.error({ where: 'app', type: status, message: status }, '/info/exit_status');
  tellVerdict(teller, run);
  const meta = allBut(run, 'history', 'trajectory');
  const agent = { name: 'swe-agent' };
  return [
    { agent, events: teller.events, ...(meta && { meta }) },
    { agent, events: demo.events, flags: ['demo'], branchPath: 'demo' },
  ];
}

/** What follows an action that was written as text is its result. */
function pairedOff(messages: readonly Message[]): Message[] {
  let isWaiting = false;
  return messages.map((message) => {
    const waited = isWaiting && message.speaker === 'user';
    isWaiting = message.pieces.some((piece) => piece.type === 'call' && piece.call.origin === 'text');
    if (!waited) return message;
    const parts = message.pieces.flatMap((piece) => (piece.type === 'part' ? [piece.part] : []));
    const { pointer } = message;
    return {
      ...message,
      speaker: 'tool',
      role: 'user',
      pieces: [{ type: 'result', result: {}, parts, pointer, flags: ['text_tool_call'] }],
    };
  });
}

/**
 * A message of the history; the ids of the calls that a result answers stand in a list. The thought and the action that
 * were read out of a text stand beside it, whatever grammar they were written in.
 */
function readOwn(item: JsonObject, pointer: string): Message {
  const action = asText(item.action);
  const content = asText(item.content);
  if (item.role === 'assistant' && action && content !== undefined && !Array.isArray(item.tool_calls)) {
    const thought = asText(item.thought) ?? '';
    const raw = thought !== '' && content.startsWith(thought) ? content.slice(thought.length).trim() : action;
    const call = { name: 'bash', arguments: { command: action }, raw, origin: 'text' as const };
    return {
      speaker: 'assistant',
      pieces: [...textPiece(thought.trim() === '' ? '' : thought), { type: 'call', call, pointer, confidence: 0.8 }],
      pointer,
    };
  }
  const ids = asArray(item.tool_call_ids);
  const answered = asId(item.tool_call_id) ?? asId(ids?.[0]);
  const logged = answered === undefined ? item : { ...item, tool_call_id: answered };
  return readMessage(logged, pointer);
}

/** Steps alone: what the model answered, and what the environment said to it. */
function tellSteps(teller: Teller, steps: readonly Json[]): void {
  const messages: Message[] = [];
  for (const [index, item] of steps.entries()) {
    const step = asObject(item) ?? {};
    const pointer = pointerTo('/trajectory', index);
    const action = asText(step.action) ?? '';
    const said = firstText(step, 'thought', 'response') ?? '';
    messages.push({
      speaker: 'assistant',
      pieces: [
        ...textPiece(said),
        ...(action === ''
          ? []
          : [
              {
                type: 'call' as const,
                call: { name: 'bash', arguments: { command: action }, raw: action, origin: 'text' as const },
                pointer: pointerTo(pointer, 'action'),
              },
            ]),
      ],
      pointer,
    });
    const observation = asText(step.observation);
    if (observation !== undefined)
      messages.push({
        speaker: 'tool',
        pieces: [
          {
            type: 'result',
            result: {},
            parts: observation === '' ? [] : [{ type: 'text', text: observation }],
            pointer: pointerTo(pointer, 'observation'),
          },
        ],
        pointer,
      });
  }
  for (const message of messages) teller.message(message);
}

/** The steps say again what the history says: each answer has its step as a mirror, and how long its command took. */
function mirrorSteps(teller: Teller, steps: readonly Json[]): void {
  const answers = new Map<unknown, DraftEvent>();
  for (const event of teller.events) if (event.step && !answers.has(event.step)) answers.set(event.step, event);
  const told = [...answers.values()];
  const skipped = told.length - steps.length;
  for (const [index, step] of steps.entries()) {
    const answer = told[index + Math.max(0, skipped)];
    if (!answer) continue;
    answer.mirrors = [...(answer.mirrors ?? []), teller.place(pointerTo('/trajectory', index))];
    const seconds = asNumber(asObject(step)?.execution_time);
    const result = teller.events[teller.events.indexOf(answer) + 1];
    if (seconds !== undefined && seconds >= 0 && result?.kind === 'tool_result') result.latencyMs = seconds * 1000;
  }
}

function tellRow(row: JsonObject, record: SourceRecord): DraftTrajectory {
  const teller = new Teller(record);
  const messages = (asArray(row.trajectory) ?? []).map((turn, index): Message => {
    const value = asObject(turn) ?? {};
    const pointer = pointerTo('/trajectory', index);
    const { speaker, role, isInferred } = readRole(asText(value.role));
    const text = firstText(value, 'text', 'system_prompt') ?? '';
    return {
      speaker,
      ...(role !== undefined && { role }),
      pieces: textPiece(text),
      pointer,
      ...(isInferred && { flags: ['role_inferred' as const] }),
    };
  });
  teller.messages(messages);
  const status = asText(row.exit_status);
  if (status && CUT_SHORT.test(status)) teller.error({ where: 'app', type: status, message: status }, '/exit_status');
  tellVerdict(teller, row);
  const id = asId(row.instance_id);
  const meta = allBut(row, 'trajectory', 'instance_id');
  return {
    ...(id !== undefined && { externalIds: { sample: id } }),
    agent: { name: 'swe-agent' },
    events: teller.events,
    ...(meta && { meta }),
  };
}

function tellVerdict(teller: Teller, row: JsonObject): void {
  const name = ['target', 'resolved'].find((key) => typeof row[key] === 'boolean');
  if (name)
    teller.feedback(
      { target: 'trajectory', signal: 'label', name, value: row[name] as boolean, by: 'verifier' },
      `/${name}`,
    );
}
