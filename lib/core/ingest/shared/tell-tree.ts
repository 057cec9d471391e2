/**
 * Conversations whose messages name their parent (an answer made again, a question put otherwise): every path from root to
 * leaf is a trajectory, the current one is told whole, the others repeat what they share as copies.
 */
import type { DraftEvent, DraftTrajectory } from '../adapter.ts';
import { copyDrafts } from './copy-drafts.ts';

export type TreeNode = { id: string; parent?: string; events: DraftEvent[] };

/** @param current the message that the app shows last; left out: the latest one that nothing follows */
export function* tellTree(
  nodes: readonly TreeNode[],
  current: string | undefined,
  common: Omit<DraftTrajectory, 'events' | 'branch' | 'branchPath'>,
): Generator<DraftTrajectory> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Set(
    nodes.flatMap(({ id, parent }) => (parent !== undefined && parent !== id && byId.has(parent) ? [parent] : [])),
  );
  const leaves = nodes.filter(({ id }) => !parents.has(id));
  const says = (node: TreeNode) => pathTo(node, byId).some(({ events }) => events.length > 0);
  const candidates = [...(current === undefined ? [] : [byId.get(current)]), ...leaves.toReversed(), ...nodes];
  const shown = candidates.find((node) => node !== undefined && says(node));
  if (!shown) return;
  const main = pathTo(shown, byId);
  const isMain = new Set(main);
  const told = new Set(main);
  const others: { path: TreeNode[]; own: DraftEvent[] }[] = [];
  for (const leaf of leaves) {
    const path = pathTo(leaf, byId);
    const own = path.filter((node) => !told.has(node)).flatMap(({ events }) => events);
    if (own.length > 0) others.push({ path, own });
  }
  // Messages that are each other's parent hang on no leaf.
  const reached = new Set([...main, ...others.flatMap(({ path }) => path)]);
  for (const node of nodes) {
    if (reached.has(node)) continue;
    const path = pathTo(node, byId).filter((one) => !reached.has(one));
    for (const one of path) reached.add(one);
    const own = path.flatMap(({ events }) => events);
    if (own.length > 0) others.push({ path, own });
  }
  const events = main.flatMap((node) => node.events);
  // Without an id of its own the conversation is known by its record, like any other.
  const first = (events[0] ?? others[0]?.own[0])?.place.record;
  const rootKey = common.rootKey ?? `${first?.sha256 ?? ''}#${first?.ordinal ?? 0}`;
  const isBranched = others.length > 0;
  yield { ...common, rootKey, events, ...(isBranched && { branch: { of: { rootKey }, selected: true } }) };
  for (const { path } of others) {
    const shared = path.filter((node) => told.has(node));
    const own = path.filter((node) => !told.has(node)).flatMap((node) => node.events);
    for (const node of path) told.add(node);
    if (own.length === 0) continue;
    const at = shared.findLast((node) => isMain.has(node) && node.events.length > 0)?.events.at(-1);
    yield {
      ...common,
      rootKey,
      branchPath: path.at(-1)!.id,
      events: [...copyDrafts(shared.flatMap((node) => node.events)), ...own],
      ...(isBranched && { branch: { of: { rootKey }, selected: false, ...(at && { at }) } }),
    };
  }
}

/** From the root; a parent that is not there, or comes round again, ends it. */
function pathTo(leaf: TreeNode, byId: ReadonlyMap<string, TreeNode>): TreeNode[] {
  const path: TreeNode[] = [];
  const seen = new Set<TreeNode>();
  for (
    let node: TreeNode | undefined = leaf;
    node && !seen.has(node);
    node = node.parent === undefined ? undefined : byId.get(node.parent)
  ) {
    seen.add(node);
    path.push(node);
  }
  return path.reverse();
}
