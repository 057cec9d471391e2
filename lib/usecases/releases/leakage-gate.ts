/** Nothing held out was trained on: asked of the finished files, with the nearest pairs for human eyes. */
import { closestAcross } from '#lib/core/dedup/closest.ts';
import { clusterRows } from '#lib/core/dedup/cluster.ts';
import { promptText, rowText } from '#lib/core/dedup/row-text.ts';
import { shinglesOf, tokensOf } from '#lib/core/dedup/shingles.ts';
import { checkLeakage, type PlacedRow, reportCloseness } from '#lib/core/split/leakage.ts';
import type { Gate } from '#lib/store/releases.ts';
import { gate, type ReadRow, type Ref } from './gate.ts';

const asMessages = (row: ReadRow['row']): object =>
  'question' in row ? { messages: [...row.question.flat(), { role: 'assistant', content: row.teacher.content }] } : row;

export function leakageGate(rows: readonly ReadRow[], ref: Ref): Gate {
  const read = rows.map(({ id, split, row }) => ({ id, split, text: promptText(asMessages(row)) ?? '', row }));
  const clusters = clusterRows(read);
  const placed: PlacedRow[] = rows.map(({ id, split, meta }, at) => ({
    id,
    split,
    group: meta.group ?? id,
    cluster: clusters.get(id)!,
    tokens: tokensOf(read[at]!.text),
  }));
  const { groupsAcross, edgesAcross, ngramHits, clean } = checkLeakage(placed);
  const sided = read.map(({ id, split, text }) => ({ id, side: split as string, shingles: shinglesOf(text) }));
  const near = reportCloseness(closestAcross(sided));
  return gate({
    gate: 'leakage',
    state: clean ? 'pass' : 'fail',
    rule: 'No group, near-duplicate or run of 13 words stands on both sides of the line',
    value: `${groupsAcross.length} groups, ${edgesAcross.length} near-duplicates, ${ngramHits.length} word runs`,
    limit: '0, 0, 0',
    evidence: {
      groups: groupsAcross.length,
      edges: edgesAcross.length,
      ngrams: ngramHits.length,
      heldOut: rows.filter(({ split }) => split !== 'train').length,
      nearest: Math.round(near.most * 1000) / 1000,
      histogram: near.histogram.join(' '),
      wholeRowsAcross: wholeRowsAcross(read),
    },
    rows: [
      ...groupsAcross.flatMap(({ ids, splits }) => ids.map((id) => ref(id, 'group', splits.join(', ')))),
      ...edgesAcross.flatMap(({ ids, splits }) => ids.map((id) => ref(id, 'near_duplicate', splits.join(', ')))),
      ...ngramHits.map(({ id, rule }) => ref(id, 'word_run', rule)),
      ...near.closest.map(({ a, b, similarity }) =>
        ref(a, 'nearest', `similarity ${similarity.toFixed(2)} with unit ${ref(b, '', '').refId} across the line`),
      ),
    ],
  });
}

/** The second pass, over all that was said: it only reports, since answers of one agent may well be alike. */
function wholeRowsAcross(rows: readonly { id: string; split: string; row: ReadRow['row'] }[]): number {
  const clusters = clusterRows(rows.map(({ id, row }) => ({ id, text: rowText(asMessages(row)) ?? '' })));
  const sides = Map.groupBy(rows, ({ id }) => clusters.get(id)!);
  return [...sides.values()].filter((of) => new Set(of.map(({ split }) => split)).size > 1).length;
}
