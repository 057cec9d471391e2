/**
 * A detector behind HTTP in the shape of Presidio's `POST /analyze`. The address is the operator's, text goes nowhere
 * else; what it answers is checked before it counts. Down, slow or unreadable: `DetectorAwayError`, and the job waits.
 */
import { z } from 'zod';
import { chunksOf, joinChunks } from '#lib/core/pii/plugin/chunks.ts';
import { typeOfEntity } from '#lib/core/pii/plugin/entity-names.ts';
import { DetectorAwayError, type Plugin, type PluginSpan } from '#lib/core/pii/plugin/plugin.ts';

const TIMEOUT_MS = 5_000;
const RETRIES = 2;
/** Requests under way at once. */
const AT_ONCE = 4;
const MAX_ANSWER_BYTES = 4 << 20;
/** Weaker than this is noise; the detector's own tiers begin here too. */
const LEAST_SCORE = 0.3;

const Answer = z.array(
  z.object({
    entity_type: z.string().min(1).max(80),
    start: z.int().min(0),
    end: z.int().min(1),
    score: z.number().min(0).max(1),
  }),
);

/** @param options `timeoutMs` a chunk; tests shorten it */
export function analyzerAt(url: string, options: { language?: string; timeoutMs?: number } = {}): Plugin {
  const { language = 'en', timeoutMs = TIMEOUT_MS } = options;
  const address = new URL('analyze', url.endsWith('/') ? url : `${url}/`);

  async function once(text: string): Promise<PluginSpan[]> {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text, language }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new DetectorAwayError(`the analyzer answered ${response.status}`);
    const body = await response.text();
    if (body.length > MAX_ANSWER_BYTES) throw new DetectorAwayError('the analyzer answered too much');
    const length = [...text].length;
    const spans = Answer.parse(JSON.parse(body));
    if (spans.some(({ start, end }) => start >= end || end > length))
      throw new DetectorAwayError('the analyzer named a place outside the text');
    return spans
      .filter(({ score }) => score >= LEAST_SCORE)
      .map(({ entity_type, start, end, score }) => ({ start, end, ...typeOfEntity(entity_type, score) }));
  }

  async function analyze(text: string): Promise<PluginSpan[]> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(text);
      } catch (error) {
        // the cause may hold the text: it is named, not passed on
        if (attempt >= RETRIES)
          throw error instanceof DetectorAwayError ? error : new DetectorAwayError('the analyzer does not answer');
      }
    }
  }

  return {
    id: 'presidio',
    version: '1',
    async detect(texts) {
      const pieces = texts.flatMap((text, n) => chunksOf(text).map((chunk) => ({ n, ...chunk })));
      const found: { start: number; spans: PluginSpan[] }[][] = texts.map(() => []);
      let next = 0;
      const work = async (): Promise<void> => {
        while (next < pieces.length) {
          const piece = pieces[next++]!;
          found[piece.n]!.push({ start: piece.start, spans: await analyze(piece.text) });
        }
      };
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, pieces.length) }, work));
      return found.map(joinChunks);
    },
  };
}
