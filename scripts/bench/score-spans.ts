/** Scores of masked stretches against marked ones. Offsets are code points; a mask of any type masks. */
export type Marked = { start: number; end: number; type: string };
export type Detect = (text: string) => Marked[];
export type Row = { text: string; spans: readonly Marked[] };

/** Types of the corpora that are no personal data in themselves. */
const NO_PII = new Set(['GROUP', 'PRODUCT', 'CREATIVE_WORK', 'MISC']);
const isPii = ({ type }: Marked): boolean => !NO_PII.has(type);

function maskOf(length: number, spans: readonly Marked[]): Uint8Array {
  const mask = new Uint8Array(length);
  for (const { start, end } of spans) mask.fill(1, start, end);
  return mask;
}
const isWhole = (mask: Uint8Array, { start, end }: Marked): boolean =>
  mask.subarray(start, end).every((one) => one === 1);

/**
 * By words (runs of letters and digits): F2 weighs recall twice as much as precision. `whole`: share of marked spans of
 * which every letter and digit is masked. `characterPrecision`: share of masked characters that are marked.
 */
export function tokens(
  rows: readonly Row[],
  detect: Detect,
): { f2: number; precision: number; recall: number; whole: number; allWhole: number; characterPrecision: number } {
  let [right, flagged, gold, whole, spans, charactersRight, characters] = [0, 0, 0, 0, 0, 0, 0];
  for (const { text, spans: marked } of rows) {
    const points = [...text];
    const wanted = marked.filter(isPii);
    const truth = maskOf(points.length, wanted);
    const mask = maskOf(points.length, detect(text));
    let at = 0;
    while (at < points.length) {
      const start = at;
      while (at < points.length && /[\p{L}\p{N}\p{M}]/u.test(points[at]!)) at++;
      if (at === start) {
        at++;
        continue;
      }
      const isGold = truth.subarray(start, at).includes(1);
      const isMasked = mask.subarray(start, at).includes(1);
      if (isGold) gold++;
      if (isMasked) flagged++;
      if (isGold && isMasked) right++;
    }
    const solid = (span: Marked): boolean => {
      for (let i = span.start; i < span.end; i++) if (mask[i] === 0 && /[\p{L}\p{N}]/u.test(points[i]!)) return false;
      return true;
    };
    spans += wanted.length;
    whole += wanted.filter(solid).length;
    for (let i = 0; i < points.length; i++) {
      characters += mask[i]!;
      charactersRight += mask[i]! & truth[i]!;
    }
  }
  const precision = right / flagged;
  const recall = right / gold;
  return {
    f2: (5 * precision * recall) / (4 * precision + recall),
    precision,
    recall,
    whole: whole / spans,
    allWhole: whole / spans,
    characterPrecision: charactersRight / characters,
  };
}

/** `whole`, `touched`: shares of the names of a type; `precision`: hits of that type that touch one. */
export function namesMasked(
  rows: readonly Row[],
  detect: Detect,
  type: string,
): { whole: number; touched: number; precision: number } {
  let [gold, whole, touched, flagged, right] = [0, 0, 0, 0, 0];
  for (const { text, spans } of rows) {
    const hits = detect(text);
    const mask = maskOf([...text].length, hits);
    const names = spans.filter((span) => span.type === type);
    gold += names.length;
    for (const name of names) {
      if (isWhole(mask, name)) whole++;
      if (mask.subarray(name.start, name.end).includes(1)) touched++;
    }
    for (const hit of hits.filter((one) => one.type === type)) {
      flagged++;
      if (names.some((name) => hit.start < name.end && hit.end > name.start)) right++;
    }
  }
  return { whole: whole / gold, touched: touched / gold, precision: right / flagged };
}

/** Recall: marked spans of these types masked whole; precision: hits of these types that touch a marked span. */
export function structured(
  rows: readonly Row[],
  detect: Detect,
  types: ReadonlySet<string>,
): { recall: number; precision: number } {
  let [gold, found, flagged, right] = [0, 0, 0, 0];
  for (const { text, spans } of rows) {
    const hits = detect(text);
    const mask = maskOf([...text].length, hits);
    for (const span of spans) {
      if (!types.has(span.type)) continue;
      gold++;
      if (isWhole(mask, span)) found++;
    }
    for (const hit of hits) {
      if (!types.has(hit.type)) continue;
      flagged++;
      if (spans.some((span) => hit.start < span.end && hit.end > span.start)) right++;
    }
  }
  return { recall: found / gold, precision: flagged === 0 ? 1 : right / flagged };
}

/** Test strings of scanners: positives whose secrets are all touched, negatives in which a secret is seen. */
export function lookAlikes(
  rows: readonly (Row & { meta: { positive?: boolean } })[],
  detect: Detect,
): { found: number; flagged: number } {
  const secretsIn = (text: string): Marked[] => detect(text).filter(({ type }) => type === 'SECRET' || type === 'BLOB');
  const positives = rows.filter(({ meta }) => meta.positive === true);
  const negatives = rows.filter(({ meta }) => meta.positive === false);
  const found = positives.filter(({ text, spans }) => {
    const hits = secretsIn(text);
    return spans.every((gold) => hits.some((hit) => hit.start < gold.end && gold.start < hit.end));
  });
  return {
    found: found.length / positives.length,
    flagged: negatives.filter(({ text }) => secretsIn(text).length > 0).length / negatives.length,
  };
}
