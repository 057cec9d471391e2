/** Exports of chat applications: trees with branches, thumbs, corrections, what the app put in unseen. */
import { describe, expect, it } from 'vitest';
import { talk } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

const read = async (value: unknown) => {
  const parsed = await parseBytes(JSON.stringify(value));
  expect(parsed.broken).toEqual([]);
  return { ...parsed, told: parsed.trajectories.map(talk), adapter: parsed.summary.adapter };
};

describe('ChatGPT', () => {
  const message = (id: string, role: string, content: unknown, more = {}) => ({
    id,
    author: { role },
    content,
    recipient: 'all',
    status: 'finished_successfully',
    metadata: {},
    ...more,
  });
  const text = (...parts: string[]) => ({ content_type: 'text', parts });
  const node = (id: string, parent: string | null, said: unknown, children: string[] = []) => ({
    id,
    parent,
    children,
    message: said,
  });
  const mapping = {
    root: node('root', null, null, ['q']),
    q: node('q', 'root', message('q', 'user', text('What is 2+2?')), ['th', 'old']),
    old: node('old', 'q', message('old', 'assistant', text('Five.'), { metadata: { model_slug: 'm-0' } })),
    th: node(
      'th',
      'q',
      message('th', 'assistant', { content_type: 'thoughts', thoughts: [{ summary: 'Add', content: 'Two and two.' }] }),
      ['call'],
    ),
    call: node(
      'call',
      'th',
      message(
        'call',
        'assistant',
        { content_type: 'code', language: 'python', text: 'print(2+2)' },
        { recipient: 'python', metadata: { model_slug: 'm-1' } },
      ),
      ['res'],
    ),
    res: node(
      'res',
      'call',
      {
        ...message('res', 'tool', { content_type: 'execution_output', text: '4' }),
        author: { role: 'tool', name: 'python' },
      },
      ['a'],
    ),
    a: node('a', 'res', message('a', 'assistant', text('Four.'), { metadata: { model_slug: 'm-1' } })),
  };

  it('walks from the current message; an answer that was made again is a branch with what they share as copies', async () => {
    const { told, adapter, trajectories } = await read([
      { conversation_id: 'c1', title: 'Sum', current_node: 'a', mapping },
    ]);
    expect(adapter).toBe('chatgpt');
    expect(told).toEqual([
      [
        'user What is 2+2?',
        'assistant (Add\nTwo and two.)',
        'tool_call python print(2+2)',
        'tool_result for 2 unknown 4',
        'assistant Four.',
      ],
      ['copied user What is 2+2?', 'assistant Five.'],
    ]);
    const [shown, other] = trajectories;
    expect(shown!.branch).toEqual({ of: shown!.id, selected: true });
    expect(other!.branch).toEqual({ of: shown!.id, selected: false, atEventId: shown!.events[0]!.id });
    expect(shown!.events[1]!.stepId).toBe(shown!.events[2]!.stepId);
    expect(shown!.models).toEqual(['m-1']);
  });

  it('refuses a conversation without its messages and goes on with the others; thumbs come in a file of their own', async () => {
    const { summary, told } = await read([
      { conversation_id: 'c1', current_node: 'a', mapping },
      { conversation_id: 'c2', title: 'Lost', current_node: 'x' },
      { conversation_id: 'c1', id: 'a', rating: 'thumbsDown', content: 'wrong' },
    ]);
    expect(summary).toMatchObject({ records: 3, mapped: 2, quarantined: [{ recordNo: 2 }] });
    expect(told.at(-1)).toEqual(['feedback user thumb false on trajectory']);
  });
});

describe('Claude.ai', () => {
  it('takes the blocks before the text that repeats them, and attachments as documents', async () => {
    const { told, adapter } = await read([
      {
        uuid: 'c',
        name: 'N',
        chat_messages: [
          {
            uuid: '1',
            sender: 'human',
            text: 'Sum up',
            content: [{ type: 'text', text: 'Sum up' }],
            attachments: [{ file_name: 'a.txt', extracted_content: 'Long' }],
            files: [],
          },
          {
            uuid: '2',
            sender: 'assistant',
            text: 'Short',
            content: [
              { type: 'thinking', thinking: 'Hm' },
              { type: 'text', text: 'Short' },
            ],
          },
        ],
      },
      { uuid: 'd', name: '', chat_messages: [] },
    ]);
    expect(adapter).toBe('claude-ai');
    expect(told).toEqual([['user Sum up + <Long>', 'assistant (Hm) + Short'], []]);
  });
});

describe('Grok and AI Studio', () => {
  it('reads each conversation of the one document', async () => {
    const { told, adapter, trajectories } = await read({
      conversations: [
        {
          conversation: { id: 'g', title: 'T' },
          responses: [
            {
              response: {
                _id: '1',
                message: 'Hi',
                sender: 'human',
                create_time: { $date: { $numberLong: '1740000000000' } },
              },
            },
            { response: { _id: '2', message: 'Hello', sender: 'ASSISTANT', model: 'grok-x' } },
          ],
        },
        { conversation: { id: 'h' }, responses: [] },
      ],
    });
    expect(adapter).toBe('grok');
    expect(told).toEqual([['user Hi', 'assistant Hello'], []]);
    expect(trajectories[0]!.events[0]!.ts).toBe('2025-02-19T21:20:00.000Z');
  });

  it('keeps the thoughts of a prompt file apart from its answer', async () => {
    const { told, adapter } = await read({
      runSettings: { model: 'models/g-1' },
      systemInstruction: { text: 'Short.' },
      chunkedPrompt: {
        chunks: [
          { role: 'user', text: 'Hi' },
          { role: 'user', driveDocument: { id: 'd1' } },
          { role: 'model', text: 'Greet', isThought: true },
          { role: 'model', text: 'Hello', finishReason: 'STOP' },
        ],
      },
    });
    expect(adapter).toBe('aistudio');
    expect(told).toEqual([['system Short.', 'user Hi', 'user [file]', 'assistant (Greet)', 'assistant Hello']]);
  });
});

describe('LibreChat', () => {
  const base = { conversationId: 'l1', endpoint: 'openAI', title: 'T', options: { model: 'm-1' } };
  const asked = {
    messageId: 'q',
    parentMessageId: '00000000-0000-0000-0000-000000000000',
    isCreatedByUser: true,
    sender: 'User',
    text: 'Hi',
  };
  const good = {
    messageId: 'a',
    parentMessageId: 'q',
    isCreatedByUser: false,
    sender: 'GPT',
    text: '',
    content: [
      { type: 'think', think: 'Greet' },
      { type: 'tool_call', tool_call: { id: 't', name: 'now', args: '{}', output: 'noon' } },
      { type: 'text', text: { value: 'Good day' } },
    ],
    feedback: { rating: 'thumbsUp', tag: 'accurate' },
  };
  const bad = {
    messageId: 'b',
    parentMessageId: 'q',
    isCreatedByUser: false,
    sender: 'GPT',
    text: 'Cut',
    unfinished: true,
  };

  it('tells a list by its parents and a tree by its children alike', async () => {
    const expected = [
      [
        'user Hi',
        'assistant (Greet)',
        'tool_call now {}',
        'tool_result for 2 unknown noon',
        'assistant Good day',
        'feedback user thumb true on 4',
      ],
      ['copied user Hi', 'assistant Cut'],
    ];
    const list = await read({ ...base, messages: [asked, bad, good] });
    const tree = await read({ ...base, messagesTree: [{ ...asked, children: [bad, good] }] });
    for (const { told, adapter, trajectories } of [list, tree]) {
      expect(adapter).toBe('librechat');
      expect(told).toEqual(expected);
      expect(trajectories[1]!.events[1]!.flags).toEqual(['incomplete']);
      expect(trajectories[0]!.outcome).toMatchObject({ value: 'success', basis: 'user_feedback' });
    }
  });
});

describe('Open WebUI', () => {
  const chat = (answer: object) => ({
    id: 'w1',
    title: 'T',
    history: {
      currentId: 'a',
      messages: {
        q: { id: 'q', parentId: null, childrenIds: ['a'], role: 'user', content: 'Hi' },
        a: { id: 'a', parentId: 'q', childrenIds: [], role: 'assistant', model: 'm-1', done: true, ...answer },
      },
    },
    messages: [],
  });
  const details =
    '<details type="reasoning" done="true" duration="2">\n<summary>Thought</summary>\n> Look it up.\n</details>\n' +
    '<details type="tool_calls" done="true" id="t1" name="find" arguments="&quot;{\\&quot;q\\&quot;:1}&quot;" result="&quot;found&quot;">\n<summary>Tool Executed</summary>\n</details>\nHere <details>you</details> are.';

  it('takes reasoning and calls out of the text and leaves other details in it', async () => {
    const { told, adapter } = await read(chat({ content: details }));
    expect(adapter).toBe('openwebui');
    expect(told).toEqual([
      [
        'user Hi',
        'assistant (Look it up.)',
        'tool_call find {"q":1}',
        'tool_result for 2 unknown found',
        'assistant Here <details>you</details> are.',
      ],
    ]);
  });

  it('keeps what the model said when a person corrected it, and the correction as an edit', async () => {
    const { told, trajectories } = await read([
      {
        id: 'w1',
        chat: chat({
          content: 'Good evening',
          originalContent: 'Good morning',
          annotation: { rating: -1, reason: 'wrong time' },
        }),
      },
    ]);
    expect(told).toEqual([
      ['user Hi', 'assistant Good morning', 'feedback user edit Good evening on 1', 'feedback user thumb false on 1'],
    ]);
    expect(trajectories[0]!.outcome).toMatchObject({ value: 'failure', basis: 'user_feedback' });
  });

  it('reads the items of an answer where the app keeps them, and passages that were looked up', async () => {
    const { told } = await read(
      chat({
        content: details,
        output: [
          { type: 'function_call', call_id: 't1', name: 'find', arguments: '{"q":1}' },
          { type: 'function_call_output', call_id: 't1', output: 'found' },
          { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Here.' }] },
        ],
        sources: [{ source: { name: 'Doc' }, document: ['Passage'] }],
      }),
    );
    expect(told).toEqual([
      [
        'user Hi',
        'retrieval <Passage>',
        'tool_call find {"q":1}',
        'tool_result for 2 unknown found',
        'assistant Here.',
      ],
    ]);
  });
});
