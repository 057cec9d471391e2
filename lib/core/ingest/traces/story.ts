/**
 * A conversation that is told by requests which each repeat what was said before. `hear` finds the known part of a
 * request and adds only what is new; results of tools are told by their call, so that a tool's own log entry and the
 * message that brings its result to the model are one event.
 */
import { canonicalJson, type Json, stringify } from '../../trajectory/json.ts';
import type { DraftEvent, Place } from '../adapter.ts';
import { unpackJson } from '../shared/unpack-json.ts';

const normalise = (text: string): string => text.replaceAll('\r\n', '\n').trim();

const argumentsKey = (value: Json | undefined): string => {
  const inner = unpackJson(value);
  if (inner === undefined || inner === null || inner === '') return '{}';
  return typeof inner === 'string' ? inner : canonicalJson(inner);
};

/** What two tellings of one event share. Reasoning is left out: histories seldom repeat it. */
export function keyOf(draft: DraftEvent): string {
  if (draft.call) return `call\n${draft.call.name}\n${argumentsKey(draft.call.arguments)}`;
  const said = (draft.parts ?? []).flatMap((part): string[] => {
    if (part.type === 'text' || part.type === 'refusal') return [normalise(part.text)];
    if (part.type === 'json') return [stringify(part.value)];
    if (part.type === 'media') return [`${part.modality} ${part.sha256 ?? part.uri ?? ''}`];
    return part.type === 'document' ? [part.text ?? part.id ?? ''] : [];
  });
  return `${draft.kind}\n${said.join('\n').trim()}`;
}

const isModels = (draft: DraftEvent): boolean => draft.kind === 'assistant' || draft.kind === 'tool_call';

export class Story {
  readonly drafts: DraftEvent[] = [];
  private readonly keys = new Map<DraftEvent, string>();
  private readonly resultOf = new Map<DraftEvent, DraftEvent>();
  /** Results that a tool's own entry told; the message to the model says what it was given. */
  private readonly byTool = new Set<DraftEvent>();

  private key(draft: DraftEvent): string {
    let key = this.keys.get(draft);
    if (key === undefined) {
      key = keyOf(draft);
      this.keys.set(draft, key);
    }
    return key;
  }

  add(draft: DraftEvent): void {
    this.drafts.push(draft);
  }

  /** Does an event of this story say the same? */
  tells(draft: DraftEvent): DraftEvent | undefined {
    const key = this.key(draft);
    return this.drafts.find((told) => told.kind === draft.kind && this.key(told) === key);
  }

  /**
   * @param given the messages of one request as events, in order
   * @returns the events of this story that the request consists of
   */
  hear(given: readonly DraftEvent[], mirror?: Place): DraftEvent[] {
    const known = this.match(given);
    const heard: DraftEvent[] = [];
    for (const [index, draft] of given.entries()) {
      const told = known.get(draft);
      if (told) {
        if (mirror) told.mirrors = [...(told.mirrors ?? []), mirror];
        else if (this.byTool.delete(told)) this.takeMessage(told, draft);
        else told.repeats = (told.repeats ?? 0) + 1;
        heard.push(told);
        continue;
      }
      this.place(draft, given, index, known);
      this.rememberResult(draft, heard);
      heard.push(draft);
    }
    return heard;
  }

  /** A new event stands before the next known one of its request, else at the end. */
  private place(draft: DraftEvent, given: readonly DraftEvent[], index: number, known: Map<DraftEvent, DraftEvent>) {
    const next =
      draft.kind === 'system'
        ? undefined
        : given
            .slice(index + 1)
            .map((later) => known.get(later))
            .find(Boolean);
    if (next) this.drafts.splice(this.drafts.indexOf(next), 0, draft);
    else this.drafts.push(draft);
  }

  /** The model was given this text: the tool's own entry becomes the mirror, what it knows of the run stays. */
  private takeMessage(told: DraftEvent, message: DraftEvent): void {
    told.mirrors = [...(told.mirrors ?? []), told.place];
    told.place = message.place;
    if ((message.parts ?? []).length > 0) told.parts = message.parts;
    if (message.result?.callId !== undefined) told.result = { ...told.result, callId: message.result.callId };
    this.keys.delete(told);
  }

  private match(given: readonly DraftEvent[]): Map<DraftEvent, DraftEvent> {
    const known = new Map<DraftEvent, DraftEvent>();
    if (this.drafts.length === 0) return known;
    const used = new Set<DraftEvent>();
    const calls: DraftEvent[] = [];
    let from = 0;
    let sharesAnswer = false;
    for (const draft of given) {
      if (draft.kind === 'system') continue;
      if (draft.kind === 'tool_result') {
        const call = this.callFor(draft, calls, used);
        const told = call ? this.resultOf.get(call) : this.tells(draft);
        if (call) used.add(call);
        if (told && !used.has(told)) {
          known.set(draft, told);
          used.add(told);
          sharesAnswer = true;
        }
        continue;
      }
      const key = this.key(draft);
      const at = this.drafts.findIndex(
        (told, i) => i >= from && told.kind === draft.kind && this.key(told) === key && !used.has(told),
      );
      if (at < 0) continue;
      const told = this.drafts[at]!;
      known.set(draft, told);
      used.add(told);
      from = at + 1;
      if (told.kind === 'tool_call') calls.push(told);
      sharesAnswer ||= isModels(told);
    }
    const system = given.filter((draft) => draft.kind === 'system');
    const isOther = system.some((draft) => !this.tells(draft)) && this.drafts.some((told) => told.kind === 'system');
    // Another system prompt and no answer in common: somebody else's conversation that happens to ask the same.
    if (isOther && !sharesAnswer) return new Map();
    for (const draft of system) {
      const told = this.tells(draft);
      if (told) known.set(draft, told);
    }
    return known;
  }

  /** The call, among those of this request, that a result message answers. */
  private callFor(result: DraftEvent, calls: readonly DraftEvent[], used: Set<DraftEvent>): DraftEvent | undefined {
    const open = calls.filter((call) => !used.has(this.marker(call)));
    const id = result.result?.callId;
    const name = result.result?.name;
    const found =
      (id !== undefined ? open.find((call) => call.call?.callId === id) : undefined) ??
      (name !== undefined && id === undefined ? open.find((call) => call.call?.name === name) : undefined) ??
      (name === undefined && id === undefined ? open[0] : undefined) ??
      // The log gave an id to the result only.
      (id !== undefined
        ? open.find((call) => call.call?.callId === undefined && (name === undefined || call.call?.name === name))
        : undefined);
    if (found) used.add(this.marker(found));
    return found;
  }

  private readonly markers = new Map<DraftEvent, DraftEvent>();
  /** Stands for "this call was answered in this request" beside "this call was seen". */
  private marker(call: DraftEvent): DraftEvent {
    let marker = this.markers.get(call);
    if (!marker) {
      marker = { ...call };
      this.markers.set(call, marker);
    }
    return marker;
  }

  private rememberResult(draft: DraftEvent, heard: readonly DraftEvent[]): void {
    if (draft.kind !== 'tool_result') return;
    const calls = heard.filter((told) => told.kind === 'tool_call' && !this.resultOf.has(told));
    const call = this.openCall(calls, draft.result?.callId, draft.result?.name);
    if (call) this.resultOf.set(call, draft);
  }

  private openCall(calls: readonly DraftEvent[], id?: string, name?: string, given?: Json): DraftEvent | undefined {
    if (id !== undefined) {
      const byId = calls.find((call) => call.call?.callId === id);
      if (byId) return byId;
    }
    const unnamed = calls.filter((call) => id === undefined || call.call?.callId === undefined);
    if (name === undefined) return id === undefined ? unnamed[0] : undefined;
    const named = unnamed.filter((call) => call.call?.name === name);
    const key = argumentsKey(given);
    return named.find((call) => argumentsKey(call.call?.arguments) === key) ?? named[0];
  }

  /**
   * A tool's own log entry: its result is told now, unless a request has already brought it.
   * @returns the call that it ran, when an answer of this story holds one
   */
  runTool(
    result: DraftEvent,
    run: { callId?: string; name: string; arguments: Json | undefined },
    mirror: Place,
  ): DraftEvent | undefined {
    const calls = this.drafts.filter((told) => told.kind === 'tool_call');
    const open = calls.filter((call) => !this.resultOf.has(call));
    const call = this.openCall(open, run.callId, run.name, run.arguments) ?? this.answeredCall(calls, run);
    if (!call) return undefined;
    call.mirrors = [...(call.mirrors ?? []), mirror];
    const told = this.resultOf.get(call);
    if (told) {
      told.mirrors = [...(told.mirrors ?? []), mirror];
      told.latencyMs ??= result.latencyMs;
      return call;
    }
    // Without an id in the call, pairing goes by name and order.
    if (call.call?.callId === undefined && result.result) delete result.result.callId;
    this.resultOf.set(call, result);
    this.byTool.add(result);
    this.add(result);
    return call;
  }

  private answeredCall(
    calls: readonly DraftEvent[],
    run: { callId?: string; name: string; arguments: Json | undefined },
  ) {
    const key = argumentsKey(run.arguments);
    return calls.find((call) =>
      run.callId === undefined || call.call?.callId === undefined
        ? call.call?.name === run.name && argumentsKey(call.call.arguments) === key
        : call.call.callId === run.callId,
    );
  }

  /** A call that only its tool's entry tells. */
  addRun(call: DraftEvent, result: DraftEvent | undefined): void {
    this.add(call);
    if (!result) return;
    this.resultOf.set(call, result);
    this.byTool.add(result);
    this.add(result);
  }
}
