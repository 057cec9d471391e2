/** `assay detect`: spans of personal data and secrets in lines `{"id","text"}`, one line out for each line in, in order. */
import { parseArgs } from 'node:util';
import { detectText } from '#lib/core/pii/detect-text.ts';
import type { RedactionConfig } from '#lib/core/pii/redact.ts';
import type { Tier } from '#lib/core/pii/span.ts';
import { type CommandIo, writeLine } from '../command.ts';
import { readDetectorConfig, readTier } from '../detector-config.ts';
import { readTextLines } from '../text-lines.ts';

export async function run(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({ args, options: { tier: { type: 'string' }, config: { type: 'string' } } });
  const tier = readTier(values.tier) ?? 'auto';
  const config = await readDetectorConfig(values.config);
  let refused = 0;
  for await (const { line, text } of readTextLines(io.stdin)) {
    const answer = answerTo(text, tier, config);
    if ('error' in answer) {
      refused++;
      io.stderr.write(`line ${line}: ${answer.error}\n`);
    }
    await writeLine(io.stdout, JSON.stringify(answer));
  }
  if (refused > 0) io.stderr.write(`${refused} lines were refused\n`);
  return 0;
}

type Answer =
  | { id: unknown; spans: { start: number; end: number; type: string; tier: Tier; score: number; detector: string }[] }
  | { id: unknown; error: string };

function answerTo(line: string, tier: Tier, config: RedactionConfig): Answer {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return { id: null, error: 'not JSON' };
  }
  const { id = null, text } = (typeof record === 'object' && record !== null ? record : {}) as {
    id?: unknown;
    text?: unknown;
  };
  if (typeof text !== 'string') return { id, error: 'no text' };
  const spans = detectText(text, config, tier).map(({ start, end, type, tier, score, detector }) => ({
    start,
    end,
    type,
    tier,
    score,
    detector,
  }));
  return { id, spans };
}
