import type { AssistantMessage, DpoRow } from '#lib/core/export/row.ts';
import type { LabelledPair } from '#lib/core/pair/balance.ts';
import { canonicalJson } from '#lib/core/trajectory/json.ts';

const said = ([side]: readonly AssistantMessage[]): string =>
  side?.tool_calls
    ? `${side.content}\n${canonicalJson(side.tool_calls.map((call) => call.function))}`
    : (side?.content ?? '');

/**
 * A preference row as its gates see it: what the file says, and what people did.
 * @param chosenWasLeft known when a person chose; then the pair was also seen by one
 */
export function toLabelledPair(row: DpoRow, config: string, chosenWasLeft: boolean | undefined): LabelledPair {
  const meta = JSON.parse(row.meta_json) as { source?: string; cluster?: string; reason?: string };
  return {
    id: row.id,
    config,
    source: meta.source ?? '',
    cluster: meta.cluster,
    chosen: said(row.chosen),
    rejected: said(row.rejected),
    ...(chosenWasLeft === undefined ? {} : { chosenWasLeft, editConfirmed: true }),
    ...(meta.reason === undefined ? {} : { reason: meta.reason }),
  };
}
