/** Rendering and tokenising, a second of one core, beside the engines that npm has: same rows, same run. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Template as OtherTemplate } from '@huggingface/jinja';
import { Tokenizer as OtherTokenizer } from '@huggingface/tokenizers';
import { readJson } from '#lib/core/template/read-json.ts';
import { templateVariables } from '#lib/core/template/render-row.ts';
import { Template } from '#lib/core/template/template.ts';
import type { Dict } from '#lib/core/template/values.ts';
import { Tokenizer } from '#lib/core/tokenizer/tokenizer.ts';
import { bundledTokenizerFolder } from '#lib/store/tokenizer-folder.ts';
import { cheapest, type Figure } from './measure.ts';

const SHARED = path.resolve(import.meta.dirname, '../../../shared');
const ROWS = 4000;

export async function benchExports(): Promise<Figure[]> {
  return [...(await benchRender()), ...(await benchTokenise())];
}

/** Qwen3's template over the conversations of shared/templates that it renders. */
async function benchRender(): Promise<Figure[]> {
  const folder = path.join(SHARED, 'templates');
  if (!existsSync(folder))
    return [{ name: 'render', value: Number.NaN, unit: 'rows/s', note: 'no shared/templates here' }];
  const source = readFileSync(path.join(folder, 'jinja/trl__qwen3.jinja'), 'utf8');
  const lines = readFileSync(path.join(folder, 'conversations.jsonl'), 'utf8').trimEnd().split('\n');
  const template = new Template(source);
  const ours = lines.map((line) => templateVariables(readJson(line) as Dict));
  const other = new OtherTemplate(source);
  const theirs = lines.map((line) => {
    const { messages, tools, chat_template_kwargs, add_generation_prompt = false } = JSON.parse(line);
    return { messages, tools: tools ?? null, documents: null, add_generation_prompt, ...chat_template_kwargs };
  });
  const ourMs = await cheapest(3, () => {
    for (let row = 0; row < ROWS; row++) template.render(ours[row % ours.length]!, null);
  });
  const parseMs = await cheapest(3, () => {
    for (let row = 0; row < ROWS; row++)
      template.render(templateVariables(readJson(lines[row % lines.length]!) as Dict), null);
  });
  const theirMs = await cheapest(3, () => {
    for (let row = 0; row < ROWS; row++) other.render(theirs[row % theirs.length]!);
  });
  const rate = (ms: number) => ROWS / (ms / 1000);
  return [
    {
      name: "render, Qwen3's template",
      value: rate(ourMs),
      unit: 'rows/s',
      note: `${(theirMs / ourMs).toFixed(1)} times @huggingface/jinja`,
    },
    { name: 'the same with reading the row', value: rate(parseMs), unit: 'rows/s' },
    { name: '@huggingface/jinja', value: rate(theirMs), unit: 'rows/s' },
  ];
}

/** Texts of shared/samples, at least 10 MB. */
function mixedText(): string[] {
  const folder = path.join(SHARED, 'samples');
  const texts: string[] = [];
  let bytes = 0;
  const visit = (at: string): void => {
    for (const name of readdirSync(at).sort()) {
      const file = path.join(at, name);
      if (statSync(file).isDirectory()) visit(file);
      else if (/\.(jsonl?|md|txt|csv|html)$/.test(name) && bytes < 12_000_000) {
        const text = readFileSync(file, 'utf8').slice(0, 3_000_000);
        for (let from = 0; from < text.length; from += 8000) texts.push(text.slice(from, from + 8000).toWellFormed());
        bytes += Buffer.byteLength(text);
      }
    }
  };
  if (existsSync(folder)) visit(folder);
  return texts;
}

async function benchTokenise(): Promise<Figure[]> {
  const folder = bundledTokenizerFolder();
  const texts = mixedText();
  if (!folder || texts.length === 0) {
    return [
      { name: 'tokenise', value: Number.NaN, unit: 'MB/s', note: 'needs the bundled tokenizer and shared/samples' },
    ];
  }
  const file = readFileSync(path.join(folder, 'tokenizer.json'), 'utf8');
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  let tokenizer = new Tokenizer(file);
  const loadMs = await cheapest(2, () => {
    tokenizer = new Tokenizer(file);
  });
  let ours: Int32Array[] = [];
  // Once only: a second run would find every word in the cache.
  const ourMs = await cheapest(1, () => {
    ours = texts.map((text) => tokenizer.encode(text));
  });
  const config = JSON.parse(readFileSync(path.join(folder, 'tokenizer_config.json'), 'utf8'));
  const other = new OtherTokenizer(JSON.parse(file), config);
  let differing = 0;
  const theirMs = await cheapest(1, () => {
    texts.forEach((text, at) => {
      const { ids } = other.encode(text, { add_special_tokens: false });
      if (ids.length !== ours[at]!.length || ids.some((id, place) => id !== ours[at]![place])) differing++;
    });
  });
  return [
    {
      name: "tokenise, Qwen3's vocabulary",
      value: megabytes / (ourMs / 1000),
      unit: 'MB/s',
      note: `${megabytes.toFixed(1)} MB of samples, words met for the first time`,
    },
    { name: 'load the vocabulary', value: loadMs, unit: 'ms' },
    {
      name: '@huggingface/tokenizers',
      value: megabytes / (theirMs / 1000),
      unit: 'MB/s',
      note: `${differing} of ${texts.length} texts with other ids`,
    },
  ];
}
