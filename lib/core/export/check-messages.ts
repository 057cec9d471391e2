/** The messages, calls and tools of one row: codes M01 to M11 and the traps that live inside messages. */
import { isObject, type Json, JsonNumber, type JsonObject } from '../trajectory/json.ts';
import type { Code } from './findings.ts';
import { floatSurvives, isFloatLiteral, isSafeInteger } from './float-survival.ts';
import { isPythonJson } from './python-json.ts';
import { readLine } from './read-line.ts';
import { type ArgumentCheck, allowsNull, compileSchema, escapePointer, nullsIn } from './tool-schemas.ts';

export type Report = (code: Code, path: string, why: string) => void;

/** The tools of a row as far as they can be read. */
export type Tools =
  | { kind: 'none' }
  | { kind: 'broken' }
  | { kind: 'list'; byName: ReadonlyMap<string, { parameters: JsonObject; check: () => ArgumentCheck }> };

const TOOLS_KEPT = 2000;

/** Reads `tools` strings; the same string is read once. */
export class ToolsReader {
  private readonly read = new Map<string, { tools: Tools; issues: [code: Code, why: string][] }>();

  of(value: Json | undefined, report: Report): Tools {
    if (value === undefined || value === null) return { kind: 'none' };
    if (Array.isArray(value) && value.length === 0) {
      report('T08', '/tools', 'the list has no function');
      return { kind: 'none' };
    }
    if (typeof value !== 'string') {
      report('M09', '/tools', 'a JSON string is due');
      return { kind: 'broken' };
    }
    let known = this.read.get(value);
    if (!known) {
      if (this.read.size >= TOOLS_KEPT) this.read.clear();
      known = readTools(value);
      this.read.set(value, known);
    }
    for (const [code, why] of known.issues) report(code, '/tools', why);
    return known.tools;
  }
}

function readTools(text: string): { tools: Tools; issues: [Code, string][] } {
  const reading = readLine(text);
  if (!reading.ok) {
    const isTwice = reading.why.includes('twice') || reading.why.includes('surrogate');
    return {
      tools: { kind: 'broken' },
      issues: [[isTwice ? 'F03' : 'M09', `the string holds no JSON list (${reading.why})`]],
    };
  }
  const list = reading.value;
  if (!Array.isArray(list)) return { tools: { kind: 'broken' }, issues: [['M09', 'the string holds no list']] };
  if (list.length === 0) return { tools: { kind: 'none' }, issues: [['T08', 'the string holds an empty list']] };
  const byName = new Map<string, { parameters: JsonObject; check: () => ArgumentCheck }>();
  for (const [index, tool] of list.entries()) {
    const why = toolFault(tool);
    if (why !== undefined) return { tools: { kind: 'broken' }, issues: [['M09', `tool ${index} ${why}`]] };
    const made = (tool as JsonObject).function as JsonObject;
    const parameters = (made.parameters ?? {}) as JsonObject;
    let compiled: { check: ArgumentCheck } | undefined;
    const check = () => {
      compiled ??= { check: compileSchema(parameters) };
      return compiled.check;
    };
    byName.set(made.name as string, { parameters, check });
  }
  return { tools: { kind: 'list', byName }, issues: [] };
}

function toolFault(tool: Json): string | undefined {
  if (!isObject(tool) || tool.type !== 'function' || !isObject(tool.function))
    return 'is no {"type":"function","function":{…}}';
  const { name, description, parameters } = tool.function;
  if (typeof name !== 'string' || name === '') return 'has no name';
  if (description !== undefined && typeof description !== 'string') return 'has a description that is no string';
  if (parameters !== undefined && !isObject(parameters)) return 'has parameters that are no object';
  return undefined;
}

/** What the messages of one row are checked against. */
export type RowContext = {
  tools: Tools;
  meta: JsonObject;
  /** Only rows to fine-tune on have `train` flags. */
  kind: 'sft' | 'dpo';
  report: Report;
};

const ROLES = new Set(['system', 'user', 'assistant', 'tool']);
const KEYS: Record<string, ReadonlySet<string>> = {
  system: new Set(['role', 'content']),
  user: new Set(['role', 'content']),
  assistant: new Set(['role', 'content', 'reasoning_content', 'tool_calls', 'train']),
  tool: new Set(['role', 'content', 'tool_call_id', 'name']),
};
const CALL_ID = /^[a-zA-Z0-9]{9}$/;

/** One list of messages, on its own: roles, keys, contents, calls. Order is `checkOrder`'s business. */
export function checkMessages(messages: readonly Json[], column: string, context: RowContext, ids: Set<string>): void {
  for (const [index, message] of messages.entries()) {
    const path = `/${column}/${index}`;
    if (!isObject(message)) {
      context.report('M01', path, 'a message is an object with a role');
      continue;
    }
    checkMessage(message, path, context, ids);
  }
}

function checkMessage(message: JsonObject, path: string, context: RowContext, ids: Set<string>): void {
  const { report } = context;
  const { role, content } = message;
  const isRole = typeof role === 'string' && ROLES.has(role);
  if (!isRole) report('M01', `${path}/role`, 'system, user, assistant or tool is due');
  if (content === undefined || content === null) report('T15', `${path}/content`, 'each message has a string there');
  else if (typeof content !== 'string') report('T03', `${path}/content`, 'content that is not a string');
  checkKeys(message, isRole ? (role as string) : undefined, path, report);
  for (const key of Object.keys(message)) {
    if (key !== 'content' && key !== 'tool_calls') checkNumbers(message[key]!, `${path}/${escapePointer(key)}`, report);
  }
  if (content !== undefined && typeof content !== 'string') checkNumbers(content, `${path}/content`, report);
  if (message.tool_calls !== undefined && message.tool_calls !== null) checkCalls(message, path, context, ids);
  const isSilent = role === 'assistant' && typeof content === 'string' && content.trim() === '';
  const hasCalls = Array.isArray(message.tool_calls) && message.tool_calls.length > 0;
  if (isSilent && !hasCalls && context.kind === 'sft') report('M07', path, 'leave the message out');
  if (isSilent && !hasCalls && context.kind === 'dpo' && path.startsWith('/prompt/'))
    report('M07', path, 'leave the message out');
}

function checkKeys(message: JsonObject, role: string | undefined, path: string, report: Report): void {
  const allowed = role === undefined ? undefined : KEYS[role]!;
  for (const key of Object.keys(message)) {
    if (key === 'content' || key === 'role') continue;
    const value = message[key]!;
    const at = `${path}/${escapePointer(key)}`;
    if (value === null) {
      report('T01', at, 'a key that does not apply is absent');
      continue;
    }
    if (allowed && !allowed.has(key)) report('M08', at, `${role} messages have no such key`);
    else if (key === 'train' && typeof value !== 'boolean') report('M08', at, 'train is true or false');
    else if (key === 'reasoning_content' && typeof value !== 'string') report('M08', at, 'a string is due');
  }
  if (role !== 'tool') return;
  for (const key of ['tool_call_id', 'name']) {
    const value = message[key];
    if (value !== null && typeof value !== 'string')
      report('M03', `${path}/${key}`, 'a tool message names its call and its tool');
  }
}

function checkNumbers(value: Json, path: string, report: Report): void {
  if (typeof value === 'number' || value instanceof JsonNumber) {
    const literal = String(value);
    if (isFloatLiteral(literal)) {
      if (!floatSurvives(literal)) report('T04', path, 'loaders bring back another number');
    } else if (!isSafeInteger(literal)) report('T05', path, 'outside ±(2^53 - 1)');
  } else if (Array.isArray(value))
    for (const [index, item] of value.entries()) checkNumbers(item, `${path}/${index}`, report);
  else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      const field = value[key]!;
      if (typeof field !== 'string') checkNumbers(field, `${path}/${escapePointer(key)}`, report);
    }
  }
}

function checkCalls(message: JsonObject, path: string, context: RowContext, ids: Set<string>): void {
  const calls = message.tool_calls!;
  const { report } = context;
  if (!Array.isArray(calls) || calls.length === 0) {
    report('M04', `${path}/tool_calls`, 'a list of at least one call is due, else no key');
    return;
  }
  for (const [index, call] of calls.entries()) {
    const at = `${path}/tool_calls/${index}`;
    const why = callFault(call);
    if (why !== undefined) report('M04', at, why);
    if (!isObject(call)) continue;
    const { id } = call;
    if (id !== undefined) {
      if (typeof id !== 'string' || !CALL_ID.test(id)) report('M10', `${at}/id`, 'nine letters or digits are due');
      else if (ids.has(id)) report('M10', `${at}/id`, 'this id stands in the row already');
      else ids.add(id);
    }
    if (isObject(call.function)) checkArguments(call, call.function, message, at, context);
  }
}

function callFault(call: Json): string | undefined {
  if (!isObject(call)) return 'a call is an object';
  if (call.id === undefined) return 'the call has no id';
  if (call.type !== 'function') return 'the type of a call is "function"';
  if (!isObject(call.function)) return 'the call has no function';
  const { name, arguments: args } = call.function;
  if (typeof name !== 'string' || name === '') return 'the function has no name';
  if (args === undefined || args === null || (typeof args !== 'string' && !isObject(args)))
    return 'arguments are an object';
  const extra = [...Object.keys(call).filter((key) => !['id', 'type', 'function'].includes(key))];
  extra.push(...Object.keys(call.function).filter((key) => key !== 'name' && key !== 'arguments'));
  return extra.length > 0 ? 'a key that a call does not have' : undefined;
}

function checkArguments(
  call: JsonObject,
  made: JsonObject,
  message: JsonObject,
  at: string,
  context: RowContext,
): void {
  const { report, tools, meta } = context;
  const path = `${at}/function/arguments`;
  const { name } = made;
  let args: Json | undefined = made.arguments;
  if (typeof args === 'string') {
    if (meta.args_form !== 'string') {
      report('T16', path, 'templates print it as text, or fail');
      args = undefined;
    } else {
      const reading = readLine(args);
      if (!reading.ok || !isObject(reading.value) || !isPythonJson(args)) {
        report('M04', path, "a string of arguments is an object in the form of Python's json.dumps");
        args = undefined;
      } else args = reading.value;
    }
  } else if (isObject(args)) {
    if (meta.args_form === 'string') report('M04', path, 'meta says that all arguments of this row are strings');
    checkNumbers(args, path, report);
  }
  if (typeof name !== 'string' || name === '') return;
  if (tools.kind === 'broken') return;
  const tool = tools.kind === 'list' ? tools.byName.get(name) : undefined;
  if (!tool) {
    report('M05', `${at}/function/name`, tools.kind === 'none' ? 'it offers no tool' : 'no tool of this name');
    return;
  }
  if (!isObject(args)) return;
  checkSchema(call, args, message, path, tool, context);
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

function checkSchema(
  call: JsonObject,
  args: JsonObject,
  message: JsonObject,
  path: string,
  tool: { parameters: JsonObject; check: () => ArgumentCheck },
  { meta, kind, report }: RowContext,
): void {
  const named = listOf(meta.null_arguments);
  const nulls = nullsIn(args);
  const filled = nulls.filter(
    (pointer) => !named.includes(`${String(call.id)}#${pointer}`) && !allowsNull(tool.parameters, pointer),
  );
  for (const pointer of filled)
    report('T01', path + pointer, "the tool's schema allows no null there and meta null_arguments does not name it");

  const isNamed = listOf(meta.invalid_calls).includes(String(call.id));
  const isContext = kind === 'dpo' ? !path.startsWith('/chosen/') : message.train === false;
  const isReasoned = !path.startsWith('/rejected/') || meta.reason === 'schema_invalid';
  if (isNamed && isContext && isReasoned) return;
  // A null is spoken of by T01, or was in the log and is named.
  const issue = tool
    .check()?.(args)
    .find(({ pointer }) => !nulls.includes(pointer));
  if (issue) report('M06', path + issue.pointer, `keyword ${issue.keyword}`);
}

/** Order of a whole conversation, given as its messages with their places. */
export function checkOrder(
  messages: readonly { message: Json; path: string }[],
  ends: 'answer' | 'step' | 'prompt',
  report: Report,
): void {
  // An unknown role is a finding of its own; what it breaks can't be told.
  const known = messages.every(({ message }) => isObject(message) && ROLES.has(String(message.role)));
  if (!known) return;
  let before: 'start' | 'system' | 'user' | 'assistant' | 'calls' | 'tool' = 'start';
  let open: { id: Json | undefined; name: Json | undefined }[] = [];
  for (const { message, path } of messages as readonly { message: JsonObject; path: string }[]) {
    const role = message.role as 'system' | 'user' | 'assistant' | 'tool';
    if (role === 'tool') {
      if (before !== 'calls' && before !== 'tool') report('M03', path, 'no call before it');
      else checkResult(message, open.shift(), path, report);
      before = 'tool';
      continue;
    }
    if (open.length > 0) report('M03', path, 'a call before it has no tool message');
    open = [];
    const fits =
      role === 'system'
        ? before === 'start'
        : role === 'user'
          ? before === 'start' || before === 'system' || before === 'assistant'
          : before === 'user' || before === 'tool';
    const isExcused = role === 'assistant' && before === 'calls';
    if (!fits && !isExcused)
      report('M02', path, `${role} can't stand after ${before === 'start' ? 'nothing' : before}`);
    const calls = role === 'assistant' && Array.isArray(message.tool_calls) ? message.tool_calls : [];
    open = calls.map((call) => ({ id: isObject(call) ? call.id : undefined, name: nameOf(call) }));
    before = role === 'assistant' && open.length > 0 ? 'calls' : role;
  }
  checkEnd(messages.at(-1)?.path ?? '', before, open.length, ends, report);
}

const nameOf = (call: Json): Json | undefined =>
  isObject(call) && isObject(call.function) ? call.function.name : undefined;

function checkResult(
  message: JsonObject,
  call: { id: Json | undefined; name: Json | undefined } | undefined,
  path: string,
  report: Report,
): void {
  if (!call) report('M03', path, 'more tool messages than calls');
  else if (typeof message.tool_call_id !== 'string' || typeof message.name !== 'string') return;
  else if (message.tool_call_id !== call.id)
    report('M03', `${path}/tool_call_id`, 'not the id of the call that is due');
  else if (message.name !== call.name) report('M03', `${path}/name`, 'not the name that was called');
}

function checkEnd(
  path: string,
  before: string,
  open: number,
  ends: 'answer' | 'step' | 'prompt',
  report: Report,
): void {
  if (ends === 'prompt') {
    if (before === 'tool' && open > 0) report('M03', path, 'a call before it has no tool message');
    else if (before === 'calls') report('M02', path, 'a prompt ends with user or tool');
    else if (before !== 'user' && before !== 'tool') report('M02', path, 'a prompt ends with user or tool');
    return;
  }
  if (before === 'calls' && ends === 'answer')
    report('M02', path, 'the last message has calls and meta does not say cut: "step"');
  else if (before === 'tool' && open > 0) report('M03', path, 'a call before it has no tool message');
  else if (before !== 'assistant' && before !== 'calls') report('M02', path, 'the last message is no answer');
}
