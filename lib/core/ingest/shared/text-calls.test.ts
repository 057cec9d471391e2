import { describe, expect, it } from 'vitest';
import type { Message } from './message.ts';
import { withTextCalls } from './text-calls.ts';

const say = (speaker: Message['speaker'], text: string): Message => ({
  speaker,
  pieces: [{ type: 'part', part: { type: 'text', text } }],
  pointer: '',
});
const user = (text: string) => say('user', text);
const model = (text: string) => say('assistant', text);

const outline = (messages: readonly Message[]) =>
  messages.map(({ speaker, pieces }) => {
    const said = pieces.map((piece) => {
      if (piece.type === 'call') return [piece.call.name, JSON.parse(JSON.stringify(piece.call.arguments))];
      if (piece.type === 'result') return piece.parts.map((part) => ('text' in part ? part.text : '')).join('');
      return piece.type === 'part' && piece.part.type === 'text' ? piece.part.text : '';
    });
    return [speaker, ...said];
  });

describe('calls written into the text of an answer', () => {
  it.each<[string, Message[], unknown[]]>([
    [
      'function tags',
      [
        model('Look.\n<function=run>\n<parameter=command>\nls\n</parameter>\n<parameter=n>1</parameter>\n</function>'),
        user('EXECUTION RESULT of [run]: a'),
      ],
      [
        ['assistant', 'Look.\n', ['run', { command: 'ls', n: '1' }]],
        ['tool', 'EXECUTION RESULT of [run]: a'],
      ],
    ],
    [
      'a function tag that stops at its end',
      [model('<function=run><parameter=a>b</parameter>\n')],
      [['assistant', ['run', { a: 'b' }]]],
    ],
    [
      'JSON tags',
      [model('<tool_call>{"name":"f","arguments":{"x":1}}</tool_call>'), user('2')],
      [
        ['assistant', ['f', { x: 1 }]],
        ['tool', '2'],
      ],
    ],
    [
      'execute tags',
      [
        user('Use <execute>code</execute>.'),
        model('Run <execute>print(1)</execute>'),
        user('Observation:\n1'),
        model('<solution>1</solution>'),
      ],
      [
        ['user', 'Use <execute>code</execute>.'],
        ['assistant', 'Run ', ['execute', { code: 'print(1)' }]],
        ['tool', '1'],
        ['assistant', '<solution>1</solution>'],
      ],
    ],
    [
      'shell blocks with return codes',
      [
        model('THOUGHT: a\n\n```bash\nls\n```'),
        user('<returncode>1</returncode>\n<output>\nno\n</output>'),
        model('```bash\npwd\n```'),
      ],
      [
        ['assistant', 'THOUGHT: a\n\n', ['bash', { command: 'ls' }]],
        ['tool', 'no\n'],
        ['assistant', ['bash', { command: 'pwd' }]],
      ],
    ],
    [
      'Action and Action Input',
      [
        user('Action Input: …'),
        model('Thought: hm\nAction: search\nAction Input: {"q":"x"}\n'),
        user('Observation: found'),
        model('Final Answer: x'),
      ],
      [
        ['user', 'Action Input: …'],
        ['assistant', 'Thought: hm\n', ['search', { q: 'x' }]],
        ['tool', 'found'],
        ['assistant', 'Final Answer: x'],
      ],
    ],
    [
      'actions in brackets',
      [model('Thought: 1\nAction: Search[Oslo]'), user('Observation: a city'), model('Action:\nFinish[Oslo]')],
      [
        ['assistant', 'Thought: 1\n', ['Search', { input: 'Oslo' }]],
        ['tool', 'a city'],
        ['assistant', ['Finish', { input: 'Oslo' }]],
      ],
    ],
    [
      'acts, the final one as text',
      [
        user('Act: bash or Act: answer(x)'),
        model('Think: a\n\nAct: bash\n\n```bash\nls\n```'),
        user('a b'),
        model('Think: b\nAct: answer(2)'),
      ],
      [
        ['user', 'Act: bash or Act: answer(x)'],
        ['assistant', 'Think: a\n\n', ['bash', { command: 'ls' }]],
        ['tool', 'a b'],
        ['assistant', 'Think: b\n', '2'],
      ],
    ],
  ])('%s', (_, messages, expected) => {
    expect(outline(withTextCalls(messages))).toEqual(expected);
  });

  it('keeps the exit code, marks the guess and the result', () => {
    const [answer, result] = withTextCalls([model('<function=f></function>'), user('done')]);
    expect(answer!.pieces[0]).toMatchObject({
      type: 'call',
      confidence: 0.8,
      call: { origin: 'text', raw: '<function=f></function>' },
    });
    expect(result!.pieces[0]).toMatchObject({ type: 'result', flags: ['text_tool_call'] });
    const shell = withTextCalls([model('```sh\nls\n```'), user('<returncode>2</returncode>'), model('```sh\nls\n```')]);
    expect(shell[1]!.pieces[0]).toMatchObject({ result: { exitCode: 2 } });
  });

  it('leaves a conversation about shell commands alone', () => {
    const chat = [
      user('How do I list files?'),
      model('```bash\nls\n```'),
      user('And hidden ones?'),
      model('```bash\nls -a\n```'),
    ];
    expect(withTextCalls(chat)).toBe(chat);
  });

  it('looks through a long answer of hostile marks in no time', () => {
    const started = performance.now();
    withTextCalls([
      model('<function=a><parameter=b>'.repeat(4000)),
      model(`${'\nAction: a'.repeat(4000)}`),
      model('```bash\n'.repeat(4000)),
    ]);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
