/** Which adapter reads these records, told by content alone (docs/formats.md, "From bytes to records"). */
import type { Adapter, SourceRecord } from './adapter.ts';

export const SAMPLE_RECORDS = 20;
export const CLAIMS = 0.5;

/** @returns the surest adapter; of two as sure, the more specific one; undefined when none is sure enough */
export function detect(records: readonly SourceRecord[], adapters: readonly Adapter[]): Adapter | undefined {
  if (records.length === 0) return undefined;
  let best: { adapter: Adapter; score: number } | undefined;
  for (const adapter of adapters) {
    const score = adapter.score(records);
    if (score < CLAIMS) continue;
    if (!best || score > best.score || (score === best.score && adapter.specificity > best.adapter.specificity)) {
      best = { adapter, score };
    }
  }
  return best?.adapter;
}

/**
 * The adapter of one record of a source whose adapter is known. A record that does not look like it is offered to the
 * others; when none knows it, it stays with the source's adapter, which says what is wrong with it.
 */
export function detectOne(
  record: SourceRecord,
  chosen: Adapter | undefined,
  adapters: readonly Adapter[],
): Adapter | undefined {
  if (chosen && chosen.score([record]) >= CLAIMS) return chosen;
  return detect([record], adapters) ?? chosen;
}

/** By name, as `--format` gives it: the part before a colon counts. */
export function adapterByName(name: string, adapters: readonly Adapter[]): Adapter | undefined {
  const plain = name.split(':')[0];
  return adapters.find((adapter) => adapter.name === plain);
}

/** The first lines of a text as records of nowhere, for scoring only. */
export function sampleLines(text: string): SourceRecord[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, 400).map((line) => ({
    recordNo: 0,
    byteStart: 0,
    byteEnd: 0,
    sha256: '',
    value: undefined,
    text: line.replace(/\r$/, ''),
    flags: [],
  }));
}
