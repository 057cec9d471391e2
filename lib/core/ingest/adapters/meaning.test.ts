/** What real sessions mean: who spoke, what was called with what, which result answered it. Skipped without the samples. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Trajectory } from '../../trajectory/trajectory.ts';
import { parseBytes } from '../testing/parse-bytes.ts';

const SAMPLES = new URL('../../../../../shared/samples/', import.meta.url);
const read = async (path: string) => (await parseBytes(readFileSync(new URL(path, SAMPLES)))).trajectories;

const count = (trajectory: Trajectory, kind: string): number =>
  trajectory.events.filter((event) => event.kind === kind).length;
const calls = (trajectory: Trajectory) =>
  trajectory.events.flatMap((event) => (event.kind === 'tool_call' ? [event] : []));
/** Every result names a call before it, and no call but those in `open` stays without one. */
const expectPaired = (trajectory: Trajectory, open: string[] = []): void => {
  const answered = new Set(
    trajectory.events.flatMap((event) => (event.kind === 'tool_result' ? [event.toolResult.forEventId] : [])),
  );
  expect(answered.has(undefined)).toBe(false);
  expect(
    calls(trajectory)
      .filter(({ id }) => !answered.has(id))
      .map(({ toolCall }) => toolCall.name),
  ).toEqual(open);
};
const hasReasoning = (trajectory: Trajectory): number =>
  trajectory.events.filter((event) => event.parts.some((part) => part.type === 'reasoning')).length;

describe.skipIf(!existsSync(SAMPLES))('real sessions', () => {
  it('of Codex: each message once, calls with their raw arguments, reasoning apart', async () => {
    const [session] = await read('codex-gemini-cli/codex-pomodor-timer.jsonl');
    expect(session!.events.filter((event) => event.kind === 'user' && !event.injected)).toHaveLength(3);
    expect(
      session!.events.filter((event) => event.kind === 'assistant' && event.parts.some(({ type }) => type === 'text')),
    ).toHaveLength(3);
    expect(calls(session!)).toHaveLength(18);
    expect(hasReasoning(session!)).toBe(20);
    expectPaired(session!);
    const patch = calls(session!).find(({ toolCall }) => toolCall.name === 'apply_patch')!;
    expect(patch.toolCall.argumentsRaw.startsWith('*** Begin Patch')).toBe(true);
    expect(session!.steps.every(({ model }) => model === 'gpt-5-codex')).toBe(true);
  });

  it('of Gemini CLI: parallel calls of one answer are one step', async () => {
    const [session] = await read('codex-gemini-cli/gemini-cli-pomodoro-timer.json');
    expect(count(session!, 'user')).toBe(5);
    expectPaired(session!);
    const first = calls(session!).slice(0, 3);
    expect(new Set(first.map(({ stepId }) => stepId)).size).toBe(1);
    expect(session!.steps).toHaveLength(14);
  });

  it('of Cline: files beside a question as documents, the compacted copy not counted twice', async () => {
    const [session] = await read('cline/session.messages.json');
    expectPaired(session!);
    expect(session!.events[1]!.parts.map(({ type }) => type)).toEqual(['text', 'document']);
    const [compacted] = await read('cline/basic.compaction.json');
    expect(count(compacted!, 'compaction')).toBeGreaterThan(0);
    expect(
      compacted!.events.every((event) => event.copied || event.kind === 'compaction' || event.kind === 'system'),
    ).toBe(true);
  });

  it('of OpenHands: verdicts of both generations, exit codes as status', async () => {
    const rows = await read('openhands-events/output.jsonl');
    for (const row of rows) {
      expectPaired(row, ['finish']);
      expect(row.outcome).toMatchObject({ value: 'success', basis: 'verifier' });
    }
    const [events] = await read('openhands-events-v1/events.jsonl');
    const failed = events!.events.filter((event) => event.kind === 'tool_result');
    expect(failed.map((event) => event.kind === 'tool_result' && event.toolResult.status)).toEqual([
      'error',
      'error',
      'error',
    ]);
  });

  it('of SWE-agent: native, XML and fenced calls all paired with what the shell said', async () => {
    for (const [path, amount] of [
      ['swe-agent/function_calling_simple.traj', 5],
      ['swe-agent/marshmallow-code__marshmallow-1867.traj', 11],
      [
        'swe-agent/replay__marshmallow-code__marshmallow-1867__xml_sys-env_window100__t-0.20__p-0.95__c-2.00__install-1__marshmallow-code__marshmallow-1867.traj',
        11,
      ],
      ['swe-agent/swe-agent__test-repo-i1.traj', 5],
    ] as const) {
      const [run] = await read(path);
      expect({ path, calls: calls(run!).length }).toEqual({ path, calls: amount });
      const unanswered = calls(run!).length - count(run!, 'tool_result');
      expect(unanswered).toBeLessThanOrEqual(1);
      expect(calls(run!).every(({ toolCall }) => toolCall.arguments !== undefined)).toBe(true);
    }
  });

  it('of Inspect: tools with their schemas, calls checked against them, scores as verdicts', async () => {
    const [browser] = await read('inspect/2025-05-12T20-27-36-04-00_browser.json');
    expectPaired(browser!);
    expect(calls(browser!).every(({ toolCall }) => toolCall.schemaValid === true)).toBe(true);
    expect(browser!.outcome).toMatchObject({ value: 'success', basis: 'verifier' });
  });

  it('of ToolBench: each search has one selected path with the answer that was taken', async () => {
    for (const name of ['102', '10', '21', '57']) {
      const paths = await read(`toolbench/${name}_ChatGPT_DFS_woFilter_w2.json`);
      const selected = paths.filter(({ branch }) => branch?.selected !== false);
      expect(selected).toHaveLength(1);
      expect(calls(selected[0]!).at(-1)!.toolCall.name).toBe('Finish');
      for (const path of paths) expect(path.events.some((event) => event.flags.includes('orphan_result'))).toBe(false);
    }
  });

  it('of recorded HTTP: the calls of one recording are one talk, a repeated exchange a duplicate', async () => {
    const [recipe] = await read('http-cassettes/test_recipe_workflow_agent_handoffs_with_function_tools.yaml');
    expect(calls(recipe!).map(({ toolCall }) => toolCall.name)).toEqual([
      'search_recipes',
      'plan_and_apply_recipe_modifications',
    ]);
    expectPaired(recipe!);
    const [parallel] = await read('http-cassettes/test_open_ai_function_calls_tools_streaming_parallel.yaml');
    expect(calls(parallel!).map(({ toolCall }) => toolCall.arguments)).toEqual([
      { location: 'San Francisco' },
      { location: 'Boston' },
    ]);
    expect(parallel!.events[0]!.mirrors?.length ?? parallel!.events[1]!.mirrors?.length).toBe(1);
  });

  it('of support: what the agent did stands as calls with their values', async () => {
    const [talk] = await read('abcd-support/abcd_sample.json');
    const done = calls(talk!);
    expect(done.length).toBeGreaterThan(0);
    expectPaired(talk!);
    expect(done.every(({ toolCall }) => /^[a-z-]+$/.test(toolCall.name))).toBe(true);
  });
});
