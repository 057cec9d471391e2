/** Redaction of any one JSON value, leaf by leaf, keys and JSON in strings included; numbered by itself. */
import type { Json } from '../trajectory/json.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import { leavesOf } from './leaves.ts';
import { pseudonymise, type WrittenSpan } from './pseudonymise.ts';
import { newLeaf, readLeaves } from './read-leaves.ts';
import { type RedactionConfig, readConfigOf } from './redact.ts';
import type { Leaf, Tier } from './span.ts';
import type { LeafPolicy } from './unit-paths.ts';

/** What was replaced, never the value. */
export type RedactionReport = Pick<WrittenSpan, 'path' | 'type' | 'placeholder' | 'tier' | 'detector'>[];

/**
 * @param options `tier`: 'auto' leaves suggestions standing, the default masks both; `policyOf`: leaves that are no
 *   log text (an id that joins lines); the default is that every leaf is
 */
export function redactJson<T extends Json>(
  value: T,
  config: RedactionConfig,
  options: { tier?: Tier; policyOf?: (leaf: Leaf) => LeafPolicy } = {},
): { value: Redacted<T>; report: RedactionReport } {
  const { tier = 'suggest', policyOf = () => 'free' } = options;
  const leaves = leavesOf(value).map((leaf) => newLeaf(leaf, policyOf(leaf)));
  const graph = readLeaves([{ id: '', leaves }], { ...readConfigOf(config), tier });
  const done = pseudonymise(value, leaves, graph, config.keyOf);
  const report = done.spans.flatMap(({ path, type, placeholder, tier, detector }) =>
    placeholder === undefined ? [] : [{ path, type, placeholder, tier, detector }],
  );
  return { value: done.redacted, report };
}
