/** mini-swe-agent: lists of messages, bare or wrapped, with one shell block an answer and what the shell said after it. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftStep, type DraftTrajectory, meanScore, type SourceRecord } from '../adapter.ts';
import { documents, mismatch } from '../shared/documents.ts';
import { allBut, asArray, asId, asObject, asText, dig } from '../shared/json-access.ts';
import { isMessage, readMessage, readMessages } from '../shared/read-message.ts';
import { type LoggedRecord, SessionLog } from '../shared/session-log.ts';
import { Teller } from '../shared/teller.ts';
import { withTextCalls } from '../shared/text-calls.ts';
import { readToolDefs } from '../shared/tool-defs.ts';
import { readUsage } from '../shared/usage.ts';

export const miniSweAgent: Adapter = {
  name: 'mini-swe-agent',
  version: '1',
  specificity: 88,
  score: (records) => {
    const values = records.map(({ value }) => value);
    if (values.length > 1 && values.every(isMessage)) return looksLikeRun(values as Json[]) ? 1 : 0;
    // Of a list at the top each message is a record: alone it can't be told from any other.
    return meanScore(({ value }) => (messagesOf(value) ? 1 : isMessage(value) ? 0.5 : 0))(records);
  },
  start: (sink) => {
    const runs = documents((value, record) => {
      const found = messagesOf(value);
      return found ? [tellRun(found, value, record)] : mismatch('no messages with a shell block each');
    })(sink);
    const list = new SessionLog(sink, tellList);
    return {
      take(record) {
        if (!isMessage(record.value)) return runs.take(record);
        list.add(record, undefined);
        return [];
      },
      *end() {
        yield* runs.end();
        yield* list.end();
      },
    };
  },
};

function* tellList(records: LoggedRecord[]): Generator<DraftTrajectory> {
  const teller = new Teller(records[0]!);
  const read = withTextCalls(records.flatMap(({ value }) => readMessage(value, '') ?? []));
  for (const [index, message] of read.entries()) {
    teller.from(records[index]!);
    teller.message(message);
  }
  yield { flags: ['no_id'], agent: { name: 'mini-swe-agent' }, events: teller.events };
}

type Found = { messages: Json[]; pointer: string };

function messagesOf(value: Json | undefined): Found | undefined {
  const run = asObject(value);
  const messages = asArray(value) ?? asArray(run?.messages);
  if (!messages || messages.length === 0 || !messages.every(isMessage)) return undefined;
  const found = { messages, pointer: run ? '/messages' : '' };
  if (/^mini-swe-agent/.test(asText(run?.trajectory_format) ?? '')) return found;
  if (isObject(run?.info) && 'exit_status' in run.info && ('config' in run.info || 'mini_version' in run.info))
    return found;
  return !Array.isArray(run?.tools) && looksLikeRun(messages) ? found : undefined;
}

const textOf = (message: Json): string => {
  const content = asObject(message)?.content;
  return asText(content) ?? asText(dig(asArray(content)?.[0], 'text')) ?? '';
};

/** A shell block in the answers, and observations that begin with the code that the shell returned. */
function looksLikeRun(messages: readonly Json[]): boolean {
  const answers = messages.filter((message) => asObject(message)?.role === 'assistant').map(textOf);
  if (answers.length === 0 || !answers.some((text) => /```(?:bash|sh|mswea_bash_command)\s/.test(text))) return false;
  const isObserved = messages.some(
    (message) => asObject(message)?.role !== 'assistant' && /<returncode>/.test(textOf(message)),
  );
  return isObserved || messages.some((message) => textOf(message).includes('COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT'));
}

function tellRun({ messages, pointer }: Found, value: Json, record: SourceRecord): DraftTrajectory {
  const run = asObject(value) ?? {};
  const teller = new Teller(record);
  const model = asText(dig(run, 'info', 'config', 'model', 'model_name'));
  teller.messages(readMessages(messages, pointer), (_, index) => stepOf(asObject(messages[index]) ?? {}, model));
  const status = asText(dig(run, 'info', 'exit_status'));
  if (status && !/^submitted$/i.test(status))
    teller.error({ where: 'app', type: status, message: status }, '/info/exit_status');
  const name = ['verified', 'resolved', 'target'].find((key) => typeof run[key] === 'boolean');
  if (name)
    teller.feedback(
      { target: 'trajectory', signal: 'label', name, value: run[name] as boolean, by: 'verifier' },
      `/${name}`,
    );
  const id = asId(run.instance_id);
  const tools = readToolDefs(run.tools);
  const meta = allBut(run, 'messages', 'instance_id', 'tools');
  return {
    ...(id !== undefined && { externalIds: { sample: id } }),
    agent: { name: 'mini-swe-agent' },
    events: teller.events,
    ...(tools.length > 0 && { tools }),
    ...(meta && { meta }),
  };
}

function stepOf(message: JsonObject, model: string | undefined): DraftStep {
  const response = dig(message, 'extra', 'response');
  const usage = readUsage(dig(response, 'usage'));
  const named = asText(dig(response, 'model')) ?? model;
  const externalId = asId(dig(response, 'id'));
  return {
    ...(externalId !== undefined && { externalId }),
    ...(named !== undefined && { model: named }),
    ...(usage && { usage }),
  };
}
