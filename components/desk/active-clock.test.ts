import { describe, expect, it } from 'vitest';
import { ActiveClock } from './active-clock.ts';

describe('time at work', () => {
  it('runs from the item’s first paint while there is input', () => {
    const clock = new ActiveClock(1_000);
    clock.touch(5_000);
    clock.touch(21_000);
    expect(clock.readMs(24_000)).toBe(23_000);
  });

  it('counts a pause as 30 seconds at most', () => {
    const clock = new ActiveClock(0);
    clock.touch(10_000);
    clock.touch(200_000);
    expect(clock.readMs(201_000)).toBe(41_000);
    expect(clock.readMs(900_000)).toBe(70_000);
    expect(clock.idleMs(900_000)).toBe(700_000);
  });

  it('stands still while the page is out of sight', () => {
    const clock = new ActiveClock(0);
    clock.see(false, 4_000);
    clock.see(true, 20_000);
    expect(clock.readMs(25_000)).toBe(9_000);
  });

  it('begins anew with the next item', () => {
    const clock = new ActiveClock(0);
    clock.touch(9_000);
    clock.restart(10_000);
    expect(clock.readMs(12_000)).toBe(2_000);
  });
});
