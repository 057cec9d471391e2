/**
 * Tells the events of a session one by one, each with its place. What an adapter knows goes in; empty content and fields
 * without a value stay out.
 */
import type { ErrorInfo, Part } from '../../trajectory/event.ts';
import type { Json } from '../../trajectory/json.ts';
import { type DraftEvent, type DraftStep, type Place, type RecordRef, refOf } from '../adapter.ts';
import { type Call, type Message, messageEvents, type Result } from './message.ts';
import { readParts } from './read-block.ts';
import { withTextCalls } from './text-calls.ts';

type More = Partial<Omit<DraftEvent, 'kind' | 'actor' | 'place'>>;
type Judged = NonNullable<DraftEvent['feedback']>;

const ACTORS = { system: 'app', user: 'human', assistant: 'model' } as const;

export class Teller {
  readonly events: DraftEvent[] = [];
  private record: RecordRef;

  constructor(record: RecordRef) {
    this.record = refOf(record);
  }

  /** What is told from now on stands in this record. */
  from(record: RecordRef): void {
    this.record = refOf(record);
  }

  place(pointer: string): Place {
    return pointer === '' ? { record: this.record } : { record: this.record, pointer };
  }

  tell(event: DraftEvent): DraftEvent {
    this.events.push(event);
    return event;
  }

  /** @param said text or parts; an answer gets a step of its own when `more` brings none */
  say(kind: keyof typeof ACTORS, said: string | Part[], pointer: string, more: More = {}): DraftEvent {
    const parts: Part[] = typeof said === 'string' ? (said === '' ? [] : [{ type: 'text', text: said }]) : said;
    const step = kind === 'assistant' ? { step: {} as DraftStep } : {};
    const actor = more.injected ? 'app' : ACTORS[kind];
    return this.tell({ ...step, ...more, kind, actor, parts, place: this.place(pointer) });
  }

  call(call: Call, pointer: string, more: More = {}): DraftEvent {
    return this.tell({ ...more, kind: 'tool_call', actor: 'model', call, place: this.place(pointer) });
  }

  result(result: Result, content: Json | undefined, pointer: string, more: More = {}): DraftEvent {
    const parts = readParts(content, pointer);
    return this.tell({ parts, ...more, kind: 'tool_result', actor: 'tool', result, place: this.place(pointer) });
  }

  error(error: ErrorInfo, pointer: string, more: More = {}): DraftEvent {
    return this.tell({ ...more, kind: 'error', actor: 'app', error, place: this.place(pointer) });
  }

  feedback(feedback: Judged, pointer: string, more: More = {}): DraftEvent {
    const actor = feedback.by === 'user' ? 'human' : 'evaluator';
    return this.tell({ ...more, kind: 'feedback', actor, feedback, place: this.place(pointer) });
  }

  meta(value: Json, pointer: string, more: More = {}): DraftEvent {
    const parts: Part[] = [typeof value === 'string' ? { type: 'text', text: value } : { type: 'json', value }];
    return this.tell({ ...more, kind: 'meta', actor: 'app', parts, place: this.place(pointer) });
  }

  message(message: Message, options: { step?: DraftStep; confidence?: number } = {}): DraftEvent[] {
    const told = messageEvents(message, { place: (pointer) => this.place(pointer), ...options });
    this.events.push(...told);
    return told;
  }

  /** A whole conversation: calls written into answers are taken out of them. */
  messages(messages: readonly Message[], stepOf?: (message: Message, index: number) => DraftStep | undefined): void {
    for (const [index, message] of withTextCalls(messages).entries()) {
      const step = message.speaker === 'assistant' ? stepOf?.(messages[index]!, index) : undefined;
      this.message(message, step ? { step } : {});
    }
  }
}
