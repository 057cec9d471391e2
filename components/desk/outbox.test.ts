import { describe, expect, it } from 'vitest';
import type { VerdictEvent } from '#lib/core/review/verdict.ts';
import { type Answered, Outbox, type Storage, toEvent } from './outbox.ts';

const task = { id: 't1', claimToken: '00000000-0000-4000-8000-000000000000', subjectHash: 'a'.repeat(64) };
const clean = () => toEvent(task, { kind: 'audit', verdict: 'clean', leaks: [], wrongMasks: [] }, 900);
const ok = (events: readonly VerdictEvent[]): Answered[] => events.map(({ id }) => ({ id, result: 'ok' }));

function memory(): Storage & { kept: VerdictEvent[] } {
  const store = {
    kept: [] as VerdictEvent[],
    read: async () => [...store.kept],
    write: async (events: VerdictEvent[]) => {
      store.kept = [...events];
    },
  };
  return store;
}

describe('verdicts on their way', () => {
  it('stand in storage before the network is tried', async () => {
    const storage = memory();
    let keptAtSend = 0;
    const outbox = new Outbox({
      storage,
      send: async (events) => {
        keptAtSend = storage.kept.length;
        return ok(events);
      },
      onAnswer() {},
      onState() {},
    });
    await outbox.add(clean());
    await outbox.flush();
    expect(keptAtSend).toBe(1);
    expect(storage.kept).toEqual([]);
  });

  it('survive a dead network and a new page, in order, and are sent once each', async () => {
    const storage = memory();
    const first = new Outbox({ storage, send: () => Promise.reject(new Error('away')), onAnswer() {}, onState() {} });
    const events = [clean(), clean(), clean()];
    for (const event of events) await first.add(event);
    await first.flush();
    first.close();
    expect(storage.kept).toHaveLength(3);

    const sent: string[] = [];
    const second = new Outbox({
      storage,
      send: async (batch) => {
        sent.push(...batch.map(({ id }) => id));
        return ok(batch);
      },
      onAnswer() {},
      onState() {},
    });
    await second.open();
    await second.flush();
    expect(sent).toEqual(events.map(({ id }) => id));
    expect(storage.kept).toEqual([]);
  });

  it('name the claim an undo brought, also when decided anew before its answer', async () => {
    const storage = memory();
    const undo = toEvent(task, { kind: 'undo', of: clean().id }, 0);
    storage.kept = [clean(), undo, clean()];
    const renewed = '11111111-1111-4111-8111-111111111111';
    const sent: VerdictEvent[][] = [];
    const outbox = new Outbox({
      storage,
      send: async (batch) => {
        sent.push([...batch]);
        return ok(batch).map((answer) => (answer.id === undo.id ? { ...answer, reopenedClaim: renewed } : answer));
      },
      onAnswer() {},
      onState() {},
    });
    await outbox.open();
    await outbox.flush();
    await expect.poll(() => storage.kept.length).toBe(0);
    expect(sent.map((batch) => batch.map(({ claimToken }) => claimToken))).toEqual([
      [task.claimToken, task.claimToken],
      [renewed],
    ]);
  });

  it('go out at most twenty at a time', async () => {
    const storage = memory();
    storage.kept = Array.from({ length: 45 }, clean);
    const sizes: number[] = [];
    const outbox = new Outbox({
      storage,
      send: async (batch) => {
        sizes.push(batch.length);
        return ok(batch);
      },
      onAnswer() {},
      onState() {},
    });
    await outbox.open();
    await outbox.flush();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sizes).toEqual([20, 20, 5]);
  });
});
