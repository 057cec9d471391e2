/** Reasoning and calls that Open WebUI writes into the text of an answer, as `<details type="…">`. */
import type { Piece } from '../shared/message.ts';
import { textPiece } from '../shared/read-block.ts';

const OPEN = '<details';
const CLOSE = '</details>';

/** Details of a kind that is known become what they are; all else stays text, as it is. Linear in the text. */
export function readDetails(text: string, pointer: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  let close = -1;
  for (let open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, open)) {
    const tagEnd = text.indexOf('>', open);
    if (tagEnd < 0) break;
    if (close <= tagEnd) close = text.indexOf(CLOSE, tagEnd);
    if (close < 0) break;
    const attributes = text.slice(open + OPEN.length, tagEnd);
    const found = readDetail(attributes, text.slice(tagEnd + 1, close), pointer);
    if (!found) {
      open = tagEnd;
      continue;
    }
    pieces.push(...said(text.slice(from, open)), ...found);
    from = close + CLOSE.length;
    open = from;
  }
  pieces.push(...said(text.slice(from)));
  return pieces;
}

const said = (text: string): Piece[] => (text.trim() === '' ? [] : textPiece(text.replace(/^\r?\n/, '')));

function readDetail(attributes: string, inner: string, pointer: string): Piece[] | undefined {
  const type = attributeOf(attributes, 'type');
  if (type === 'reasoning') {
    const thought = unquoted(inner.replace(/<summary>[^<]{0,2000}<\/summary>/, ''));
    return thought === '' ? [] : [{ type: 'part', part: { type: 'reasoning', text: thought } }];
  }
  if (type !== 'tool_calls' && type !== 'code_interpreter') return undefined;
  const callId = attributeOf(attributes, 'id');
  const id = callId === undefined || callId === '' ? {} : { callId };
  if (type === 'code_interpreter') {
    const code = /```[a-z]{0,20}\n([\s\S]*?)```/.exec(inner)?.[1] ?? '';
    const output = attributeOf(attributes, 'output');
    const call: Piece = { type: 'call', call: { ...id, name: type, arguments: { code } }, pointer };
    return output === undefined ? [call] : [call, resultOf({ ...id, name: type }, output, pointer)];
  }
  const name = attributeOf(attributes, 'name') ?? '';
  const call: Piece = {
    type: 'call',
    call: { ...id, name, arguments: once(attributeOf(attributes, 'arguments') ?? '') },
    pointer,
  };
  const result = attributeOf(attributes, 'result');
  return result === undefined || attributeOf(attributes, 'done') === 'false'
    ? [call]
    : [call, resultOf({ ...id, name }, once(result), pointer)];
}

const resultOf = (result: { callId?: string; name: string }, text: string, pointer: string): Piece => ({
  type: 'result',
  result,
  parts: text === '' ? [] : [{ type: 'text', text }],
  pointer,
});

/** JSON text in an attribute was quoted as a string once more. */
function once(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
  try {
    const inner: unknown = JSON.parse(text);
    return typeof inner === 'string' ? inner : text;
  } catch {
    return text;
  }
}

function attributeOf(attributes: string, name: string): string | undefined {
  const start = attributes.indexOf(` ${name}="`);
  if (start < 0) return undefined;
  const from = start + name.length + 3;
  const end = attributes.indexOf('"', from);
  return end < 0 ? undefined : unescaped(attributes.slice(from, end));
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Thoughts are written as a quote. */
const unquoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/^>\s?/, ''))
    .join('\n')
    .trim();
