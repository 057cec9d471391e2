/**
 * Every real sample, its name hidden: the adapter that its content says, no crash, and records that add up. Skipped where
 * the shared samples are absent.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBytes } from './testing/parse-bytes.ts';

const SAMPLES = new URL('../../../../shared/samples/', import.meta.url);

const filesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, SAMPLES), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${folder}/${entry.name}`)
    .filter((path) => existsSync(new URL(encodeURI(path), SAMPLES)));

/** Which adapter reads a file; the first that fits. Torture files and answer keys belong to none. */
const READ_BY: [path: RegExp, adapter: string][] = [
  [/^abcd-support\//, 'dialogue'],
  [/^alpaca\//, 'alpaca'],
  [/^atif\//, 'atif'],
  [/^chat-exports\/(?:claude_thinking_example|invalid_unicode)\.json/, 'claude-ai'],
  [/^chat-exports\/gpt_example/, 'chatgpt'],
  [/^chat-exports\//, 'openwebui'],
  [/^claude-code\//, 'claude-code'],
  [/^cline\/(?:session|basic)/, 'cline'],
  [/^cline\//, 'http-exchange'],
  [/^codex-gemini-cli\/codex/, 'codex'],
  [/^codex-gemini-cli\/gemini/, 'gemini-cli'],
  [/^hh-rlhf\//, 'preference'],
  [/^http-cassettes\//, 'http-exchange'],
  [/^inspect\//, 'inspect'],
  [/^irc-plain-text\/.*raw\.txt$/, 'irc'],
  [/^langfuse-traces\/.*\.trace\.json$/, 'langfuse'],
  [/^langsmith\//, 'langsmith'],
  [/^markdown-chat\//, 'chat-markdown'],
  [/^mini-swe-agent\//, 'mini-swe-agent'],
  [/^oasst\//, 'oasst'],
  [/^openai-chat/, 'openai-chat'],
  [/^openhands-events(?:-v1)?\/.*jsonl$/, 'openhands'],
  [/^otlp-/, 'otlp'],
  [/^provider-payloads\/anthropic/, 'anthropic-messages'],
  [/^provider-payloads\/google/, 'gemini-api'],
  [/^provider-payloads\/openai-(?:text|error\.1\.json)/, 'openai-chat'],
  [/^provider-payloads\/openai/, 'openai-responses'],
  [/^sharegpt\//, 'sharegpt'],
  [/^swe-agent\//, 'swe-agent'],
  [/^tau-bench\//, 'tau-bench'],
  [/^toolbench\//, 'toolbench'],
];

describe.skipIf(!existsSync(SAMPLES))('the public samples', () => {
  const folders = existsSync(SAMPLES) ? readdirSync(SAMPLES).filter((name) => !/SUMS|\.md$|LICENSES/.test(name)) : [];
  it.each(folders)('%s: told by content, every record accounted for', async (folder) => {
    for (const path of filesIn(folder)) {
      const bytes = readFileSync(new URL(encodeURI(path), SAMPLES));
      const { broken, summary } = await parseBytes(bytes);
      const { adapter, records, mapped, duplicates, quarantined } = summary;
      expect({ path, lost: records - mapped - duplicates - quarantined.length }).toEqual({ path, lost: 0 });
      expect({ path, broken }).toEqual({ path, broken: [] });
      const readBy = READ_BY.find(([pattern]) => pattern.test(path))?.[1];
      if (readBy !== undefined) expect({ path, adapter }).toEqual({ path, adapter: readBy });
    }
  });
});
