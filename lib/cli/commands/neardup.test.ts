import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from './neardup.ts';

async function call(args: string[], lines: string[]) {
  const written: Record<'out' | 'err', string[]> = { out: [], err: [] };
  const into = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _, done) {
        written[name].push(String(chunk));
        done();
      },
    });
  const [stdout, stderr] = [into('out'), into('err')];
  const status = await run(args, { stdin: Readable.from([lines.join('\n')]), stdout, stderr });
  const rows = written.out.map((line) => JSON.parse(line));
  return { status, rows, err: written.err.join('') };
}
const said = 'could you please tell me where my order with the blue lamp is right now';

describe('assay neardup', () => {
  it('prints the cluster of every row in input order: texts, conversations and preference rows alike', async () => {
    const { status, rows, err } = await call(
      [],
      [
        JSON.stringify({ id: 'c', text: said }),
        JSON.stringify({
          id: 'b',
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: `${said}?` },
          ],
        }),
        JSON.stringify({ id: 'a', prompt: [{ role: 'user', content: said.toUpperCase() }], chosen: [], rejected: [] }),
        JSON.stringify({ id: 'd', text: 'something else' }),
      ],
    );
    expect(status).toBe(0);
    expect(rows).toEqual([
      { id: 'c', cluster: 'a' },
      { id: 'b', cluster: 'a' },
      { id: 'a', cluster: 'a' },
      { id: 'd', cluster: 'd' },
    ]);
    expect(err).toBe('4 rows, 2 clusters\n');
  });
  it('goes on after a line that says nothing, and names its place', async () => {
    const { rows, err } = await call([], ['{"id":"a","text":"x"}', 'not json', '{"id":"b"}', '{"text":"y"}']);
    expect(rows).toEqual([{ id: 'a', cluster: 'a' }]);
    expect(err).toContain('line 2: not JSON');
    expect(err).toContain('line 3: needs an id');
    expect(err).toContain('line 4: needs an id');
  });
  it('the threshold decides', async () => {
    const lines = [said, `${said} and also what the other lamp costs`].map((text, id) => JSON.stringify({ id, text }));
    expect((await call(['--threshold', '0.5'], lines)).rows[1].cluster).toBe(0);
    expect((await call(['--threshold', '0.9'], lines)).rows[1].cluster).toBe(1);
    await expect(call(['--threshold', '2'], lines)).rejects.toThrow('--threshold');
  });
});
