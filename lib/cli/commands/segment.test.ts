import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { assistant, trajectoryOf, user } from '#lib/core/trajectory/fixtures/say.ts';
import type { RunCommand } from '../command.ts';
import { run as segment } from './segment.ts';
import { run as tag } from './tag.ts';

async function call(command: RunCommand, input: string) {
  const out: string[] = [];
  const err: string[] = [];
  const into = (chunks: string[]) =>
    new Writable({
      write(chunk, _, done) {
        chunks.push(String(chunk));
        done();
      },
    });
  const status = await command([], {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: into(out),
    stderr: into(err),
  });
  return { status, out: out.join(''), lines: out.join('').split('\n').filter(Boolean), err: err.join('') };
}
const jsonl = (rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const chat = [user('Where is my order?'), assistant('On its way.'), user('Thanks')];

describe('assay segment', () => {
  it('prints tagged units and one summary with what was left over', async () => {
    const { status, lines, err } = await call(segment, jsonl([trajectoryOf(chat, { id: 't_a' })]));
    expect(status).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { schema: 'assay.unit/1', trajectoryId: 't_a', ruleId: 'unit.qa', tags: { level: 'L0', lang: 'en' } },
    ]);
    expect(JSON.parse(err)).toEqual({
      trajectories: 1,
      units: 1,
      leftover: [{ trajectoryId: 't_a', range: [2, 3], reason: 'trailing' }],
    });
  });

  it('gives sub-agents the outermost parent, whichever comes first', async () => {
    const of = (id: string, parentTrajectoryId?: string) =>
      trajectoryOf(chat, { id, ...(parentTrajectoryId ? { parentTrajectoryId } : {}) });
    const { lines } = await call(segment, jsonl([of('t_c', 't_b'), of('t_b', 't_a'), of('t_a'), of('t_z', 't_gone')]));
    const roots = Object.fromEntries(
      lines.map((line) => JSON.parse(line)).map(({ trajectoryId, rootId }) => [trajectoryId, rootId]),
    );
    expect(roots).toEqual({ t_a: 't_a', t_b: 't_a', t_c: 't_a', t_z: 't_gone' });
  });

  it('names the line that is no trajectory and goes on', async () => {
    const { status, lines, err } = await call(segment, `nonsense\n{}\n${jsonl([trajectoryOf(chat)])}`);
    expect(status).toBe(0);
    expect(lines).toHaveLength(1);
    expect(err).toContain('line 1: not a canonical trajectory');
    expect(err).toContain('line 2: not a canonical trajectory');
    expect(err).not.toContain('nonsense');
  });
});

describe('assay tag', () => {
  it('prints the same units, byte for byte, when nothing changed', async () => {
    const { out } = await call(segment, jsonl([trajectoryOf(chat)]));
    expect((await call(tag, out)).out).toBe(out);
  });

  it('keeps number literals that a double would change', async () => {
    const { out } = await call(segment, jsonl([trajectoryOf(chat)]));
    const exact = out.replace('"confidence":1,', '"confidence":1.0,');
    expect((await call(tag, exact)).out).toBe(exact);
  });
});
