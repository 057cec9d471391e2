import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../trajectory/json.ts';
import { insideText, placeable, pointerTo } from './json-access.ts';
import { messageEvents } from './message.ts';
import { isMessageLike, readMessage } from './read-message.ts';

const record = { recordNo: 1, byteStart: 0, byteEnd: 9, sha256: 'aa', flags: [] };

/** Kinds, names and ids of the events of a message, whichever library wrote it. */
const told = (value: JsonObject, side?: 'input' | 'output') =>
  messageEvents(readMessage(value, '', { ...(side && { side }), isTraced: true }), {
    place: (pointer) => ({ record, pointer }),
  }).map(({ kind, call, result, parts, place }) => ({
    kind,
    ...(call && { call: [call.callId, call.name, call.arguments] }),
    ...(result && { result }),
    ...(parts && parts.length > 0 && { parts }),
    pointer: place.pointer,
  }));

const text = { type: 'text', text: 'Let me look.' };

describe('one call, as each library writes it', () => {
  it.each<[string, JsonObject, string]>([
    [
      'OpenAI chat',
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'find', arguments: { q: 1 } } }],
      },
      '/tool_calls/0',
    ],
    [
      'OpenAI chat, calls as JSON in a string',
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: '[{"id":"c1","function":{"name":"find","arguments":{"q":1}}}]',
      },
      '/tool_calls',
    ],
    [
      'Anthropic',
      { role: 'assistant', content: [text, { type: 'tool_use', id: ' c1 ', name: 'find', input: { q: 1 } }] },
      '/content/1',
    ],
    [
      'Gemini',
      {
        role: 'model',
        parts: [{ text: 'Let me look.' }, { functionCall: { id: 'c1', name: 'find', args: { q: 1 } } }],
      },
      '/parts/1',
    ],
    [
      'Bedrock',
      {
        role: 'assistant',
        content: [{ text: 'Let me look.' }, { toolUse: { toolUseId: 'c1', name: 'find', input: { q: 1 } } }],
      },
      '/content/1',
    ],
    [
      'the AI SDK',
      {
        role: 'assistant',
        content: [text, { type: 'tool-call', toolCallId: 'c1', toolName: 'find', input: { q: 1 } }],
      },
      '/content/1',
    ],
    [
      'GenAI conventions',
      {
        role: 'assistant',
        parts: [
          { type: 'text', content: 'Let me look.' },
          { type: 'tool_call', id: 'c1', name: 'find', arguments: { q: 1 } },
        ],
      },
      '/parts/1',
    ],
    [
      'LangChain, serialised, the call in two places',
      {
        lc: 1,
        type: 'constructor',
        id: ['langchain', 'schema', 'messages', 'AIMessage'],
        kwargs: {
          content: [text, { type: 'tool_use', id: 'c1', name: 'find', input: { q: 1 } }],
          additional_kwargs: { tool_calls: [{ id: 'c1', function: { name: 'find', arguments: '{}' } }] },
        },
      },
      '/kwargs/content/1',
    ],
    [
      'LangChain, dumped',
      { type: 'ai', data: { content: 'Let me look.', tool_calls: [{ id: 'c1', name: 'find', args: { q: 1 } }] } },
      '/data/tool_calls/0',
    ],
  ])('%s', (_, value, pointer) => {
    const [said, call] = told(value, 'output');
    expect(said).toMatchObject({ kind: 'assistant', parts: [text] });
    expect(call).toEqual({ kind: 'tool_call', call: ['c1', 'find', { q: 1 }], pointer });
  });
});

describe('one result, as each library writes it', () => {
  const answer = { type: 'text', text: '3' };
  it.each<[string, JsonObject]>([
    ['OpenAI chat', { role: 'tool', tool_call_id: 'c1', content: '3' }],
    ['Anthropic', { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: [answer] }] }],
    ['Bedrock', { role: 'user', content: [{ toolResult: { toolUseId: 'c1', content: [{ text: '3' }] } }] }],
    ['GenAI conventions', { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '3' }] }],
    [
      'the AI SDK',
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', output: { type: 'text', value: '3' } }] },
    ],
    ['items of the Responses API', { type: 'function_call_output', call_id: 'c1', output: '3' }],
    ['LangChain', { type: 'tool', tool_call_id: 'c1', content: '3' }],
  ])('%s', (_, value) => {
    expect(told(value)).toEqual([expect.objectContaining({ kind: 'tool_result', parts: [answer] })]);
    expect(told(value)[0]!.result).toMatchObject({ callId: 'c1' });
  });

  it('rows of JSON that a tool brought stay one value', () => {
    const rows = [
      { type: 'hotel', name: 'A' },
      { type: 'hotel', name: 'B' },
    ];
    expect(told({ role: 'tool', tool_call_id: 'c1', content: rows })[0]!.parts).toEqual([
      { type: 'json', value: rows },
    ]);
  });
});

describe('what a message holds beside its text', () => {
  it('a seal logged behind a call belongs to the thinking before it', () => {
    const content: Json = [
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'tool_use', id: 'c1', name: 'find', input: {} },
      { type: 'redacted_thinking', data: 'xx' },
    ];
    expect(told({ role: 'assistant', content }).map(({ kind }) => kind)).toEqual(['assistant', 'tool_call']);
  });

  it('a block that no rule names keeps its value', () => {
    const block = { type: 'hologram', beam: 3 };
    expect(told({ role: 'user', content: [block] })[0]!.parts).toEqual([{ type: 'json', value: block }]);
  });

  it('JSON of calls is calls only where a tracing tool wrote it', () => {
    const value = {
      role: 'assistant',
      content: '[{"id":"c1","type":"function","function":{"name":"find","arguments":"{}"}}]',
    };
    expect(readMessage(value, '').pieces).toMatchObject([{ type: 'part' }]);
    expect(readMessage(value, '', { isTraced: true }).pieces).toMatchObject([{ type: 'call', call: { name: 'find' } }]);
  });

  it('a value without a speaker is no message', () => {
    expect(isMessageLike({ content: 'x' })).toBe(false);
    expect(isMessageLike({ type: 'hotel', content: 'x' })).toBe(false);
  });
});

describe('places inside strings', () => {
  it('are the string', () => {
    expect(placeable(pointerTo(insideText('/request'), 'messages', 0))).toBe('/request');
  });
  it('no key is taken for one', () => {
    for (const key of ['a#b', '~"', 'x~"y', '\u0000'])
      expect(placeable(pointerTo('', key, 0))).toBe(pointerTo('', key, 0));
  });
});
