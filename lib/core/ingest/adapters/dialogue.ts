/** Dialogues of tasks and of support (ABCD, Taskmaster and the like): turns of a speaker and what was said or done. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftTrajectory, meanScore, type SourceRecord } from '../adapter.ts';
import { documents, mismatch } from '../shared/documents.ts';
import { allBut, asArray, asId, asNumber, asObject, asText, firstText, pointerTo } from '../shared/json-access.ts';
import { readTime } from '../shared/read-time.ts';
import { type Role, readRole } from '../shared/roles.ts';
import { Teller } from '../shared/teller.ts';

export const dialogue: Adapter = {
  name: 'dialogue',
  version: '1',
  specificity: 42,
  score: meanScore(({ value }) => (isPairs(value) ? 1 : turnsIn(value) ? 0.95 : 0)),
  start: documents((value, record) => {
    if (isPairs(value)) return [tellPairs(value as JsonObject, record)];
    const found = turnsIn(value);
    return found ? [tellTurns(value as JsonObject, found, record)] : mismatch('no turns of speaker and text');
  }),
};

const isPair = (value: Json): boolean =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'string';
const isPairs = (value: Json | undefined): boolean =>
  isObject(value) && Array.isArray(value.original) && value.original.length > 0 && value.original.every(isPair);

const TEXT_KEYS = ['text', 'utterance', 'transcript'];
const isTurn = (value: Json): boolean =>
  isObject(value) && typeof value.speaker === 'string' && TEXT_KEYS.some((key) => typeof value[key] === 'string');

function turnsIn(value: Json | undefined): string | undefined {
  if (!isObject(value)) return undefined;
  return ['utterances', 'turns', 'dialogue', 'dialog', 'log'].find((key) => {
    const list = asArray(value[key]);
    return list !== undefined && list.length > 0 && list.every(isTurn);
  });
}

/** Here the agent, and what Taskmaster and others call the system, is the one who answers. */
function speakerOf(word: string): Role {
  const found = readRole(word.trim().toLowerCase() === 'system' ? 'agent' : word);
  return { ...found, role: word };
}

function tellPairs(value: JsonObject, record: SourceRecord): DraftTrajectory {
  const teller = new Teller(record);
  const delexed = asArray(value.delexed) ?? [];
  if (value.scenario !== undefined) teller.meta(value.scenario, '/scenario');
  for (const [index, pair] of (asArray(value.original) ?? []).entries()) {
    const [speaker, text] = pair as [string, string];
    const pointer = pointerTo('/original', index);
    const turn = asObject(delexed[index]);
    const before = teller.events.length;
    if (speaker === 'action') tellAction(teller, text, asArray(turn?.targets) ?? [], pointer);
    else say(teller, speaker, text, pointer);
    const first = teller.events[before];
    if (first && turn) first.mirrors = [teller.place(pointerTo('/delexed', index))];
  }
  return finish(teller, value, ['original', 'delexed', 'scenario']);
}

/** What an agent did: the tool and its values stand among the targets of the turn. */
function tellAction(teller: Teller, text: string, targets: readonly Json[], pointer: string): void {
  const name = asText(targets[2]) ?? 'action';
  teller.call({ name, arguments: { values: asArray(targets[3]) ?? [] } }, pointer, { role: 'action' });
  teller.result({ name }, text, pointer, { role: 'action' });
}

function say(teller: Teller, speaker: string, text: string, pointer: string, ts?: string): void {
  const { speaker: kind, role, isInferred } = speakerOf(speaker);
  teller.say(kind === 'tool' ? 'user' : kind, text, pointer, {
    ...(role !== undefined && role !== kind && { role }),
    ...(ts !== undefined && { ts }),
    ...(isInferred && { flags: ['role_inferred'] }),
  });
}

function tellTurns(value: JsonObject, key: string, record: SourceRecord): DraftTrajectory {
  const teller = new Teller(record);
  for (const [index, item] of (asArray(value[key]) ?? []).entries()) {
    const turn = asObject(item) ?? {};
    const pointer = pointerTo('', key, index);
    const speaker = turn.speaker as string;
    const text = firstText(turn, ...TEXT_KEYS) ?? '';
    if (speaker === 'action') tellAction(teller, text, asArray(turn.targets) ?? [], pointer);
    else say(teller, speaker, text, pointer, readTime(turn.timestamp ?? turn.ts));
  }
  return finish(teller, value, [key]);
}

const IDS = ['convo_id', 'conversation_id', 'dialogue_id', 'dialog_id', 'session_id', 'id'];
const RATINGS = ['csat', 'rating', 'satisfaction', 'csat_score', 'satisfaction_score'];

function finish(teller: Teller, value: JsonObject, taken: string[]): DraftTrajectory {
  for (const name of RATINGS) {
    const score = asNumber(value[name]) ?? asText(value[name]);
    if (score === undefined || score === '') continue;
    const isScore = typeof score === 'number';
    const scale = isScore && score >= 1 && score <= 5 ? { scale: [1, 5] as [number, number] } : {};
    teller.feedback(
      { target: 'trajectory', signal: isScore ? 'score' : 'label', name, value: score, ...scale, by: 'user' },
      pointerTo('', name),
    );
  }
  const id = IDS.map((key) => asId(value[key])).find((found) => found !== undefined);
  const meta = allBut(value, ...taken, ...IDS);
  return {
    ...(id !== undefined && { rootKey: id, externalIds: { conversation: id } }),
    events: teller.events,
    ...(meta && { meta }),
  };
}
