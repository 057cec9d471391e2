import { describe, expect, it } from 'vitest';
import { jsonLines, talk } from '../testing/brief.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

const message = (id: string, role: 'prompter' | 'assistant', more: object = {}, replies: object[] = []) => ({
  message_id: id,
  text: id.toUpperCase(),
  role,
  lang: 'en',
  replies,
  ...more,
});
const tree = {
  message_tree_id: 'tree',
  tree_state: 'ready_for_export',
  prompt: message('q', 'prompter', {}, [
    message('worse', 'assistant', { rank: 1 }),
    message('best', 'assistant', { rank: 0, model_name: 'm', labels: { quality: { value: 0.75, count: 3 } } }, [
      message('more', 'prompter', { emojis: { '+1': 2 } }, [
        message('end', 'assistant', { rank: 0 }),
        message('alt', 'assistant', { rank: 1 }),
      ]),
    ]),
  ]),
};
const read = async (values: unknown[]) => {
  const parsed = await parseBytes(jsonLines(values));
  expect(parsed.broken).toEqual([]);
  expect(parsed.summary.adapter).toBe('oasst');
  return parsed;
};
const said = (lines: string[]) => lines.filter((line) => !line.startsWith('feedback'));
const paths = [
  ['user Q', 'assistant BEST', 'user MORE', 'assistant END'],
  ['copied user Q', 'copied assistant BEST', 'copied user MORE', 'assistant ALT'],
  ['copied user Q', 'assistant WORSE'],
];

describe('an OpenAssistant tree', () => {
  it('each path to a leaf is a branch, the best ranked is the selected one, and nothing is told twice', async () => {
    const { trajectories } = await read([tree, tree].slice(0, 1));
    expect(trajectories.map((one) => said(talk(one)))).toEqual(paths);
    const [selected] = trajectories;
    expect(trajectories.map(({ branch }) => branch)).toEqual([
      { of: selected?.id, selected: true, rank: 0 },
      { of: selected?.id, selected: false, rank: 1, atEventId: `${selected?.id}:2` },
      { of: selected?.id, selected: false, rank: 1, atEventId: `${selected?.id}:0` },
    ]);
    expect(selected).toMatchObject({ models: ['m'], meta: { tree_state: 'ready_for_export' } });
  });

  it('ranks, labels and emojis are feedback on their message', async () => {
    const { trajectories } = await read([tree]);
    expect(talk(trajectories[0]).filter((line) => line.startsWith('feedback'))).toEqual([
      'feedback reviewer rank 0 on 1',
      'feedback reviewer label 0.75 on 1',
      'feedback reviewer label 2 on 2',
      'feedback reviewer rank 0 on 3',
    ]);
  });

  it('flat messages are joined by their parents over the whole file', async () => {
    const rows: object[] = [];
    const walk = ({ replies, ...rest }: { replies: object[] }, parent?: string) => {
      const row = { ...rest, parent_id: parent ?? null, message_tree_id: 'tree' } as { message_id?: string };
      rows.push(row);
      for (const reply of replies) walk(reply as { replies: object[] }, row.message_id);
    };
    walk(tree.prompt);
    const { trajectories, summary } = await read(rows.toReversed());
    expect(trajectories.map((one) => said(talk(one)))).toEqual(paths);
    expect(summary).toMatchObject({ records: 6, mapped: 6, quarantined: [] });
  });

  it('a message twice is a duplicate; another text under its id supersedes it', async () => {
    const row = { message_id: 'a', parent_id: null, text: 'A', role: 'prompter' };
    const { summary, trajectories } = await read([row, { ...row, lang: 'en' }, { ...row, text: 'B' }]);
    expect(summary).toMatchObject({ records: 3, mapped: 1, duplicates: 2, quarantined: [] });
    expect(talk(trajectories[0])).toEqual(['user B']);
    expect(trajectories[0]?.events[0]?.flags).toEqual(['superseded']);
  });

  it('messages that are each other’s parent end the walk', async () => {
    const rows = ['a', 'b'].map((id) => ({
      message_id: id,
      parent_id: id === 'a' ? 'b' : 'a',
      text: id,
      role: 'prompter',
    }));
    const { summary } = await read(rows);
    expect(summary).toMatchObject({ records: 2, mapped: 2 });
  });
});
