/** What must never be torn apart: everything that a model could remember of one row and use on another. */
import { UnionFind } from '../union-find.ts';

export type Member = {
  id: string;
  /** Near-duplicates of each other, by the prompt side. */
  cluster?: string;
  /** The run it was cut from, and the run that one came out of: a chain of runs is one group through these. */
  trajectoryId?: string;
  rootId?: string;
  /** Logged session or thread. */
  session?: string;
  /** Keyed hashes of the people in it; never exported. */
  people?: readonly string[];
  intent?: string;
  /** The unit that both rows of a preference pair, or a pair and its demonstration, were made of. */
  pairSource?: string;
};

/**
 * @returns group of every id: the smallest member id (by code unit), so that the name does not depend on the order in
 * which rows came
 */
export function groupRows(members: Iterable<Member>): Map<string, string> {
  const sets = new UnionFind();
  const ids: string[] = [];
  const holder = new Map<string, number>();
  for (const { id, cluster, trajectoryId, rootId, session, people = [], intent, pairSource } of members) {
    const at = sets.add();
    ids.push(id);
    // The kind goes in front: a session may be called like a cluster.
    const marks = [
      ['row', id],
      ['cluster', cluster],
      ['run', trajectoryId],
      ['run', rootId],
      ['session', session],
      ['intent', intent],
      ['pair', pairSource],
      ...people.map((person) => ['person', person]),
    ];
    for (const [kind, mark] of marks) {
      if (mark === undefined) continue;
      const first = holder.get(`${kind}\n${mark}`);
      if (first === undefined) holder.set(`${kind}\n${mark}`, at);
      else sets.join(first, at);
    }
  }
  const smallest = new Map<number, string>();
  for (const [at, id] of ids.entries()) {
    const root = sets.find(at);
    const known = smallest.get(root);
    if (known === undefined || id < known) smallest.set(root, id);
  }
  return new Map(ids.map((id, at) => [id, smallest.get(sets.find(at))!]));
}
