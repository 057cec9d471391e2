import { describe, expect, it } from 'vitest';
import { keepRunning, restartDelaysMs, startProcess } from './supervisor.ts';

function watcher() {
  const delays: number[] = [];
  let started = 0;
  let onStarted = () => {};
  const events = {
    onStart: () => {
      started++;
      onStarted();
    },
    onDeath: (_: string, ms: number) => delays.push(ms),
  };
  const starts = (n: number) =>
    new Promise<void>((resolve) => {
      onStarted = () => started >= n && resolve();
      onStarted();
    });
  return { events, delays, starts };
}

const bare = { NODE_ENV: 'production' } as const;
const idle = ['-e', 'setInterval(() => {}, 1000)'];

describe('the supervisor', () => {
  it('starts a process again at once after kill -9, then after half a second', async () => {
    const { events, delays, starts } = watcher();
    const kept = await keepRunning('worker', () => startProcess(idle, bare, '/'), events);
    const first = kept.pid();
    process.kill(first, 'SIGKILL');
    await starts(2);
    expect(kept.pid()).not.toBe(first);
    process.kill(kept.pid(), 'SIGKILL');
    await starts(3);
    expect(delays).toEqual([0, 500]);
    await kept.stop();
    expect(() => process.kill(kept.pid(), 0)).toThrow();
  });

  it('waits longer each time, up to 8 s', () => {
    expect(restartDelaysMs).toEqual([0, 500, 1000, 2000, 4000, 8000]);
  });

  it('goes on when a restart fails, and stops in the middle of a wait', async () => {
    const { events, delays } = watcher();
    let attempts = 0;
    const start = async () => {
      if (++attempts > 1) throw new Error('no room');
      return startProcess(['-e', ''], bare, '/');
    };
    const kept = await keepRunning('vault', start, events);
    while (delays.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const began = performance.now();
    await kept.stop();
    expect(performance.now() - began).toBeLessThan(400);
  });

  it('leaves the explaining to the caller when the very first start fails', async () => {
    const start = () => Promise.reject(new Error('no database'));
    await expect(keepRunning('database', start, watcher().events)).rejects.toThrow('no database');
  });
});
