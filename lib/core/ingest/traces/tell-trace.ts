/**
 * A trace as trajectories (docs/formats.md): model calls are steps, each told once however often later requests repeat it;
 * tool entries are the results of the calls in the answers; entries of agents, chains and the like are kept as meta. A model
 * call that only wraps others mirrors them. An agent that runs inside another agent's tool call is a trajectory of its own.
 */
import type { DraftEvent, DraftStep, DraftTrajectory } from '../adapter.ts';
import { copyDrafts } from '../shared/copy-drafts.ts';
import { present } from '../shared/fields.ts';
import { placeOf } from '../shared/spot.ts';
import { draftMeta, draftTold, type Told } from '../shared/told.ts';
import type { Span, SpanFeedback, TraceInfo } from './span.ts';
import { Story } from './story.ts';

/** @param spans of one session, trace or file, in the order of the log */
export function tellTrace(spans: readonly Span[], info: TraceInfo): DraftTrajectory[] {
  const byId = new Map(spans.flatMap((span) => (span.id === undefined ? [] : [[span.id, span] as const])));
  const ordered = inOrder(spans, byId);
  const wrappers = findWrappers(ordered, byId);
  const teller = new Teller(info, byId);
  for (const span of ordered) if (!wrappers.has(span)) teller.tell(span);
  for (const span of ordered.toReversed()) if (wrappers.has(span)) teller.tellWrapper(span);
  return teller.finish();
}

/** By start; an entry without a time, or one that starts before its parent by the clock, stands behind its parent. */
function inOrder(spans: readonly Span[], byId: Map<string, Span>): Span[] {
  const start = (span: Span): number | undefined =>
    span.order ?? (span.startedAt ? Date.parse(span.startedAt) : undefined);
  const effective = new Map<Span, number>();
  const depth = new Map<Span, number>();
  const settle = (span: Span): void => {
    // Up to the root or a span already settled; parents that form a ring stop at the second visit.
    const path: Span[] = [];
    const seen = new Set<Span>();
    for (let at: Span | undefined = span; at && !effective.has(at) && !seen.has(at); at = byId.get(at.parentId ?? '')) {
      seen.add(at);
      path.push(at);
    }
    for (const one of path.toReversed()) {
      const parent = byId.get(one.parentId ?? '');
      const after = parent ? (effective.get(parent) ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
      effective.set(one, Math.max(start(one) ?? after, after));
      depth.set(one, parent ? (depth.get(parent) ?? 0) + 1 : 0);
    }
  };
  for (const span of spans) settle(span);
  const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
  return spans
    .map((span, index) => ({ span, index }))
    .sort(
      (a, b) =>
        compare(effective.get(a.span)!, effective.get(b.span)!) ||
        depth.get(a.span)! - depth.get(b.span)! ||
        compare(a.span.order ?? 0, b.span.order ?? 0) ||
        a.index - b.index,
    )
    .map(({ span }) => span);
}

function* ancestorsOf(span: Span, byId: Map<string, Span>): Generator<Span> {
  const seen = new Set<Span>([span]);
  for (let at = byId.get(span.parentId ?? ''); at && !seen.has(at); at = byId.get(at.parentId ?? '')) {
    seen.add(at);
    yield at;
  }
}

/** Model calls with model calls inside: two instrumentations, or a loop and its rounds. */
function findWrappers(spans: readonly Span[], byId: Map<string, Span>): Set<Span> {
  const wrappers = new Set<Span>();
  for (const span of spans) {
    if (span.kind !== 'model') continue;
    for (const above of ancestorsOf(span, byId)) {
      if (above.kind === 'agent' || above.kind === 'tool') break;
      if (above.kind === 'model') wrappers.add(above);
    }
  }
  return wrappers;
}

type Thread = {
  story: Story;
  rootKey?: string;
  parent?: DraftTrajectory['parent'];
  /** Who answered first; who is logged at all, when nobody answered. */
  agent?: DraftTrajectory['agent'];
  agents: NonNullable<Span['agent']>[];
  branches: DraftTrajectory[];
};

class Teller {
  private readonly main: Thread;
  private readonly threads = new Map<Span, Thread>();
  private readonly info: TraceInfo;
  private readonly byId: Map<string, Span>;
  private readonly answerOf = new Map<Span, DraftEvent>();
  private readonly callOf = new Map<Span, DraftEvent>();
  private readonly late: { feedback: SpanFeedback; span?: Span; thread: Thread }[] = [];
  private externalIds: { [kind: string]: string };

  constructor(info: TraceInfo, byId: Map<string, Span>) {
    this.info = info;
    this.byId = byId;
    this.main = {
      story: new Story(),
      agents: [],
      branches: [],
      ...(info.rootKey === undefined ? {} : { rootKey: info.rootKey }),
    };
    this.externalIds = { ...info.externalIds };
  }

  /** The innermost agent that a tool call of another agent started; else the trace itself. */
  private threadOf(span: Span): Thread {
    let agent: Span | undefined = span.kind === 'agent' ? span : undefined;
    let tool: Span | undefined;
    for (const above of ancestorsOf(span, this.byId)) {
      if (above.kind === 'tool' && agent && !tool) tool = above;
      else if (above.kind === 'agent' && tool) return this.openThread(agent!, tool);
      else if (above.kind === 'agent') agent = above;
    }
    return this.main;
  }

  private openThread(agent: Span, tool: Span): Thread {
    let thread = this.threads.get(agent);
    if (thread) return thread;
    const above = this.threadOf(tool);
    const parentKey = above.rootKey ?? this.main.rootKey;
    if (parentKey === undefined) return this.main;
    const call = this.callOf.get(tool);
    thread = {
      story: new Story(),
      rootKey: `${parentKey}/${agent.id ?? agent.name ?? ''}`,
      parent: { rootKey: parentKey, ...(call ? { call } : {}) },
      agents: [],
      branches: [],
    };
    this.threads.set(agent, thread);
    return thread;
  }

  tell(span: Span): void {
    if (span.userId !== undefined) this.externalIds.user ??= span.userId;
    const thread = this.threadOf(span);
    for (const feedback of span.feedback ?? []) this.late.push({ feedback, span, thread });
    if (span.kind === 'model') this.tellAnswer(span, thread);
    else if (span.kind === 'tool') this.tellTool(span, thread);
    else if (span.kind === 'retrieval') this.tellRetrieval(span, thread);
    else this.tellOther(span, thread);
  }

  private tellOther(span: Span, thread: Thread): void {
    if (span.kind === 'agent' && span.agent) thread.agents.push(span.agent);
    if (span.handOff) {
      thread.story.add({
        kind: 'subagent',
        actor: 'app',
        name: span.handOff.to,
        parts: [{ type: 'json', value: span.handOff.value }],
        ...this.common(span),
      });
      return;
    }
    thread.story.add(draftMeta(span.raw, span.spot, this.common(span)));
    if (span.error) thread.story.add({ kind: 'error', actor: 'app', error: span.error, ...this.common(span) });
  }

  private common(span: Span): Pick<DraftEvent, 'place' | 'mirrors' | 'ts'> {
    return present({
      place: placeOf(span.spot),
      mirrors: span.mirrors?.map(placeOf),
      ts: span.startedAt,
    });
  }

  private tellAnswer(span: Span, thread: Thread): void {
    const { story, branches, rootKey } = thread;
    thread.agent ??= span.agent ?? [...ancestorsOf(span, this.byId)].find((above) => above.kind === 'agent')?.agent;
    const inputs = story.hear(draftInputs(span));
    const step: DraftStep = { ...span.step };
    if (span.id !== undefined) step.externalId ??= span.id;
    if (span.parentId !== undefined) step.parentExternalId ??= span.parentId;
    if (inputs.length > 0) step.inputs = inputs;
    if (span.tools && span.tools.length > 0) step.tools = span.tools;
    const { answers, rest } = splitOutput(span.output ?? []);
    const told = answers.flatMap((message) =>
      draftTold(message, present({ step, ts: span.endedAt ?? span.startedAt })),
    );
    const mirrors = span.mirrors?.map(placeOf);
    for (const [i, draft] of told.entries()) {
      if (i === 0 && mirrors) draft.mirrors = mirrors;
      story.add(draft);
    }
    if (span.error || told.length === 0) this.tellFailure(span, step, story, told.length > 0);
    for (const message of rest) for (const draft of draftTold(message)) if (!story.tells(draft)) story.add(draft);
    const answer = told.findLast((draft) => draft.kind === 'assistant') ?? told.at(-1);
    if (answer) this.answerOf.set(span, answer);
    for (const [i, messages] of (span.alternatives ?? []).entries()) {
      const branch = this.branchOff(span, story, told, messages, i + 1, rootKey ?? this.main.rootKey);
      if (branch) branches.push(branch);
    }
  }

  /** A call without an answer failed, or the log does not hold what it brought. */
  private tellFailure(span: Span, step: DraftStep, story: Story, isAnswered: boolean): void {
    if (span.error) {
      if (!isAnswered) step.finish = 'error';
      story.add({
        kind: 'error',
        actor: 'app',
        error: span.error,
        step,
        ...this.common(span),
        ...present({ ts: span.endedAt }),
      });
    } else story.add(draftMeta(span.raw, span.spot, this.common(span)));
  }

  private branchOff(
    span: Span,
    story: Story,
    told: DraftEvent[],
    messages: Told[],
    rank: number,
    rootKey?: string,
  ): DraftTrajectory | undefined {
    const first = told[0];
    if (first === undefined || rootKey === undefined) return undefined;
    const shared = story.drafts.slice(0, story.drafts.indexOf(first));
    const step: DraftStep = { ...span.step };
    if (span.tools) step.tools = span.tools;
    const answer = messages.flatMap((message) => draftTold(message, present({ step, ts: span.endedAt })));
    return {
      rootKey,
      branchPath: `${span.id ?? placeOf(span.spot).pointer ?? ''}/${rank}`,
      branch: { of: { rootKey }, selected: false, ...present({ at: shared.at(-1) }) },
      events: [...copyDrafts(shared), ...answer],
    };
  }

  private tellTool(span: Span, { story }: Thread): void {
    const tool = span.tool!;
    const place = placeOf(span.spot);
    const result: DraftEvent = {
      kind: 'tool_result',
      actor: 'tool',
      parts: tool.parts ?? [],
      result: present({ callId: tool.callId?.trim(), name: tool.name, status: tool.status, errorType: tool.errorType }),
      ...this.common(span),
      ...present({ ts: span.endedAt ?? span.startedAt, latencyMs: tool.latencyMs }),
    };
    const callId = present({ callId: tool.callId?.trim() });
    const run = { name: tool.name, arguments: tool.arguments, ...callId };
    const call = story.runTool(result, run, place);
    if (call) {
      this.callOf.set(span, call);
      return;
    }
    const made: DraftEvent = {
      kind: 'tool_call',
      actor: 'model',
      call: run,
      step: present({ parentExternalId: span.parentId, startedAt: span.startedAt }),
      place,
      ...present({ ts: span.startedAt }),
    };
    this.callOf.set(span, made);
    story.addRun(made, result);
  }

  /** Documents that a tool asked for are in its result; the entry is kept beside it. */
  private tellRetrieval(span: Span, { story }: Thread): void {
    const isToolsOwn = [...ancestorsOf(span, this.byId)].some((above) => above.kind === 'tool');
    if (isToolsOwn || (span.documents ?? []).length === 0) {
      story.add(draftMeta(span.raw, span.spot, this.common(span)));
      return;
    }
    story.add({
      kind: 'retrieval',
      actor: 'tool',
      parts: span.documents!,
      ...this.common(span),
      ...present({ name: span.name }),
    });
    const asked: DraftEvent = {
      kind: 'user',
      actor: 'human',
      parts: [{ type: 'text', text: span.query ?? '' }],
      place: placeOf(span.spot),
    };
    if (span.query !== undefined && !story.tells(asked))
      story.add(draftMeta({ query: span.query }, span.spot, this.common(span)));
  }

  /** What a wrapping call says again is mirrored; what it alone says is kept as meta. */
  tellWrapper(span: Span): void {
    const thread = this.threadOf(span);
    for (const feedback of span.feedback ?? []) this.late.push({ feedback, span, thread });
    const { story } = thread;
    const drafts = [...draftInputs(span), ...(span.output ?? []).flatMap((message) => draftTold(message))];
    const place = placeOf(span.spot);
    let isTold = drafts.length > 0;
    for (const draft of drafts) {
      const told = story.tells(draft);
      if (!told) isTold = false;
      else {
        told.mirrors = [...(told.mirrors ?? []), place];
        if (told.step && span.id !== undefined && told.step.externalId !== span.id) {
          told.step.aliases = [...new Set([...(told.step.aliases ?? []), span.id])];
        }
        if (draft.kind === 'assistant') this.answerOf.set(span, told);
      }
    }
    if (!isTold) story.add(draftMeta(span.raw, span.spot, this.common(span)));
  }

  private giveFeedback(): void {
    for (const feedback of this.info.feedback ?? []) this.late.push({ feedback, thread: this.main });
    const byTime = (a: SpanFeedback, b: SpanFeedback) => (a.ts ?? '').localeCompare(b.ts ?? '');
    for (const { feedback, span, thread } of this.late.toSorted((a, b) => byTime(a.feedback, b.feedback))) {
      const { spot, ts, ...rest } = feedback;
      const target = (span && this.answerOf.get(span)) ?? 'trajectory';
      thread.story.add({
        kind: 'feedback',
        actor: feedback.by === 'user' ? 'human' : 'evaluator',
        feedback: { ...rest, target },
        place: placeOf(spot),
        ...present({ ts }),
      });
    }
  }

  private tellWholes(): void {
    const { story } = this.main;
    for (const { messages, raw, spot } of this.info.wholes ?? []) {
      const said = messages
        .flatMap((message) => draftTold(message))
        .map((draft) => ({ draft, told: story.tells(draft) }));
      if (said.length === 0 || said.some(({ told }) => !told)) story.add(draftMeta(raw, spot));
      else for (const { draft, told } of said) told!.mirrors = [...(told!.mirrors ?? []), draft.place];
    }
  }

  finish(): DraftTrajectory[] {
    this.tellWholes();
    this.giveFeedback();
    return [this.main, ...this.threads.values()].flatMap((thread) => {
      if (thread.story.drafts.length === 0) return [];
      const trajectory: DraftTrajectory = {
        ...present({ rootKey: thread.rootKey, parent: thread.parent, agent: thread.agent ?? thread.agents[0] }),
        events: thread.story.drafts,
      };
      if (Object.keys(this.externalIds).length > 0) trajectory.externalIds = { ...this.externalIds };
      if (thread === this.main && this.info.meta) trajectory.meta = this.info.meta;
      return [trajectory, ...thread.branches];
    });
  }
}

/** System text that only the answer repeats (Responses API) was given before everything else. */
function draftInputs(span: Span): DraftEvent[] {
  const ts = span.startedAt;
  const given = (span.input ?? []).flatMap((message) => draftTold(message, present({ ts })));
  if (given.some((draft) => draft.kind === 'system')) return given;
  const instructions = (span.output ?? []).filter((message) => message.speaker === 'system');
  return [...instructions.flatMap((message) => draftTold(message, present({ ts }))), ...given];
}

function splitOutput(output: readonly Told[]): { answers: Told[]; rest: Told[] } {
  const answers = output.filter((message) => message.speaker === 'assistant');
  return { answers, rest: output.filter((message) => message.speaker === 'user' || message.speaker === 'tool') };
}
