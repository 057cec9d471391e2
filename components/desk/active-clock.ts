/** Counts time at work: seen, and with input in the last 30 s. A pause longer than that counts as 30 s. */
const PAUSE_MS = 30_000;

export class ActiveClock {
  private sumMs = 0;
  private lastMs: number;
  private isSeen = true;

  constructor(nowMs: number) {
    this.lastMs = nowMs;
  }

  /** A new item. */
  restart(nowMs: number): void {
    this.sumMs = 0;
    this.lastMs = nowMs;
  }

  /** A key, the pointer, a scroll. */
  touch(nowMs: number): void {
    this.sumMs = this.readMs(nowMs);
    this.lastMs = nowMs;
  }

  /** The page went out of sight or came back. */
  see(isSeen: boolean, nowMs: number): void {
    this.touch(nowMs);
    this.isSeen = isSeen;
  }

  readMs(nowMs: number): number {
    return this.sumMs + (this.isSeen ? Math.min(nowMs - this.lastMs, PAUSE_MS) : 0);
  }

  idleMs(nowMs: number): number {
    return nowMs - this.lastMs;
  }
}
