/**
 * The ways in which models without native calls write them into their answers (docs/formats.md). Each grammar finds calls in
 * an answer and knows what an observation looks like. All searching is by fixed marks: linear in the text.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { parseJson } from '../parse-json.ts';
import { readCall } from './read-call.ts';

/** A call in an answer's text, from `start` to `end`; `raw` is the call as written. */
export type TextCall = { start: number; end: number; name: string; arguments: Json; raw: string };
/** Text that stands for itself where the grammar wraps the final answer. */
export type FinalText = { start: number; end: number; text: string };
export type Observation = { text: string; exitCode?: number };

export type Grammar = {
  name: string;
  /** One match is enough; the others need to be shown by the prompt or to match twice. */
  isSure: boolean;
  /** Does a prompt show it? */
  isShown(prompt: string): boolean;
  find(answer: string): TextCall[];
  final?(answer: string): FinalText | undefined;
  /** What the next message brought, its marks off; undefined when it does not look like an observation of this grammar. */
  observe(text: string): Observation | undefined;
};

const plainObservation = (text: string): Observation => ({ text });

/** `Observation:` in front is the format's, not the tool's. */
const labelledObservation = (text: string): Observation | undefined => {
  const trimmed = text.trimStart();
  if (!/^observation:/i.test(trimmed)) return undefined;
  return { text: trimmed.slice('observation:'.length).replace(/^[ \t]?\n?/, '') };
};

const NAME = /^[\w.:-]{1,100}$/;

const functionTags: Grammar = {
  name: 'function tags',
  isSure: true,
  isShown: (prompt) => prompt.includes('<function=') && prompt.includes('</function>'),
  find: (answer) => {
    const calls: TextCall[] = [];
    for (let start = answer.indexOf('<function='); start >= 0; start = answer.indexOf('<function=', start + 1)) {
      // Looked for nearby only: marks without an end must not make the search quadratic.
      const head = answer.slice(start, start + 120);
      const nameEnd = start + head.indexOf('>');
      const name = nameEnd < start ? '' : answer.slice(start + '<function='.length, nameEnd).trim();
      if (!NAME.test(name)) continue;
      const close = answer.indexOf('</function', nameEnd);
      // Models stop at the closing tag: what is left is the call then.
      const end =
        close < 0
          ? answer.length
          : close + (answer.startsWith('</function>', close) ? '</function>' : '</function').length;
      const body = answer.slice(nameEnd + 1, close < 0 ? answer.length : close);
      calls.push({ start, end, name, arguments: readParameters(body), raw: answer.slice(start, end) });
      start = end - 1;
    }
    return calls;
  },
  observe: plainObservation,
};

function readParameters(body: string): JsonObject {
  const values: JsonObject = Object.create(null);
  for (let start = body.indexOf('<parameter='); start >= 0; start = body.indexOf('<parameter=', start + 1)) {
    const keyEnd = body.indexOf('>', start);
    const close = keyEnd < 0 ? -1 : body.indexOf('</parameter>', keyEnd);
    if (close < 0) break;
    const key = body.slice(start + '<parameter='.length, keyEnd).trim();
    values[key] = body
      .slice(keyEnd + 1, close)
      .replace(/^\r?\n/, '')
      .replace(/\r?\n$/, '');
    start = close;
  }
  return values;
}

const jsonTags: Grammar = {
  name: 'JSON tags',
  isSure: true,
  isShown: (prompt) => prompt.includes('<tool_call>') || prompt.includes('<function_call>'),
  find: (answer) =>
    [...jsonIn(answer, 'tool_call'), ...jsonIn(answer, 'function_call')].sort((a, b) => a.start - b.start),
  observe: plainObservation,
};

function jsonIn(answer: string, tag: string): TextCall[] {
  return between(answer, `<${tag}>`, `</${tag}>`).flatMap(({ start, end, inner }) => {
    const reading = parseJson(inner.trim());
    const call = reading.ok && isObject(reading.value) ? readCall(reading.value) : undefined;
    return call
      ? [{ start, end, name: call.name, arguments: call.arguments ?? null, raw: answer.slice(start, end) }]
      : [];
  });
}

const executeTags: Grammar = {
  name: 'execute tags',
  isSure: false,
  isShown: (prompt) => prompt.includes('<execute'),
  find: (answer) =>
    ['execute', 'execute_ipython', 'execute_bash', 'execute_browse']
      .flatMap((name) =>
        between(answer, `<${name}>`, `</${name}>`).map(({ start, end, inner }) => ({
          start,
          end,
          name,
          arguments: { code: inner.trim() },
          raw: answer.slice(start, end),
        })),
      )
      .sort((a, b) => a.start - b.start),
  observe: labelledObservation,
};

const shellBlock: Grammar = {
  name: 'one shell block',
  isSure: false,
  isShown: (prompt) => /```(?:bash|sh|mswea_bash_command)\b/.test(prompt),
  find: (answer) => oneBlock(answer, ['bash', 'sh', 'mswea_bash_command'], 'bash', 'command'),
  observe: (text) => {
    const code = /<returncode>\s*(-?\d{1,10})\s*<\/returncode>/.exec(text);
    if (!code) return undefined;
    const output = between(text, '<output>', '</output>')[0];
    const inner = output?.inner.replace(/^\r?\n/, '') ?? text.slice(code.index + code[0].length).trimStart();
    return { text: inner, exitCode: Number(code[1]) };
  },
};

const lastBlock: Grammar = {
  name: 'a block at the end',
  isSure: false,
  isShown: (prompt) => prompt.includes('bash-$') || prompt.includes('(Open file:'),
  find: (answer) => {
    const found = oneBlock(answer, [''], 'bash', 'command');
    return found.length === 1 && answer.slice(found[0]!.end).trim() === '' ? found : [];
  },
  observe: (text) => (text.includes('(Open file:') || text.includes('bash-$') ? { text } : undefined),
};

const ACTION = /(?:^|\n)[ \t]*Action[ \t]*\d{0,2}:[ \t]*\n?[ \t]*/;
const ACTION_INPUT = /\n[ \t]*Action Input[ \t]*\d{0,2}:[ \t]*/;
const STOP = /\n[ \t]*(?:Observation|Thought)[ \t]*\d{0,2}:/;

const actionInput: Grammar = {
  name: 'Action and Action Input',
  isSure: false,
  isShown: (prompt) => prompt.includes('Action Input:'),
  find: (answer) => {
    const action = ACTION.exec(answer);
    if (!action) return [];
    const from = action.index + action[0].length;
    const input = ACTION_INPUT.exec(answer.slice(from));
    const name = input ? answer.slice(from, from + input.index).trim() : '';
    if (!input || !NAME.test(name)) return [];
    const bodyAt = from + input.index + input[0].length;
    const stop = STOP.exec(answer.slice(bodyAt));
    const end = stop ? bodyAt + stop.index : answer.length;
    const body = answer.slice(bodyAt, end).trim();
    const reading = parseJson(body);
    const value: Json = reading.ok && isObject(reading.value) ? reading.value : { input: body };
    const start = lineStart(answer, action);
    return [{ start, end, name, arguments: value, raw: answer.slice(start, end).trim() }];
  },
  observe: labelledObservation,
};

const actionCall: Grammar = {
  name: 'Action with brackets',
  isSure: false,
  isShown: (prompt) => /Action[ \t]{0,4}\d{0,2}:[ \t]{0,8}\n?[ \t]{0,8}[\w.-]{1,60}[[(]/.test(prompt),
  find: (answer) => {
    const action = ACTION.exec(answer);
    if (!action) return [];
    const from = action.index + action[0].length;
    const head = /^([\w.-]{1,60})([[(])/.exec(answer.slice(from, from + 70));
    if (!head) return [];
    const lineEnd = answer.indexOf('\n', from);
    const line = answer.slice(from, lineEnd < 0 ? answer.length : lineEnd);
    const close = line.lastIndexOf(head[2] === '[' ? ']' : ')');
    if (close < head[0].length - 1) return [];
    const start = lineStart(answer, action);
    const end = from + close + 1;
    return [
      {
        start,
        end,
        name: head[1]!,
        arguments: { input: line.slice(head[0].length, close) },
        raw: answer.slice(start, end),
      },
    ];
  },
  observe: labelledObservation,
};

const ACT = /(?:^|\n)[ \t]*Act:[ \t]*/;

const actBlock: Grammar = {
  name: 'Act',
  isSure: false,
  isShown: (prompt) => prompt.includes('Act: bash') || prompt.includes('Act: answer('),
  find: (answer) => {
    const act = ACT.exec(answer);
    if (!act || !answer.startsWith('bash', act.index + act[0].length)) return [];
    const from = lineStart(answer, act);
    return oneBlock(answer.slice(from), ['bash', ''], 'bash', 'command').map((call) => ({
      ...call,
      start: from,
      end: from + call.end,
      raw: answer.slice(from, from + call.end),
    }));
  },
  final: (answer) => {
    const act = ACT.exec(answer);
    const inner = act && answer.slice(act.index + act[0].length);
    if (!act || !inner?.startsWith('answer(')) return undefined;
    const close = inner.lastIndexOf(')');
    if (close < 0) return undefined;
    const start = lineStart(answer, act);
    return { start, end: act.index + act[0].length + close + 1, text: inner.slice('answer('.length, close) };
  },
  observe: plainObservation,
};

const sqlOperation: Grammar = {
  name: 'Operation with SQL',
  isSure: false,
  isShown: (prompt) => prompt.includes('Action: Operation'),
  find: (answer) => {
    const at = answer.indexOf('Action: Operation');
    if (at < 0) return [];
    return oneBlock(answer.slice(at), ['sql'], 'sql', 'query').map((call) => ({
      ...call,
      start: at,
      end: at + call.end,
      raw: answer.slice(at, at + call.end),
    }));
  },
  observe: plainObservation,
};

/** The first that applies to a conversation is its grammar. */
export const GRAMMARS: readonly Grammar[] = [
  functionTags,
  jsonTags,
  executeTags,
  shellBlock,
  lastBlock,
  actionInput,
  actionCall,
  actBlock,
  sqlOperation,
];

function lineStart(answer: string, match: RegExpExecArray): number {
  return answer[match.index] === '\n' ? match.index + 1 : match.index;
}

type Enclosed = { start: number; end: number; inner: string };

function between(text: string, open: string, close: string): Enclosed[] {
  const found: Enclosed[] = [];
  for (let start = text.indexOf(open); start >= 0; ) {
    const end = text.indexOf(close, start + open.length);
    if (end < 0) break;
    found.push({ start, end: end + close.length, inner: text.slice(start + open.length, end) });
    start = text.indexOf(open, end + close.length);
  }
  return found;
}

/** The only fenced block of the answer, when it has one of the languages. */
function oneBlock(answer: string, languages: readonly string[], name: string, key: string): TextCall[] {
  const fences: number[] = [];
  for (let at = answer.indexOf('```'); at >= 0; at = answer.indexOf('```', at + 3)) {
    if (at === 0 || answer[at - 1] === '\n') fences.push(at);
  }
  const [open, close] = fences;
  if (open === undefined || close === undefined || fences.length !== 2) return [];
  const lineEnd = answer.indexOf('\n', open);
  if (lineEnd < 0 || lineEnd > close || !languages.includes(answer.slice(open + 3, lineEnd).trim())) return [];
  const end = close + 3;
  const body = answer.slice(lineEnd + 1, Math.max(lineEnd + 1, close - 1));
  return [{ start: open, end, name, arguments: { [key]: body }, raw: answer.slice(open, end) }];
}
