/**
 * Joins the requests of a log to threads. Every call repeats the whole history; here each message
 * is kept once, and a request that begins with an earlier request and its answer goes on from there. The same request
 * again is a retry, a branch or a duplicate. What is kept is packed, so that a long log does not hold its records.
 */
import { hash } from 'node:crypto';
import type { ErrorInfo, EventFlag } from '../../trajectory/event.ts';
import { contentHash } from '../../trajectory/hash.ts';
import { type Json, type JsonObject, stringify } from '../../trajectory/json.ts';
import type { ToolDef } from '../../trajectory/trajectory.ts';
import {
  type AdapterSink,
  type DraftEvent,
  type DraftStep,
  type DraftTrajectory,
  type Place,
  type RecordRef,
  refOf,
} from '../adapter.ts';
import { parseJson } from '../parse-json.ts';
import type { Kept } from '../scratch.ts';
import { placeable } from './json-access.ts';
import { type Message, messageEvents, messageKey } from './message.ts';
import { withTextCalls } from './text-calls.ts';

type StepFields = Omit<DraftStep, 'inputs'>;

/** One answer of a logged call, or why there is none. Several for `n > 1`; the first is the selected one. */
export type Answer = {
  message?: Message;
  error?: { info: ErrorInfo; pointer: string };
  step: StepFields;
  flags?: EventFlag[];
  mirrors?: string[];
};

/** One logged model call: what the model was given and what it answered. */
export type Exchange = {
  record: RecordRef;
  /** For an answer put together from several records. */
  span?: Place;
  /** Logged id of the session, conversation or trace that the call belongs to. */
  sessionId?: string;
  /** Id of an earlier answer that this call goes on from, when the log says so instead of repeating the history. */
  after?: string;
  externalIds?: { [kind: string]: string };
  messages: Message[];
  answers: Answer[];
  tools?: ToolDef[];
  meta?: JsonObject;
};

type Said = {
  message?: Message;
  error?: { info: ErrorInfo; pointer: string };
  flags?: EventFlag[];
  mirrors?: string[];
};

type Node = {
  parent?: Node;
  children: Node[];
  key: string;
  isSystem: boolean;
  isAssistant: boolean;
  isError: boolean;
  packed: Kept;
  place: Place;
  /** Put together from a stream: nothing in one record can be pointed at. */
  isSpan: boolean;
  repeats: number;
  copies: RecordRef[];
  step?: StepFields & { inputs?: Node[] };
  retryOf?: Node;
  /** When it was last added to; at a fork the latest way is the selected one. */
  order: number;
  root: Root;
};

type Root = {
  rootKey: string;
  externalIds: { [kind: string]: string };
  metas: JsonObject[];
  first: Node[];
  latest?: Node;
  path?: PathIndex;
};

/** The nodes that a request begins with, the last of them, and how many of its messages they are. */
type Prefix = { nodes: Node[]; tail: Node; length: number; known?: StepFields };

/** Where a later request can go on: the nodes of a request (and its answer), in order. */
type Ending = {
  nodes: Node[];
  base: Node | undefined;
  answers: Node[];
  unanswered?: { fields: StepFields; tools?: ToolDef[] };
};

export class ThreadJoiner {
  private readonly roots: Root[] = [];
  private readonly sessions = new Map<string, Root>();
  private readonly records = new Map<string, Node>();
  private readonly chains = new Chains();
  /** By session and messages, once with system messages and once without. */
  private readonly requests = new Map<number, Ending>();
  private readonly answered = new Map<number, Ending>();
  /** By the logged id of the answer. */
  private readonly byAnswer = new Map<string, Ending>();
  private clock = 0;
  private readonly sink: AdapterSink;

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  add(exchange: Exchange): void {
    const copyOf = exchange.span ? undefined : this.records.get(exchange.record.sha256);
    if (copyOf) {
      copyOf.copies.push(refOf(exchange.record));
      return;
    }
    const history = new History(exchange, this.chains);
    const same = history.keys.length > 0 ? this.requests.get(history.address(history.keys.length)) : undefined;
    if (same) this.again(exchange, history, same);
    else this.goOn(exchange, history);
  }

  *end(): Generator<DraftTrajectory> {
    // No request comes any more: what finds them is let go, and each thread once it is told.
    for (const known of [this.requests, this.answered, this.records, this.sessions, this.byAnswer]) known.clear();
    this.roots.reverse();
    for (let root = this.roots.pop(); root; root = this.roots.pop()) yield* draftsOf(root);
  }

  /** The request was made before. */
  private again(exchange: Exchange, history: History, same: Ending): void {
    for (const node of same.nodes) node.repeats++;
    const root = (same.base ?? same.nodes.at(-1))!.root;
    this.note(root, exchange);
    const answer = exchange.answers[0];
    const last = same.answers.at(-1);
    if (!answer) this.copied(exchange, last ?? same.nodes.at(-1)!);
    else if (!last) this.answer(exchange, history, same, same.base);
    else if (last.isError) this.answer(exchange, history, same, last, last);
    else {
      const equal = answer.message && same.answers.find((node) => node.key === keyOf(answer.message!));
      if (equal) {
        const alias = answer.step.externalId;
        if (alias !== undefined && equal.step && alias !== equal.step.externalId)
          equal.step.aliases = [...(equal.step.aliases ?? []), alias];
        this.copied(exchange, equal);
      } else this.answer(exchange, history, same, same.base);
    }
  }

  private copied(exchange: Exchange, node: Node): void {
    node.copies.push(refOf(exchange.record));
    this.records.set(exchange.record.sha256, node);
  }

  private goOn(exchange: Exchange, history: History): void {
    const { messages } = exchange;
    const { keys } = history;
    const from = this.findAnswer(exchange) ?? this.findPrefix(exchange, history);
    const nodes: Node[] = from ? [...from.nodes] : [];
    let tail = from?.tail;
    let root = tail?.root;
    if (!root) {
      root = exchange.sessionId === undefined ? undefined : this.sessions.get(exchange.sessionId);
      if (root) {
        this.addToSession(exchange, history, root);
        return;
      }
      root = this.newRoot(exchange);
    }
    // A history that is only referred to was not logged again.
    if (from && from.length > 0) for (const node of nodes) node.repeats++;
    this.note(root, exchange);
    for (let index = from?.length ?? 0; index < messages.length; index++) {
      const known = (tail?.children ?? []).find((child) => child.key === keys[index] && !child.isError);
      if (known) {
        known.repeats++;
        tail = known;
      } else
        tail = this.newNode(
          root,
          tail,
          { message: messages[index]! },
          keys[index]!,
          exchange,
          from && index === from.length ? from.known : undefined,
        );
      nodes.push(tail);
    }
    this.answer(exchange, history, this.remember(exchange, history, nodes, tail, root), tail);
  }

  /** The same session, but not its history from the start: what is new goes to the end, what was there is referred to. */
  private addToSession(exchange: Exchange, history: History, root: Root): void {
    const { keys } = history;
    this.note(root, exchange);
    root.path ??= new PathIndex();
    root.path.follow(root.latest);
    const nodes: Node[] = [];
    let tail = root.latest;
    let searched = 0;
    for (const [index, message] of exchange.messages.entries()) {
      const at = root.path.find(keys[index]!, searched);
      const known = at === undefined ? undefined : root.path.nodes[at]!;
      if (known) {
        searched = at! + 1;
        known.repeats++;
        nodes.push(known);
      } else {
        tail = this.newNode(root, tail, { message }, keys[index]!, exchange);
        nodes.push(tail);
      }
    }
    this.answer(exchange, history, this.remember(exchange, history, nodes, tail, root), tail);
  }

  private remember(exchange: Exchange, history: History, nodes: Node[], base: Node | undefined, root: Root): Ending {
    const ending: Ending = { nodes, base, answers: [] };
    if (exchange.answers.length === 0)
      ending.unanswered = { fields: {}, ...(exchange.tools && { tools: exchange.tools }) };
    for (const address of history.addresses()) this.requests.set(address, ending);
    if (!this.records.has(exchange.record.sha256)) {
      const own = nodes.findLast((node) => node.place.record.recordNo === exchange.record.recordNo);
      if (own) this.records.set(exchange.record.sha256, own);
      else if (exchange.answers.length === 0 && nodes.length > 0) this.copied(exchange, nodes.at(-1)!);
    }
    if (base) root.latest = base;
    return ending;
  }

  private answer(exchange: Exchange, history: History, ending: Ending, base: Node | undefined, retryOf?: Node): void {
    const root = base?.root ?? this.newestRoot();
    for (const [choice, answer] of exchange.answers.entries()) {
      const key = answer.message ? keyOf(answer.message) : `error ${contentHash(answer.error?.info)}`;
      const { message, error, flags, mirrors } = answer;
      const node = this.newNode(root, base, { message, error, flags, mirrors }, key, exchange);
      if (choice > 0) node.order -= exchange.answers.length;
      node.step = { ...answer.step, inputs: ending.nodes };
      if (exchange.messages.length === 0) delete node.step.inputs;
      if (exchange.tools) node.step.tools = exchange.tools;
      if (retryOf) node.retryOf = retryOf;
      ending.answers.push(node);
      if (choice === 0) root.latest = node;
      if (!exchange.span && !this.records.has(exchange.record.sha256)) this.records.set(exchange.record.sha256, node);
      if (answer.message) {
        const after: Ending = { nodes: [...ending.nodes, node], base: node, answers: [] };
        for (const address of history.addresses(key)) this.answered.set(address, after);
        if (choice === 0 && answer.step.externalId !== undefined) this.byAnswer.set(answer.step.externalId, after);
      }
    }
    delete ending.unanswered;
  }

  /** Where the answer that the call names was given. */
  private findAnswer({ after }: Exchange): Prefix | undefined {
    const found = after === undefined ? undefined : this.byAnswer.get(after);
    return found && { nodes: found.nodes, tail: found.base!, length: 0 };
  }

  /** The longest beginning of the request that is an earlier request with its answer. */
  private findPrefix(exchange: Exchange, history: History): Prefix | undefined {
    for (let length = history.keys.length; length > 0; length--) {
      const address = history.address(length);
      const found = this.answered.get(address);
      if (found) return { nodes: this.visible(exchange, found.nodes), tail: found.base!, length };
      const request =
        length < history.keys.length && exchange.messages[length]!.speaker === 'assistant'
          ? this.requests.get(address)
          : undefined;
      if (request?.base && request.answers.length === 0) {
        const known = {
          inputs: request.nodes,
          ...(request.unanswered?.tools && { tools: request.unanswered.tools }),
        } as StepFields;
        return { nodes: this.visible(exchange, request.nodes), tail: request.base, length, known };
      }
    }
    return undefined;
  }

  private visible(exchange: Exchange, nodes: Node[]): Node[] {
    return hasSystem(exchange.messages) ? nodes : nodes.filter((node) => !node.isSystem);
  }

  private newestRoot(): Root {
    return this.roots.at(-1)!;
  }

  private newRoot(exchange: Exchange): Root {
    const { sessionId, record } = exchange;
    const root: Root = {
      rootKey: sessionId ?? `${record.sha256}#${record.ordinal ?? 0}`,
      externalIds: {},
      metas: [],
      first: [],
    };
    this.roots.push(root);
    if (sessionId !== undefined) this.sessions.set(sessionId, root);
    return root;
  }

  private note(root: Root, exchange: Exchange): void {
    root.externalIds = { ...exchange.externalIds, ...root.externalIds };
    if (exchange.meta && Object.keys(exchange.meta).length > 0) root.metas.push(exchange.meta);
  }

  private newNode(
    root: Root,
    parent: Node | undefined,
    said: Said,
    key: string,
    exchange: Exchange,
    known?: StepFields,
  ): Node {
    const { message } = said;
    const node: Node = {
      children: [],
      key,
      isSystem: message?.speaker === 'system',
      isAssistant: message?.speaker === 'assistant',
      isError: said.error !== undefined,
      packed: this.sink.keep(Buffer.from(stringify(said))),
      place: exchange.span ?? { record: refOf(exchange.record) },
      isSpan: exchange.span !== undefined,
      repeats: 0,
      copies: [],
      order: ++this.clock,
      root,
    };
    if (known) node.step = known;
    if (parent) {
      node.parent = parent;
      parent.children.push(node);
    } else root.first.push(node);
    return node;
  }
}

const hasSystem = (messages: readonly Message[]): boolean => messages.some(({ speaker }) => speaker === 'system');

const keys = new WeakMap<Message, string>();

/** Hash of what makes the message the same as another. */
function keyOf(message: Message): string {
  let key = keys.get(message);
  if (key === undefined) {
    key = hash('sha256', messageKey(message), 'base64');
    keys.set(message, key);
  }
  return key;
}

/** Numbers for rows of keys: the same keys in the same order have the same number. */
class Chains {
  private readonly numbers = new Map<string, number>();
  private readonly next = new Map<number, number>();

  begin(word: string): number {
    return this.follow(0, word);
  }

  follow(chain: number, key: string): number {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.numbers.size + 1;
      this.numbers.set(key, number);
    }
    const place = chain * 2 ** 26 + number;
    let next = this.next.get(place);
    if (next === undefined) {
      next = this.next.size + 1;
      this.next.set(place, next);
    }
    return next;
  }

  /** The number of each beginning, from the first key alone to all of them. */
  beginnings(chain: number, keys: readonly string[]): number[] {
    let number = chain;
    return keys.map((key) => {
      number = this.follow(number, key);
      return number;
    });
  }
}

/** Keys of a request's messages, and an address for each of its beginnings, with and without system messages. */
class History {
  readonly keys: string[];
  private readonly hasSystem: boolean;
  private readonly session: string;
  private readonly chains: Chains;
  private readonly all: number[];
  /** Address without the system messages. */
  private readonly said: number | undefined;

  constructor({ messages, sessionId, after }: Exchange, chains: Chains) {
    this.keys = messages.map(keyOf);
    this.chains = chains;
    this.hasSystem = hasSystem(messages);
    this.session =
      after === undefined
        ? (sessionId ?? '')
        : `${sessionId ?? ''}
${after}`;
    this.all = chains.beginnings(this.begin(this.hasSystem), this.keys);
    const said = this.keys.filter((_, index) => messages[index]!.speaker !== 'system');
    this.said = chains.beginnings(this.begin(false), said).at(-1);
  }

  /** Where a request of this kind that begins with the first `length` messages would look. */
  address(length: number): number {
    return this.all[length - 1]!;
  }

  /** Where later requests, with system messages or without, look for the whole of it and what was answered. */
  addresses(answerKey?: string): number[] {
    const ends = [...new Set([this.all.at(-1) ?? this.begin(this.hasSystem), this.said ?? this.begin(false)])];
    if (answerKey === undefined) return this.keys.length === 0 ? [] : ends;
    return ends.map((end) => this.chains.follow(end, answerKey));
  }

  private begin(withSystem: boolean): number {
    return this.chains.begin(`${withSystem ? 'all' : 'said'}\n${this.session}`);
  }
}

/** The path to a node, with the places of each key on it; follows the node as the path grows. */
class PathIndex {
  nodes: Node[] = [];
  private places = new Map<string, number[]>();

  follow(end: Node | undefined): void {
    const known = this.nodes.at(-1);
    const fresh: Node[] = [];
    let node = end;
    for (; node && node !== known; node = node.parent) fresh.push(node);
    if (!node && known) {
      this.nodes = [];
      this.places = new Map();
    }
    for (const next of fresh.reverse()) {
      const places = this.places.get(next.key);
      if (places) places.push(this.nodes.length);
      else this.places.set(next.key, [this.nodes.length]);
      this.nodes.push(next);
    }
  }

  /** The first place of the key at or after `from`. */
  find(key: string, from: number): number | undefined {
    const places = this.places.get(key) ?? [];
    let low = 0;
    for (let high = places.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (places[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return places[low];
  }
}

function pathTo(node: Node | undefined): Node[] {
  const path: Node[] = [];
  for (let here = node; here; here = here.parent) path.push(here);
  return path.reverse();
}

/** Leaves of the tree, the latest first: it is the selected path. */
function leavesOf(root: Root): Node[] {
  const leaves: Node[] = [];
  const open = [...root.first];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.children.length === 0) leaves.push(node);
    else open.push(...node.children);
  }
  return leaves.sort((a, b) => b.order - a.order);
}

function* draftsOf(root: Root): Generator<DraftTrajectory> {
  const [selected, ...others] = leavesOf(root);
  if (!selected) return;
  const main = new PathBuilder(pathTo(selected), new Set());
  const of = { rootKey: root.rootKey };
  const meta = mergeMetas(root.metas);
  const common = {
    rootKey: root.rootKey,
    ...(Object.keys(root.externalIds).length > 0 && { externalIds: root.externalIds }),
    ...(meta && { meta }),
  };
  yield { ...common, events: main.events, ...(others.length > 0 && { branch: { of, selected: true } }) };
  // Each further path repeats only what a path before it has told.
  const told = new Set(pathTo(selected));
  for (const [index, leaf] of others.reverse().entries()) {
    const path = pathTo(leaf);
    const copy = new PathBuilder(path, told);
    const at = path.findLast((node) => main.eventsOf.has(node));
    const shared = at && main.eventsOf.get(at)?.at(-1);
    yield {
      ...common,
      branchPath: `branch ${index + 1}`,
      events: copy.events,
      branch: { of, ...(shared && { at: shared }), selected: false },
    };
    for (const node of path) told.add(node);
  }
}

class PathBuilder {
  readonly events: DraftEvent[] = [];
  readonly eventsOf = new Map<Node, DraftEvent[]>();

  constructor(path: readonly Node[], copied: ReadonlySet<Node>) {
    const said = path.map(unpack);
    const messages = withTextCalls(said.flatMap(({ message }) => message ?? []));
    let next = 0;
    for (const [index, node] of path.entries()) {
      const message = said[index]!.message && messages[next++];
      const events = this.build(node, { ...said[index]!, ...(message && { message }) });
      for (const event of events) {
        if (copied.has(node)) event.copied = true;
        else {
          if (node.repeats > 0) event.repeats = node.repeats;
          if (event === events[0] && node.copies.length > 0) {
            event.mirrors = [...(event.mirrors ?? []), ...node.copies.map((record) => ({ record }))];
          }
        }
        const failed = node.retryOf && this.eventsOf.get(node.retryOf)?.[0];
        if (failed) event.retryOf = failed;
      }
      this.eventsOf.set(node, events);
      this.events.push(...events);
    }
  }

  private build(node: Node, { message, error, flags, mirrors }: Said): DraftEvent[] {
    const place = (pointer: string): Place => (node.isSpan ? node.place : { ...node.place, pointer });
    const step = this.stepOf(node);
    const events: DraftEvent[] = message ? messageEvents(message, { place, ...(step && { step }) }) : [];
    if (error)
      events.push({
        kind: 'error',
        actor: 'app',
        error: error.info,
        place: place(placeable(error.pointer)),
        ...(step && { step }),
      });
    for (const event of events) if (flags && flags.length > 0) event.flags = [...(event.flags ?? []), ...flags];
    const first = events[0];
    if (first && mirrors) first.mirrors = mirrors.map((pointer) => ({ ...node.place, pointer: placeable(pointer) }));
    return events;
  }

  private stepOf(node: Node): DraftStep | undefined {
    if (!node.step) return undefined;
    const { inputs, ...fields } = node.step;
    if (!inputs) return fields;
    return { ...fields, inputs: inputs.flatMap((input) => this.eventsOf.get(input) ?? []) };
  }
}

function unpack(node: Node): Said {
  const reading = parseJson(node.packed.read().toString('utf8'), Number.POSITIVE_INFINITY);
  if (!reading.ok) throw new Error('a packed message is no JSON');
  return reading.value as unknown as Said;
}

/** One value a field when all calls agree, else the values in order. */
function mergeMetas(metas: readonly JsonObject[]): JsonObject | undefined {
  if (metas.length <= 1) return metas[0];
  const merged: JsonObject = Object.create(null);
  for (const key of new Set(metas.flatMap((meta) => Object.keys(meta)))) {
    const values = metas.flatMap((meta): Json[] => (meta[key] === undefined ? [] : [meta[key]]));
    const isSame = values.length === metas.length && values.every((value) => stringify(value) === stringify(values[0]));
    merged[key] = isSame ? values[0]! : values;
  }
  return merged;
}
