/** ToolBench: search trees (every path a branch, the one that answered selected), and the answers of evaluations. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { type Adapter, type DraftEvent, type DraftTrajectory, meanScore, type SourceRecord } from '../adapter.ts';
import { parseArguments } from '../parse-arguments.ts';
import { copyDrafts } from '../shared/copy-drafts.ts';
import { documents, mismatch } from '../shared/documents.ts';
import {
  allBut,
  asArray,
  asBoolean,
  asNumber,
  asObject,
  asText,
  dig,
  firstText,
  pointerTo,
} from '../shared/json-access.ts';
import { readMessages } from '../shared/read-message.ts';
import { Teller } from '../shared/teller.ts';
import { readToolDefs } from '../shared/tool-defs.ts';

export const toolbench: Adapter = {
  name: 'toolbench',
  version: '1',
  specificity: 90,
  score: meanScore(({ value }) => (isSearch(value) || isAnswers(value) ? 1 : 0)),
  start: documents((value, record) => {
    if (isSearch(value)) return tellSearch(value as JsonObject, record);
    return isAnswers(value) ? tellAnswers(value as JsonObject, record) : mismatch('neither a search nor answers');
  }),
};

const isSearch = (value: Json | undefined): boolean =>
  isObject(value) && isObject(value.answer_generation) && (isObject(value.tree) || 'win' in value);
const isAnswer = (value: Json | undefined): boolean =>
  isObject(value) && typeof value.query === 'string' && isObject(value.answer) && 'available_tools' in value;
const isAnswers = (value: Json | undefined): boolean => {
  if (!isObject(value)) return false;
  const keys = Object.keys(value);
  return isAnswer(value) || (keys.length > 0 && keys.every((key) => isAnswer(value[key])));
};

type Node = { value: JsonObject; pointer: string; parent?: Node; children: Node[] };

function treeOf(root: JsonObject, pointer: string): Node {
  const top: Node = { value: root, pointer, children: [] };
  const open = [top];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const [index, item] of (asArray(node.value.children) ?? []).entries()) {
      if (!isObject(item)) continue;
      const child: Node = {
        value: item,
        pointer: pointerTo(node.pointer, 'children', index),
        parent: node,
        children: [],
      };
      node.children.push(child);
      open.push(child);
    }
  }
  return top;
}

function leavesOf(root: Node): Node[] {
  const leaves: Node[] = [];
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.children.length === 0) leaves.push(node);
    else open.push(...node.children.toReversed());
  }
  return leaves;
}

const pathTo = (leaf: Node): Node[] => {
  const path: Node[] = [];
  for (let node: Node | undefined = leaf; node; node = node.parent) path.push(node);
  return path.reverse();
};

function tellSearch(search: JsonObject, record: SourceRecord): DraftTrajectory[] {
  const answer = asObject(search.answer_generation)!;
  const tools = readToolDefs(answer.function);
  const teller = new Teller(record);
  tellTask(teller, answer);
  const task = [...teller.events];
  const root = treeOf(asObject(dig(search, 'tree', 'tree')) ?? {}, '/tree/tree');
  const leaves = leavesOf(root);
  const final = finalLeaf(leaves, answer);
  const rootKey = `${record.sha256}#${record.ordinal ?? 0}`;
  const told = new Map<Node, DraftEvent[]>();
  const drafts: DraftTrajectory[] = [];
  const ordered = final ? [final, ...leaves.filter((leaf) => leaf !== final)] : leaves;
  const isBranched = ordered.length > 1;
  const onSelected = new Set(ordered[0] ? pathTo(ordered[0]) : []);
  for (const [index, leaf] of ordered.entries()) {
    const path = pathTo(leaf);
    const shared = index === 0 ? [] : copyDrafts([...task, ...path.flatMap((node) => told.get(node) ?? [])]);
    const own = new Teller(record);
    tellPath(
      own,
      path.filter((node) => !told.has(node)),
      told,
      path,
    );
    if (index === 0) tellEnd(own, search, answer);
    const last = path.findLast((node) => told.has(node) && node !== leaf && index > 0 && onSelected.has(node));
    const at = last && told.get(last)?.at(-1);
    drafts.push({
      rootKey,
      ...(index > 0 && { branchPath: leaf.pointer }),
      ...(isBranched && { branch: { of: { rootKey }, selected: index === 0, ...(at && { at }) } }),
      events: index === 0 ? [...task, ...own.events] : [...shared, ...own.events],
      ...(tools.length > 0 && { tools }),
      ...(index === 0 && {
        meta: {
          ...allBut(search, 'tree', 'answer_generation', 'compare_candidates'),
          ...allBut(answer, 'function', 'train_messages', 'query', 'chain'),
        },
      }),
    });
  }
  return drafts;
}

/** System prompt and question as the model was given them; else the question alone. */
function tellTask(teller: Teller, answer: JsonObject): void {
  const messages = asArray(asArray(answer.train_messages)?.[0]) ?? [];
  const before = messages.findIndex((message) => asObject(message)?.role === 'assistant');
  const asked = readMessages(
    messages.slice(0, before < 0 ? messages.length : before),
    '/answer_generation/train_messages/0',
  );
  for (const message of asked) teller.message(message);
  const query = asText(answer.query);
  if (query !== undefined && !asked.some(({ speaker }) => speaker === 'user'))
    teller.say('user', query, '/answer_generation/query');
}

/** The leaf that gave the answer which was taken. */
function finalLeaf(leaves: readonly Node[], answer: JsonObject): Node | undefined {
  const final = asText(answer.final_answer) ?? '';
  const isFinish = (leaf: Node) =>
    pathTo(leaf).some(({ value }) => value.node_type === 'Action' && value.description === 'Finish');
  const same = leaves.find(
    (leaf) => isFinish(leaf) && final !== '' && asText(leaf.value.description)?.trim() === final.trim(),
  );
  return (
    same ??
    leaves.findLast((leaf) => isFinish(leaf) && leaf.value.pruned !== true) ??
    leaves.findLast((leaf) => leaf.value.pruned !== true)
  );
}

/** Thought, action and its input are one answer; what the action brought is its result. */
function tellPath(teller: Teller, fresh: readonly Node[], told: Map<Node, DraftEvent[]>, path: readonly Node[]): void {
  for (const node of fresh) {
    const { value, pointer } = node;
    const text = asText(value.description) ?? '';
    const before = teller.events.length;
    const step = teller.events.at(-1)?.kind === 'assistant' ? teller.events.at(-1)!.step! : {};
    if (value.node_type === 'Thought' && text.trim() !== '') teller.say('assistant', text, pointer, { step });
    else if (value.node_type === 'Action Input' && node.parent) {
      const action = path[path.indexOf(node) - 1]!;
      const name = asText(action.value.description) ?? '';
      if (action.value.node_type === 'Action' && name !== '') {
        teller.call({ name, arguments: text }, pointer, { step });
        const observation = firstText(value, 'observation');
        if (observation !== undefined)
          teller.result({ name, ...statusOf(value) }, observation, pointerTo(pointer, 'observation'));
      }
    }
    told.set(node, teller.events.slice(before));
  }
}

/** The code says how the call went: 0 is good, 3 is a final answer, 4 gives up. */
function statusOf(value: JsonObject): { status?: 'ok' | 'error' } {
  const code = asNumber(value.observation_code);
  if (code === undefined) return {};
  return { status: code === 0 || code === 3 || code === 4 ? 'ok' : 'error' };
}

function tellEnd(teller: Teller, search: JsonObject, answer: JsonObject): void {
  const won = asBoolean(search.win) ?? asBoolean(answer.valid_data);
  if (won === undefined) return;
  const pointer = typeof search.win === 'boolean' ? '/win' : '/answer_generation/valid_data';
  teller.feedback(
    { target: 'trajectory', signal: 'label', name: pointer.split('/').at(-1)!, value: won, by: 'verifier' },
    pointer,
  );
}

function tellAnswers(value: JsonObject, record: SourceRecord): DraftTrajectory[] {
  const entries = isAnswer(value)
    ? [['', value] as const]
    : Object.keys(value).map((key) => [key, value[key] as JsonObject] as const);
  return entries.map(([id, entry]) => {
    const teller = new Teller(record);
    const pointer = id === '' ? '' : pointerTo('', id);
    const answer = asObject(entry.answer)!;
    const tools = readToolDefs(entry.available_tools);
    tellDetails(teller, asArray(answer.answer_details) ?? [], pointerTo(pointer, 'answer', 'answer_details'));
    if (!teller.events.some(({ kind }) => kind === 'user')) {
      teller.say('user', asText(entry.query) ?? '', pointerTo(pointer, 'query'));
      teller.events.unshift(teller.events.pop()!);
    }
    const final = asText(answer.final_answer);
    const isSaid = teller.events.some(
      (event) =>
        event.call?.name === 'Finish' || event.parts?.some((part) => part.type === 'text' && part.text === final),
    );
    if (final && !isSaid) teller.say('assistant', final, pointerTo(pointer, 'answer', 'final_answer'));
    const meta = allBut(answer, 'answer_details', 'final_answer');
    return {
      ...(id !== '' && { externalIds: { sample: id } }),
      ...(id !== '' && { rootKey: `${record.sha256}#${record.ordinal ?? 0}/${id}` }),
      events: teller.events,
      ...(tools.length > 0 && { tools }),
      ...(meta && { meta }),
    };
  });
}

/** Each detail holds the next ones; the system prompt, the question, answers, calls and results stand one inside the other. */
function tellDetails(teller: Teller, details: readonly Json[], pointer: string): void {
  let open: { item: Json; at: string }[] = details.map((item, index) => ({ item, at: pointerTo(pointer, index) }));
  while (open.length > 0) {
    const next: typeof open = [];
    for (const { item, at } of open) {
      const detail = asObject(item);
      if (!detail) continue;
      const text = asText(detail.message) ?? '';
      if (detail.role === 'system' || detail.role === 'user') teller.say(detail.role, text, at);
      else if (detail.role === 'assistant') teller.say('assistant', text, at);
      else if (detail.role === 'tool') tellToolDetail(teller, detail.message ?? null, text, at);
      else teller.meta(allBut(detail, 'next') ?? {}, at);
      for (const [index, child] of (asArray(detail.next) ?? []).entries())
        next.push({ item: child, at: pointerTo(at, 'next', index) });
    }
    open = next;
  }
}

/** `{'name': …, 'arguments': …, 'response': …}`, as an object or printed by Python. */
function tellToolDetail(teller: Teller, message: Json, text: string, at: string): void {
  const value = asObject(message) ?? asObject(parseArguments(text).arguments);
  const name = value && asText(value.name);
  if (!value || name === undefined) {
    teller.result({}, text, at);
    return;
  }
  teller.call({ name, arguments: value.arguments ?? {} }, at);
  if (value.response !== undefined) teller.result({ name }, value.response, at);
}
