import type { AssistantMessage, DpoRow } from '#lib/core/export/row.ts';
import type { LabelledPair } from '#lib/core/pair/balance.ts';
import { canonicalJson } from '#lib/core/trajectory/json.ts';

const said = ([side]: readonly AssistantMessage[]): string =>
  side?.tool_calls
    ? `${side.content}\n${canonicalJson(side.tool_calls.map((call) => call.function))}`
    : (side?.content ?? '');

/** What a person did when choosing: on which side the preferred answer stood, and who it was. */
export type Choice = { wasLeft: boolean; annotator: string };

/**
 * A preference row as its gates see it: what the file says, and what people did.
 * @param choice known when a person chose; then the pair was also seen by one
 */
export function toLabelledPair(row: DpoRow, config: string, choice: Choice | undefined): LabelledPair {
  const meta = JSON.parse(row.meta_json) as { source?: string; cluster?: string; reason?: string };
  return {
    id: row.id,
    config,
    source: meta.source ?? '',
    cluster: meta.cluster,
    chosen: said(row.chosen),
    rejected: said(row.rejected),
    ...(choice === undefined
      ? {}
      : { chosenWasLeft: choice.wasLeft, annotator: choice.annotator, editConfirmed: true }),
    ...(meta.reason === undefined ? {} : { reason: meta.reason }),
  };
}
