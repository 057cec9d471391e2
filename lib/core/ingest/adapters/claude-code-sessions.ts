/**
 * Lines of Claude Code logs gathered into sessions: answers over several lines, sub-agents beside their `Task` call,
 * rewound prompts as branches, compaction, lines that a resumed session wrote again.
 */
import { sha256 } from '../../trajectory/hash.ts';
import { isObject, type JsonObject, stringify } from '../../trajectory/json.ts';
import {
  type AdapterSink,
  type DraftEvent,
  type DraftStep,
  type DraftTrajectory,
  type Place,
  type RecordSpan,
  refOf,
  type SourceRecord,
} from '../adapter.ts';
import { copyDrafts } from '../shared/copy-drafts.ts';
import { present, textField } from '../shared/fields.ts';
import { asId, asObject } from '../shared/json-access.ts';
import type { Shelf, Waiting } from '../shared/shelf.ts';
import { placeOf, type Spot } from '../shared/spot.ts';
import { draftMeta } from '../shared/told.ts';
import {
  answerIdOf,
  compactionText,
  draftAssistantLine,
  draftResultLine,
  draftSystemLine,
  draftUserLine,
  isCompactBoundary,
  isCompactSummary,
  isPrompt,
  LINE_TYPES,
  sessionOf,
  timeOf,
  uuidOf,
} from './claude-code-line.ts';

/** A line that waits; what it says is read when its session is told. */
type Line = {
  index: number;
  waiting: Waiting;
  spot: Spot;
  uuid?: string;
  parentUuid?: string;
  /** Of a sub-agent: its own id where it has one, else the first line of its chain. */
  sidechain?: string;
  /** A turn of the conversation, not a note of the app. */
  isTurn: boolean;
  agentId?: string;
  hash: string;
  /** A piece of a stream whose whole never came. */
  isLoose?: true;
  /** Compaction, whose boundary and summary are put together while their bytes are at hand. */
  compaction?: DraftEvent[];
  /** Records that hold the same. */
  copies?: Place[];
  /** Records that held it before, with other content. */
  earlier?: Place[];
};

/** A line of the session that is being told. */
type TellingLine = Line & {
  drafts: DraftEvent[];
  /** Something the human said: two with one anchor are a rewind. */
  isHuman: boolean;
};

/** A piece of a streamed answer. */
type Delta = { waiting: Waiting; spot: Spot };

type Session = {
  id: string | undefined;
  lines: Line[];
  slug?: string;
  version?: string;
  meta: JsonObject;
  hasBranches?: true;
};

const KEPT = ['cwd', 'gitBranch', 'slug', 'version', 'entrypoint', 'userType'] as const;
export class ClaudeSessions {
  private readonly sink: AdapterSink;
  private readonly sessions = new Map<string, Session>();
  private readonly shelf: Shelf;
  private readonly byUuid = new Map<string, Line>();
  /** The first line of each answer. */
  private readonly answers = new Map<string, Line>();
  /** Notes that came before any session was named. */
  private early: { value: JsonObject; spot: Spot; record: SourceRecord; waiting: Waiting }[] = [];
  private current: Session | undefined;
  private boundary: { draft: DraftEvent; span: RecordSpan; recordNo: number } | undefined;
  private readonly streamed = new Map<string, { session: string; answer: string; deltas: Delta[] }>();
  private streaming: string | undefined;
  private count = 0;

  constructor(sink: AdapterSink, shelf: Shelf) {
    this.sink = sink;
    this.shelf = shelf;
  }

  /** @param waiting the same value, put away */
  take(value: JsonObject, spot: Spot, record: SourceRecord, waiting: Waiting): void {
    const id = sessionOf(value);
    if (id === undefined && this.current === undefined && !this.isTurn(value)) {
      this.early.push({ value, spot, record, waiting });
      return;
    }
    const session = this.open(id, value);
    for (const one of this.early.splice(0)) this.takeInto(session, one.value, one.spot, one.record, one.waiting);
    this.takeInto(session, value, spot, record, waiting);
  }

  private isTurn(value: JsonObject): boolean {
    return value.type === 'user' || value.type === 'assistant';
  }

  private open(id: string | undefined, value: JsonObject): Session {
    const key = id ?? this.current?.id ?? '';
    let session = this.sessions.get(key);
    if (!session) {
      session = { id: key === '' ? undefined : key, lines: [], meta: Object.create(null) };
      this.sessions.set(key, session);
    }
    for (const name of KEPT) {
      const held = value[name];
      if (typeof held === 'string' && held !== '' && session.meta[name] === undefined) session.meta[name] = held;
    }
    session.slug ??= textField(value.slug);
    session.version ??= textField(value.version) ?? textField(value.claude_code_version);
    this.current = session;
    return session;
  }

  private takeInto(session: Session, value: JsonObject, spot: Spot, record: SourceRecord, waiting: Waiting): void {
    if (value.type === 'stream_event') {
      this.takeStreamed(session, value, spot, waiting);
      return;
    }
    const uuid = uuidOf(value);
    // Lines that are written again keep the order of their keys.
    const hash = uuid === undefined ? '' : sha256(stringify([value.type, value.message, value.content])).slice(0, 32);
    const known = uuid === undefined ? undefined : this.byUuid.get(uuid);
    if (known && known.hash === hash) {
      known.copies = [...(known.copies ?? []), { record: refOf(record) }];
      return;
    }
    const isCompaction = isCompactBoundary(value) || isCompactSummary(value);
    const line: Line = {
      index: this.count++,
      waiting,
      spot,
      isTurn: this.isTurn(value),
      hash,
      ...present({
        uuid,
        parentUuid: asId(value.parentUuid ?? value.logicalParentUuid ?? undefined),
        agentId: asId(asObject(value.toolUseResult)?.agentId ?? undefined),
        compaction: isCompaction ? this.draftCompaction(value, spot, record) : undefined,
      }),
    };
    const chain = this.sidechainOf(value, line);
    if (chain !== undefined) line.sidechain = chain;
    const answer = value.type === 'assistant' ? answerKeyOf(value) : undefined;
    if (answer !== undefined && !this.answers.has(answer)) this.answers.set(answer, line);
    if (uuid !== undefined) this.byUuid.set(uuid, line);
    if (known) this.supersede(session, known, line);
    else session.lines.push(line);
  }

  /** Reads the session's lines in order: each adds to what the ones before it said. */
  private read(session: Session): TellingLine[] {
    const steps = new Map<string, DraftStep>();
    const told: TellingLine[] = [];
    for (const line of session.lines) {
      const held = this.shelf.read(line.waiting);
      const value: JsonObject = isObject(held) ? held : Object.create(null);
      const drafts = dropRepeatedCalls(told, draftsOf(line, value, steps));
      const [first] = drafts;
      if (first && line.copies) first.mirrors = [...(first.mirrors ?? []), ...line.copies];
      if (first && line.earlier) {
        first.mirrors = [...(first.mirrors ?? []), ...line.earlier];
        first.flags = [...(first.flags ?? []), 'superseded'];
      }
      told.push({ ...line, drafts, isHuman: value.type === 'user' && isPrompt(drafts) });
    }
    return told;
  }

  /** The boundary and the summary right behind it are one event. */
  private draftCompaction(value: JsonObject, spot: Spot, record: SourceRecord): DraftEvent[] {
    const { boundary } = this;
    this.boundary = undefined;
    const text = compactionText(value);
    const parts: DraftEvent['parts'] = text === '' ? [] : [{ type: 'text', text }];
    if (isCompactSummary(value) && boundary) {
      boundary.draft.parts = parts;
      if (record.recordNo === boundary.recordNo + 1) {
        boundary.span.extend(record);
        boundary.draft.place = boundary.span.place();
        return [];
      }
      if (record.recordNo === boundary.recordNo) return [];
      boundary.draft.parts = [];
    }
    const draft: DraftEvent = {
      kind: 'compaction',
      actor: 'app',
      parts,
      place: placeOf(spot),
      ...present({ ts: timeOf(value) }),
    };
    if (isCompactBoundary(value)) this.boundary = { draft, span: this.sink.span(record), recordNo: record.recordNo };
    return [draft];
  }

  private sidechainOf(value: JsonObject, line: Line): string | undefined {
    const call = asId(value.parent_tool_use_id ?? undefined);
    if (call !== undefined) return call;
    if (value.isSidechain !== true) return undefined;
    const agent = asId(value.agentId ?? undefined);
    if (agent !== undefined) return agent;
    const parent = line.parentUuid === undefined ? undefined : this.byUuid.get(line.parentUuid);
    return parent?.sidechain ?? line.uuid ?? 'sidechain';
  }

  /** The same id with other content: the later line counts, the earlier stands beside it. */
  private supersede(session: Session, known: Line, line: Line): void {
    line.earlier = [...(known.earlier ?? []), placeOf(known.spot), ...(known.copies ?? [])];
    const holder = [session, ...this.sessions.values()].find((candidate) => candidate.lines.includes(known));
    if (holder) holder.lines[holder.lines.indexOf(known)] = { ...line, index: known.index };
  }

  /** Deltas of an answer whose whole comes later: duplicates of it. */
  private takeStreamed(session: Session, value: JsonObject, spot: Spot, waiting: Waiting): void {
    const event = asObject(value.event) ?? {};
    if (event.type === 'message_start') this.streaming = asId(asObject(event.message)?.id);
    const [id, answer] = [session.id ?? '', this.streaming ?? ''];
    const held = this.streamed.get(`${id}/${answer}`);
    if (held) held.deltas.push({ waiting, spot });
    else this.streamed.set(`${id}/${answer}`, { session: id, answer, deltas: [{ waiting, spot }] });
  }

  private settleStreams(): void {
    for (const { session: id, answer, deltas } of this.streamed.values()) {
      const whole = this.answers.get(`${id}/${answer}`);
      for (const { waiting, spot } of deltas) {
        if (whole) whole.copies = [...(whole.copies ?? []), { record: spot.record }];
        else {
          const line: Line = { index: this.count++, waiting, spot, isTurn: false, hash: '', isLoose: true };
          this.sessions.get(id)?.lines.push(line);
        }
      }
    }
    this.streamed.clear();
  }

  // --- telling ------------------------------------------------------------------------------------------------------

  *tell(): Generator<DraftTrajectory> {
    if (this.early.length > 0) {
      const session = this.open(undefined, Object.create(null));
      for (const one of this.early.splice(0)) this.takeInto(session, one.value, one.spot, one.record, one.waiting);
    }
    this.settleStreams();
    const bySlug = new Map<string, Session>();
    for (const session of this.sessions.values()) {
      const before = session.slug === undefined ? undefined : bySlug.get(session.slug);
      yield* this.tellSession(session, before);
      if (session.slug !== undefined) bySlug.set(session.slug, session);
    }
  }

  private *tellSession(session: Session, before: Session | undefined): Generator<DraftTrajectory> {
    const lines = this.read(session);
    session.lines = [];
    const main = lines.filter((line) => line.sidechain === undefined);
    const abandoned = findAbandoned(main, this.byUuid);
    const kept = main.filter((line) => !abandoned.has(line));
    const events = kept.flatMap((line) => line.drafts);
    const common = this.commonOf(session);
    if (events.length > 0) {
      const draft: DraftTrajectory = { ...common, events, ...(session.id === undefined ? { flags: ['no_id'] } : {}) };
      if (before?.id !== undefined) draft.continues = { rootKey: before.id };
      if (abandoned.size > 0 && session.id !== undefined)
        draft.branch = { of: { rootKey: session.id }, selected: true };
      if (Object.keys(session.meta).length > 0) draft.meta = session.meta;
      yield draft;
      if (session.id !== undefined) yield* this.tellBranches(session, main, abandoned, session.id);
    }
    yield* this.tellSidechains(session, lines, events.length > 0);
  }

  private commonOf(session: Session): Pick<DraftTrajectory, 'rootKey' | 'externalIds' | 'agent'> {
    const agent = present({ name: 'claude-code', version: session.version });
    return session.id === undefined ? { agent } : { rootKey: session.id, externalIds: { session: session.id }, agent };
  }

  /** What was rewound: the lines that hang on a prompt which was asked anew. */
  private *tellBranches(
    session: Session,
    main: readonly TellingLine[],
    abandoned: Map<TellingLine, TellingLine>,
    rootKey: string,
  ): Generator<DraftTrajectory> {
    for (const root of new Set(abandoned.values())) {
      const own = main.filter((line) => abandoned.get(line) === root);
      const shared = main
        .filter((line) => line.index < root.index && !abandoned.has(line) && line.isTurn)
        .flatMap((line) => line.drafts);
      yield {
        ...this.commonOf(session),
        branchPath: root.uuid ?? String(root.index),
        branch: { of: { rootKey }, selected: false, ...present({ at: shared.at(-1) }) },
        events: [...copyDrafts(shared), ...own.flatMap((line) => line.drafts)],
      };
    }
  }

  private *tellSidechains(session: Session, all: readonly TellingLine[], hasMain: boolean): Generator<DraftTrajectory> {
    const chains = new Map<string, TellingLine[]>();
    for (const line of all) {
      if (line.sidechain === undefined) continue;
      const chain = chains.get(line.sidechain);
      if (chain) chain.push(line);
      else chains.set(line.sidechain, [line]);
    }
    const keyOf = (chain: string) => (session.id === undefined ? chain : `${session.id}/${chain}`);
    for (const [name, lines] of chains) {
      const found = hasMain || chains.size > 1 ? findTask(all, name, lines) : undefined;
      const draft: DraftTrajectory = {
        ...this.commonOf(session),
        rootKey: keyOf(name),
        events: lines.flatMap((line) => line.drafts),
      };
      // A sub-agent's own file names its session and nothing more of it.
      const parentKey = found?.line.sidechain === undefined ? session.id : keyOf(found.line.sidechain);
      if (parentKey !== undefined && hasMain) draft.parent = { rootKey: parentKey, ...present({ call: found?.call }) };
      if (draft.events.length > 0) yield draft;
    }
  }
}

const answerKeyOf = (value: JsonObject): string | undefined => {
  const id = answerIdOf(value);
  return id === undefined ? undefined : `${sessionOf(value) ?? ''}/${id}`;
};

/** Lines of one answer share a step; a line without an answer's id is an answer of its own. */
function stepOf(value: JsonObject, steps: Map<string, DraftStep>): DraftStep {
  const key = answerKeyOf(value);
  if (key === undefined) return {};
  let step = steps.get(key);
  if (!step) {
    step = { externalId: answerIdOf(value)! };
    steps.set(key, step);
  }
  return step;
}

function draftsOf(line: Line, value: JsonObject, steps: Map<string, DraftStep>): DraftEvent[] {
  const { spot } = line;
  if (line.compaction) return line.compaction;
  if (line.isLoose) return [draftMeta(value, spot, { flags: ['incomplete'] })];
  const time = present({ ts: timeOf(value) });
  switch (value.type) {
    case 'user':
      return value.message === undefined ? [draftMeta(value, spot, time)] : draftUserLine(value, spot);
    case 'assistant':
      return draftAssistantLine(value, spot, stepOf(value, steps));
    case 'system':
      return draftSystemLine(value, spot);
    case 'result':
      return draftResultLine(value, spot);
    default: {
      const meta = draftMeta(value, spot, time);
      if (typeof value.type !== 'string' || !LINE_TYPES.has(value.type)) meta.flags = ['unknown_item'];
      return [meta];
    }
  }
}

/** Some versions write a call once more while its answer grows: one event, mirrored. */
function dropRepeatedCalls(before: readonly TellingLine[], drafts: DraftEvent[]): DraftEvent[] {
  return drafts.filter((draft) => {
    const callId = draft.call?.callId;
    if (callId === undefined || !draft.step) return true;
    for (let i = before.length - 1; i >= 0 && i >= before.length - 20; i--) {
      const twin = before[i]!.drafts.find((other) => other.step === draft.step && other.call?.callId === callId);
      if (!twin) continue;
      twin.mirrors = [...(twin.mirrors ?? []), draft.place];
      return false;
    }
    return true;
  });
}

/**
 * Lines of rewound prompts, each with the prompt that it hangs on. Two prompts of the human behind one and the same turn:
 * the later was asked instead of the earlier.
 */
function findAbandoned(main: readonly TellingLine[], byUuid: ReadonlyMap<string, Line>): Map<TellingLine, TellingLine> {
  const anchorOf = (line: Line): string | undefined => {
    const seen = new Set<Line>();
    let at = line.parentUuid === undefined ? undefined : byUuid.get(line.parentUuid);
    while (at && !at.isTurn && !seen.has(at)) {
      seen.add(at);
      at = at.parentUuid === undefined ? undefined : byUuid.get(at.parentUuid);
    }
    return at?.uuid;
  };
  const latest = new Map<string, TellingLine>();
  const dropped = new Set<TellingLine>();
  for (const line of main) {
    if (!line.isHuman) continue;
    const anchor = anchorOf(line);
    if (anchor === undefined) continue;
    const earlier = latest.get(anchor);
    if (earlier) dropped.add(earlier);
    latest.set(anchor, line);
  }
  const abandoned = new Map<TellingLine, TellingLine>();
  if (dropped.size === 0) return abandoned;
  const own = new Map(main.flatMap((line) => (line.uuid === undefined ? [] : [[line.uuid, line] as const])));
  for (const line of main) {
    const parent = own.get(line.parentUuid ?? '');
    const root = dropped.has(line) ? line : parent && abandoned.get(parent);
    if (root) abandoned.set(line, root);
  }
  return abandoned;
}

const TASK_TOOLS = new Set(['Task', 'Agent']);

/** The call that started a sub-agent: by its id, by its prompt, else the latest that was open then. */
function findTask(
  all: readonly TellingLine[],
  chain: string,
  lines: readonly TellingLine[],
): { call: DraftEvent; line: TellingLine } | undefined {
  const first = lines[0]!;
  const tasks: { call: DraftEvent; line: TellingLine }[] = [];
  const answeredAt = new Map<string, number>();
  const startedAgent = new Map<string, string>();
  for (const line of all) {
    if (line.sidechain === chain) continue;
    for (const draft of line.drafts) {
      if (draft.call && (TASK_TOOLS.has(draft.call.name) || draft.call.callId === chain))
        tasks.push({ call: draft, line });
      const answered = draft.result?.callId;
      if (answered === undefined) continue;
      answeredAt.set(answered, line.index);
      if (line.agentId !== undefined) startedAgent.set(line.agentId, answered);
    }
  }
  const named = tasks.find(
    ({ call }) =>
      call.call?.callId === chain || (call.call?.callId !== undefined && call.call.callId === startedAgent.get(chain)),
  );
  if (named) return named;
  const asked = lines.flatMap((line) => line.drafts).find((draft) => draft.kind === 'user');
  const prompt = (asked?.parts ?? [])
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n')
    .trim();
  const byPrompt = tasks.filter(({ call }) => textField(asObject(call.call?.arguments)?.prompt)?.trim() === prompt);
  const isOpen = ({ call, line }: (typeof tasks)[number]) =>
    line.index < first.index && (answeredAt.get(call.call?.callId ?? '') ?? Number.POSITIVE_INFINITY) > first.index;
  return byPrompt.find(isOpen) ?? byPrompt[0] ?? tasks.findLast(isOpen);
}
