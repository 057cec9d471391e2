/**
 * Verdicts on their way to the server. Each is written to IndexedDB before the network is tried, sent in order in batches
 * of at most 20, and dropped only when the server has answered it, also after a reload. It holds offsets, types and codes,
 * never text; the server is idempotent on `id`, so sending twice is harmless.
 */
import { get, set } from 'idb-keyval';
import type { Payload, VerdictAnswer, VerdictEvent } from '#lib/core/review/verdict.ts';

export type Answered = VerdictAnswer & { reopenedClaim?: string };
export type OutboxState = { waiting: number; isOffline: boolean; isSending: boolean };
export type Storage = { read(): Promise<VerdictEvent[]>; write(events: VerdictEvent[]): Promise<void> };
export type Send = (events: readonly VerdictEvent[]) => Promise<Answered[]>;

const BATCH = 20;
const RETRY_MS = 3_000;

/** The next events to send. An undo ends its batch: what follows it needs the claim that its answer brings. */
const nextBatch = (events: readonly VerdictEvent[]): VerdictEvent[] => {
  const undo = events.findIndex((event) => event.kind === 'undo');
  return events.slice(0, Math.min(BATCH, undo === -1 ? BATCH : undo + 1));
};

export class Outbox {
  private events: VerdictEvent[] = [];
  /** The claim that an undo ended → the claim it brought. A decision made before the answer came still names the first. */
  private readonly renewed = new Map<string, string>();
  private readonly storage: Storage;
  private readonly send: Send;
  private readonly onAnswer: (event: VerdictEvent, answer: Answered) => void;
  private readonly onState: (state: OutboxState) => void;
  private isSending = false;
  private isOffline = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: {
    storage: Storage;
    send: Send;
    onAnswer: (event: VerdictEvent, answer: Answered) => void;
    onState: (state: OutboxState) => void;
  }) {
    this.storage = parts.storage;
    this.send = parts.send;
    this.onAnswer = parts.onAnswer;
    this.onState = parts.onState;
  }

  /** Takes up what an earlier page left behind. */
  async open(): Promise<void> {
    const kept = await this.storage.read();
    const known = new Set(this.events.map((event) => event.id));
    this.events = [...kept.filter((event) => !known.has(event.id)), ...this.events];
    this.tell();
    void this.flush();
  }

  /** Kept first, then sent. */
  async add(event: VerdictEvent): Promise<void> {
    this.events.push(this.withClaim(event));
    this.tell();
    await this.storage.write(this.events);
    void this.flush();
  }

  async flush(): Promise<void> {
    if (this.isSending || this.events.length === 0) return;
    this.isSending = true;
    clearTimeout(this.timer);
    try {
      while (this.events.length > 0) {
        const batch = nextBatch(this.events);
        const answers = await this.send(batch);
        this.isOffline = false;
        const byId = new Map(answers.map((answer) => [answer.id, answer]));
        for (const event of batch) {
          const answer = byId.get(event.id);
          if (answer && 'reopenedClaim' in answer && answer.reopenedClaim)
            this.renewed.set(event.claimToken, answer.reopenedClaim);
        }
        this.events = this.events.filter((event) => !byId.has(event.id)).map((event) => this.withClaim(event));
        await this.storage.write(this.events);
        for (const event of batch) {
          const answer = byId.get(event.id);
          if (answer) this.onAnswer(event, answer);
        }
        if (answers.length === 0) break;
        this.tell();
      }
    } catch {
      this.isOffline = true;
      this.timer = setTimeout(() => void this.flush(), RETRY_MS);
    } finally {
      this.isSending = false;
      this.tell();
    }
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private withClaim(event: VerdictEvent): VerdictEvent {
    const claimToken = this.renewed.get(event.claimToken);
    return claimToken ? { ...event, claimToken } : event;
  }

  private tell(): void {
    this.onState({ waiting: this.events.length, isOffline: this.isOffline, isSending: this.isSending });
  }
}

/** One list a person: someone else who signs in at this browser cannot send it. */
export const browserStorage = (personId: string): Storage => ({
  read: async () => (await get<VerdictEvent[]>(`assay.outbox.${personId}`)) ?? [],
  write: (events) => set(`assay.outbox.${personId}`, events),
});

export const sendVerdicts: Send = async (events) => {
  const answer = await fetch('/api/v1/decisions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ events }),
    keepalive: true,
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return ((await answer.json()) as { answers: Answered[] }).answers;
};

export const toEvent = (
  task: { id: string; claimToken: string; subjectHash: string },
  payload: Payload,
  activeMs: number,
): VerdictEvent => ({
  id: crypto.randomUUID(),
  taskId: task.id,
  claimToken: task.claimToken,
  unitHash: task.subjectHash,
  kind: payload.kind,
  payload,
  at: new Date().toISOString(),
  activeMs,
});
