import { describe, expect, it } from 'vitest';
import {
  dropsApprovals,
  isBuilt,
  isDownloadable,
  mayMove,
  nextStates,
  QUEUE_STATES,
  RELEASE_STATES,
  type ReleaseState,
  TASK_STATES,
} from './lifecycle.ts';

describe('what may happen next?', () => {
  it('a release is approved only when all gates passed', () => {
    const before = RELEASE_STATES.filter((state) => mayMove('release', state, 'approved'));
    expect(before).toEqual(['ready', 'suspended']);
  });
  it('nothing comes back from revoked, closed or withdrawn', () => {
    expect(nextStates('release', 'revoked')).toEqual([]);
    expect(nextStates('queue', 'closed')).toEqual([]);
    expect(nextStates('task', 'withdrawn')).toEqual([]);
  });
  it('an approved release never becomes a draft again, by whatever way', () => {
    const reached = new Set<ReleaseState>(['approved']);
    for (const state of reached) for (const next of nextStates('release', state)) reached.add(next);
    expect([...reached].sort()).toEqual(['approved', 'revoked', 'suspended']);
  });
  it('a sealed task is not decided again', () => {
    expect(mayMove('task', 'decided', 'open')).toBe(true);
    expect(mayMove('task', 'sealed', 'open')).toBe(false);
    expect(mayMove('task', 'sealed', 'decided')).toBe(false);
  });
  it('every state but the first can be reached', () => {
    const targets = <S extends string>(states: readonly S[], next: (state: S) => readonly S[]) =>
      new Set(states.flatMap((state) => [...next(state)]));
    expect(targets(RELEASE_STATES, (s) => nextStates('release', s)).size).toBe(RELEASE_STATES.length);
    expect(targets(TASK_STATES, (s) => nextStates('task', s)).size).toBe(TASK_STATES.length);
    expect(targets(QUEUE_STATES, (s) => nextStates('queue', s)).size).toBe(QUEUE_STATES.length - 1);
  });
  it('only approved files can be downloaded, and a rebuild drops approvals', () => {
    expect(RELEASE_STATES.filter(isDownloadable)).toEqual(['approved']);
    expect(RELEASE_STATES.filter(isBuilt)).toEqual(['blocked', 'ready', 'approved', 'suspended']);
    expect(dropsApprovals('ready', 'building')).toBe(true);
    expect(dropsApprovals('ready', 'approved')).toBe(false);
  });
});
