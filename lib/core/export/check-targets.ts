/** The targets of a release folder: what its templates make of every row, what its trainers are told, what they said. */

import { parseClock } from '../template/strftime.ts';
import { Template, TemplateRefusal } from '../template/template.ts';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { TokenizerRefusal } from '../tokenizer/tokenizer-file.ts';
import { TemplateChecker } from '../training/template-checker.ts';
import { isObject, type JsonObject } from '../trajectory/json.ts';
import type { LookAtRow } from './check-rows.ts';
import { expectRow, isUnseen, type Renderer } from './expectations.ts';
import type { FindingBook } from './findings.ts';
import type { Manifest } from './manifest.ts';
import { readLine } from './read-line.ts';
import type { Row } from './row.ts';
import type { TargetFacts } from './targets.ts';
import { type ReleaseFolder, readAll } from './verify-release.ts';

const ARGS_FILE = 'trainer_args.json';
const VERDICT_FILE = 'dry-run/verdict.json';
const SCRIPT_FILE = 'dry-run/dry_run.py';
const PLAN_FILE = 'eval/plan.json';

async function readText(folder: ReleaseFolder, path: string): Promise<string | null> {
  return folder.paths.includes(path) ? (await readAll(folder.unpacked(path))).toString('utf8') : null;
}

async function readObject(folder: ReleaseFolder, path: string): Promise<JsonObject | null> {
  try {
    const value: unknown = JSON.parse((await readText(folder, path)) ?? 'null');
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** A target of the release as its rows are checked against it. */
export type ReleaseTarget = {
  /** Path of its template. */
  file: string;
  checker: TemplateChecker;
  hasMarkers: boolean;
  /** Looks at one row with the tokenizer; absent where none is shipped. */
  look?: LookAtRow;
};

/** Targets of a release, ready to check its rows against. */
export async function openTargets(
  folder: ReleaseFolder,
  manifest: Manifest,
  book: FindingBook,
): Promise<ReleaseTarget[]> {
  const clock = parseClock(manifest.render?.date ?? '');
  const plan = await readObject(folder, PLAN_FILE);
  const contextMax = isObject(plan?.filter) ? Number(plan.filter.contextMaxTokens) : Number.NaN;
  const targets: ReleaseTarget[] = [];
  for (const facts of (manifest.targets ?? []) as TargetFacts[]) {
    const { path: file } = facts.template;
    const source = await readText(folder, file);
    if (source === null) {
      book.add('R06', file, null, '', 'the template is missing');
      continue;
    }
    const specialTokens = new Map(Object.entries(facts.specialTokens)).set('eos_token', facts.stopToken);
    const checker = new TemplateChecker([{ file, source }], { specialTokens, clock });
    checker.checkTemplates(book);
    const template = compile(source);
    const tokenizer = await readTokenizer(folder, `targets/${facts.name}/tokenizer.json`, book);
    const renderer = template && tokenizer && { template, tokenizer, specialTokens, clock };
    const expected = await readExpected(folder, `targets/${facts.name}/expect.jsonl.gz`);
    targets.push({
      file,
      checker,
      hasMarkers: template?.hasGenerationMarkers ?? false,
      ...(renderer ? { look: lookWith(renderer, expected, contextMax, file) } : {}),
    });
  }
  return targets;
}

function compile(source: string): Template | null {
  try {
    return new Template(source);
  } catch (thrown) {
    if (thrown instanceof TemplateRefusal) return null;
    throw thrown;
  }
}

async function readExpected(folder: ReleaseFolder, path: string): Promise<Map<string, JsonObject>> {
  const lines = ((await readText(folder, path)) ?? '').split('\n').filter((line) => line !== '');
  const rows = lines.map((line) => JSON.parse(line) as JsonObject);
  return new Map(rows.map((row) => [String(row.id), row]));
}

/** Text, tokens and mask of each row must be what the release says; none may be longer than the student takes. */
function lookWith(
  renderer: Renderer,
  expected: ReadonlyMap<string, JsonObject>,
  contextMax: number,
  file: string,
): LookAtRow {
  return (line, report) => {
    const reading = readLine(line);
    if (!reading.ok || !isObject(reading.value)) return;
    const row = reading.value;
    const seen = expectRow(renderer, row as unknown as Row);
    // What a template refuses is said by its own code.
    if (isUnseen(seen)) return;
    if (seen.length > contextMax) report('X07', '', `${seen.length} tokens of ${contextMax}`);
    const due = expected.get(String(row.id));
    const differs = due
      ? Object.entries(seen.expect).find(([key, value]) => JSON.stringify(due[key]) !== JSON.stringify(value))?.[0]
      : 'row';
    if (differs !== undefined) report('R06', '', `${file}: another ${differs} than expected`);
  };
}

async function readTokenizer(folder: ReleaseFolder, path: string, book: FindingBook): Promise<Tokenizer | null> {
  const text = await readText(folder, path);
  if (text === null) return null;
  try {
    return new Tokenizer(text);
  } catch (thrown) {
    if (!(thrown instanceof TokenizerRefusal)) throw thrown;
    book.add('R06', path, null, '', 'the tokenizer can not be read');
    return null;
  }
}

/** Under these arguments no row may be cut, and the loss must be on the assistant alone. */
export async function checkTrainerArgs(
  folder: ReleaseFolder,
  manifest: Manifest,
  targets: readonly ReleaseTarget[],
  book: FindingBook,
): Promise<void> {
  const facts = (manifest.targets ?? []) as TargetFacts[];
  if (facts.length === 0) return;
  const args = await readObject(folder, ARGS_FILE);
  for (const { name, tokens, template } of facts) {
    const told = isObject(args?.targets) ? args.targets[name] : undefined;
    for (const kind of ['sft', 'dpo'] as const) {
      const ofKind = isObject(told) ? told[kind] : undefined;
      const given = isObject(ofKind) && isObject(ofKind.args) ? ofKind.args : {};
      const longest = Math.max(
        0,
        ...Object.keys(tokens)
          .filter((config) => config.startsWith(kind))
          .map((config) => tokens[config]!.max),
      );
      if (longest === 0) continue;
      const path = `/targets/${name}/${kind}/args`;
      if (typeof given.max_length !== 'number' || given.max_length < longest)
        book.add('T11', ARGS_FILE, null, `${path}/max_length`, `the longest row has ${longest} tokens`);
      if (given.truncation_mode !== 'keep_start')
        book.add('T11', ARGS_FILE, null, `${path}/truncation_mode`, 'it is not keep_start');
      if (kind !== 'sft') continue;
      if (given.assistant_only_loss !== true)
        book.add('T12', ARGS_FILE, null, `${path}/assistant_only_loss`, 'it is not true');
      else if (targets.some((target) => target.file === template.path && !target.hasMarkers))
        book.add('X03', template.path, null, '', 'the template has no generation markers');
    }
  }
}

/** A release says what the trainers made of it, or that nobody asked them. */
export async function checkVerdict(folder: ReleaseFolder, manifest: Manifest, book: FindingBook): Promise<void> {
  if (!folder.paths.includes(VERDICT_FILE)) {
    if (folder.paths.includes(SCRIPT_FILE))
      book.add('R07', VERDICT_FILE, null, '', 'the trainers were not asked', 'warning');
    return;
  }
  const verdict = await readObject(folder, VERDICT_FILE);
  const isWaived = manifest.waivers.some(({ gate }) => gate === 'dry_run');
  if (verdict?.pass !== true)
    book.add('R07', VERDICT_FILE, null, '/pass', 'an assertion does not hold', isWaived ? 'warning' : 'error');
}
