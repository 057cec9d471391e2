/**
 * OpenAssistant: message trees, or flat messages that name their parent. Each path from root to leaf is a branch; the best
 * ranked reply at each level is the selected one. Ranks, labels and emojis are feedback.
 */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import {
  type Adapter,
  type AdapterRun,
  type AdapterSink,
  type DraftEvent,
  type DraftTrajectory,
  meanScore,
  type SourceRecord,
} from '../adapter.ts';
import { copyDrafts } from '../shared/copy-drafts.ts';
import { present, textField } from '../shared/fields.ts';
import { asArray, asId, asNumber, asObject } from '../shared/json-access.ts';
import { into, placeOf, type Spot, spotOf } from '../shared/spot.ts';
import { draftTold, readTold } from '../shared/told.ts';

const idOf = (value: JsonObject): string | undefined => asId(value.message_id ?? value.task_message_id);
const parentOf = (value: JsonObject): string | undefined =>
  asId(value.parent_id ?? value.parent_message_id ?? undefined);

const isMessage = (value: Json | undefined): value is JsonObject =>
  isObject(value) &&
  idOf(value) !== undefined &&
  typeof value.text === 'string' &&
  (value.role === 'prompter' || value.role === 'assistant');
const isTree = (value: Json | undefined): value is JsonObject =>
  isObject(value) && value.message_tree_id !== undefined && isObject(value.prompt);

const scoreRecord = ({ value }: SourceRecord): number => (isTree(value) || isMessage(value) ? 1 : 0);

type Node = { value: JsonObject; spot: Spot; replies: Node[]; rank?: number; drafts?: DraftEvent[] };

/** Deep trees are walked with a list of open nodes, not by recursion. */
function readNode(value: JsonObject, spot: Spot): Node {
  const root: Node = { value, spot, replies: [] };
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    const rank = asNumber(node.value.rank ?? undefined);
    if (rank !== undefined) node.rank = rank;
    for (const [i, reply] of (asArray(node.value.replies) ?? []).entries()) {
      if (!isObject(reply)) continue;
      const child: Node = { value: reply, spot: into(node.spot, 'replies', i), replies: [] };
      node.replies.push(child);
      open.push(child);
    }
  }
  return root;
}

class OasstRun implements AdapterRun {
  private readonly sink: AdapterSink;
  /** Flat messages of the file, to be joined by their parents. */
  private readonly flat = new Map<string, Node>();

  constructor(sink: AdapterSink) {
    this.sink = sink;
  }

  *take(record: SourceRecord): Iterable<DraftTrajectory> {
    const { value } = record;
    const spot = spotOf(record);
    if (isTree(value)) {
      const root = readNode(value.prompt as JsonObject, into(spot, 'prompt'));
      const state = textField(value.tree_state);
      yield* tellTree(root, asId(value.message_tree_id), state === undefined ? undefined : { tree_state: state });
    } else if (isMessage(value)) {
      const id = idOf(value)!;
      const known = this.flat.get(id);
      const node = readNode(value, spot);
      if (known && known.value.text === value.text) {
        this.sink.duplicate(record, known.drafts![0]!);
        return;
      }
      node.drafts = readMessageOf(node);
      if (known) supersede(known.drafts!, node.drafts[0]!);
      this.flat.set(id, node);
    } else this.sink.refuse(record, 'schema_mismatch', 'neither a tree nor a message');
  }

  *end(): Iterable<DraftTrajectory> {
    const roots: Node[] = [];
    for (const node of this.flat.values()) {
      const parent = this.flat.get(parentOf(node.value) ?? '');
      if (parent && parent !== node) parent.replies.push(node);
      else roots.push(node);
    }
    const told = new Set<Node>();
    for (const root of roots) yield* tellTree(root, treeKey(root), undefined, told);
    // Messages that are each other's parent hang on no root.
    for (const node of this.flat.values()) {
      if (told.has(node)) continue;
      node.replies = node.replies.filter((reply) => !told.has(reply) && reply !== node);
      yield* tellTree({ ...node, replies: [] }, treeKey(node), undefined, told);
      told.add(node);
    }
  }
}

/** The same id with another text: the later one counts, the earlier stands beside it. */
function supersede(earlier: readonly DraftEvent[], later: DraftEvent): void {
  later.mirrors = earlier.flatMap((draft) => [...(draft.mirrors ?? []), draft.place]);
  later.flags = [...(later.flags ?? []), 'superseded'];
}

const treeKey = (root: Node): string | undefined => asId(root.value.message_tree_id) ?? idOf(root.value);

/** Best ranked first; replies without a rank keep their order behind the ranked ones. */
const byRank = (a: Node, b: Node): number =>
  (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY) || 0;

function* tellTree(
  root: Node,
  rootKey: string | undefined,
  meta?: JsonObject,
  told = new Set<Node>(),
): Generator<DraftTrajectory> {
  let selected: Set<Node> | undefined;
  const isBranched = hasBranches(root);
  for (const path of pathsOf(root)) {
    const shared = path.filter((node) => told.has(node));
    const own = path.filter((node) => !told.has(node));
    for (const node of own) {
      node.drafts ??= readMessageOf(node);
      told.add(node);
    }
    const events = [
      ...copyDrafts(shared.flatMap((node) => node.drafts ?? [])),
      ...own.flatMap((node) => node.drafts ?? []),
      ...own.flatMap(readFeedback),
    ];
    const leaf = path.at(-1)!;
    // An unselected path is as good as the reply with which it leaves the selected one.
    const parting = selected ? path.find((node) => !selected!.has(node)) : leaf;
    const draft: DraftTrajectory = { events, ...present({ rootKey, meta: selected ? undefined : meta }) };
    if (rootKey !== undefined) draft.externalIds = { conversation: rootKey };
    if (isBranched && rootKey !== undefined) {
      const kept = selected ? path.filter((node) => selected!.has(node)) : [];
      draft.branch = {
        of: { rootKey },
        selected: !selected,
        ...present({ rank: parting?.rank, at: kept.at(-1)?.drafts?.at(-1) }),
      };
    }
    if (selected) draft.branchPath = idOf(leaf.value) ?? leaf.spot.pointer;
    selected ??= new Set(path);
    yield draft;
  }
}

function hasBranches(root: Node): boolean {
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.replies.length > 1) return true;
    open.push(...node.replies);
  }
  return false;
}

/** Every path from root to leaf, the best ranked first at each level. */
function* pathsOf(root: Node): Generator<Node[]> {
  const open: Node[][] = [[root]];
  for (let path = open.pop(); path; path = open.pop()) {
    const replies = path
      .at(-1)!
      .replies.filter((reply) => !path!.includes(reply))
      .toSorted(byRank);
    if (replies.length === 0) yield path;
    else for (const reply of replies.toReversed()) open.push([...path, reply]);
  }
}

function readMessageOf({ value, spot }: Node): DraftEvent[] {
  const { text, role, created_date, lang: _, ...rest } = value;
  const fields: JsonObject = { role: role ?? 'prompter', content: text ?? null, id: rest.message_id ?? null };
  if (created_date !== undefined) fields.created_at = created_date;
  // The event is made of the text, replies and ranks have their own.
  const message = readTold(fields, spot, 'input');
  if (text !== undefined) message.pointer = into(spot, 'text').pointer;
  const model = textField(value.model_name);
  const step = message.speaker === 'assistant' ? { ...present({ externalId: idOf(value), model }) } : undefined;
  return draftTold(message, present({ step }));
}

function readFeedback(node: Node): DraftEvent[] {
  const target = node.drafts?.at(-1);
  if (!target) return [];
  const { value, spot } = node;
  const made: DraftEvent[] = [];
  const give = (signal: 'rank' | 'label', name: string | undefined, given: Json | undefined, at: Spot) => {
    const number = asNumber(given ?? undefined);
    if (number === undefined) return;
    made.push({
      kind: 'feedback',
      actor: 'evaluator',
      feedback: { target, signal, value: number, by: 'reviewer', ...present({ name }) },
      place: placeOf(at),
    });
  };
  give('rank', undefined, value.rank, into(spot, 'rank'));
  const labels = asObject(value.labels) ?? {};
  const names = asArray(labels.name);
  if (names) {
    // Published rows hold three lists side by side.
    for (const [i, name] of names.entries())
      give('label', textField(name), asArray(labels.value)?.[i], into(spot, 'labels', 'value', i));
  } else {
    for (const name of Object.keys(labels)) {
      const label = labels[name];
      give('label', name, isObject(label) ? label.value : label, into(spot, 'labels', name));
    }
  }
  const emojis = asObject(value.emojis) ?? {};
  const emojiNames = asArray(emojis.name);
  if (emojiNames)
    for (const [i, name] of emojiNames.entries())
      give('label', textField(name), asArray(emojis.count)?.[i], into(spot, 'emojis', 'count', i));
  else for (const name of Object.keys(emojis)) give('label', name, emojis[name], into(spot, 'emojis', name));
  return made;
}

export const oasst: Adapter = {
  name: 'oasst',
  version: '1',
  specificity: 85,
  score: meanScore(scoreRecord),
  start: (sink) => new OasstRun(sink),
};
