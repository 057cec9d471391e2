/**
 * How much of the personal data in public and generated texts is masked. Public sets lie beside the checkout and are
 * skipped when they do not. Each figure stands beside its goal and beside what a plain baseline gets in the same run.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { detectText } from '#lib/core/pii/detect-text.ts';
import { EMPTY_DICTIONARY } from '#lib/core/pii/dictionary.ts';
import { classOf, type PiiType } from '#lib/core/pii/taxonomy.ts';
import { CORPORA, lowered, readCorpus, type Sentence } from '../tagger/sentences.ts';
import type { Figure } from './measure.ts';
import { type Detect, lookAlikes, type Marked, namesMasked, structured, tokens } from './score-spans.ts';

const folder = fileURLToPath(new URL('../../../shared/pii/', import.meta.url));
const config = { dictionary: EMPTY_DICTIONARY, keyOf: (type: string, value: string) => `${type}:${value}` };

const detector =
  (tier: 'auto' | 'suggest'): Detect =>
  (text) =>
    detectText(text, config, tier).map(({ start, end, type }) => ({ start, end, type }));

/** What ten lines of regular expressions find: mailboxes, long numbers, capitalised pairs. */
const baseline: Detect = (text) => {
  const found: Marked[] = [];
  for (const [type, pattern] of [
    ['EMAIL', /[\w.+-]+@[\w-]+\.[\w.]+/g],
    ['PHONE', /\+?\d[\d ().-]{7,}\d/g],
    ['SECRET', /\b[A-Za-z0-9_-]{24,}\b/g],
    ['PERSON', /\b[A-Z][a-z]+ [A-Z][a-z]+\b/g],
  ] as const)
    for (const match of text.matchAll(pattern))
      found.push({
        start: [...text.slice(0, match.index)].length,
        end: [...text.slice(0, match.index + match[0].length)].length,
        type,
      });
  return found;
};

const percent = (name: string, value: number, goal: string, plain?: number): Figure => ({
  name,
  value: value * 100,
  unit: '%',
  note: `goal ${goal}${plain === undefined ? '' : `; plain patterns ${(plain * 100).toFixed(1)} %`}`,
});

type Case = { text: string; spans: Marked[]; meta: { positive?: boolean } };
const rowsOf = (file: string): Case[] =>
  readFileSync(`${folder}${file}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);

const points = ({ text, spans }: Sentence): Case => {
  const at = (unit: number): number => [...text.slice(0, unit)].length;
  return { text, spans: spans.map(({ start, end, type }) => ({ start: at(start), end: at(end), type })), meta: {} };
};

export async function benchPrivacy(): Promise<Figure[]> {
  const figures: Figure[] = [];
  const auto = detector('auto');
  const both = detector('suggest');
  if (existsSync(folder)) {
    const held = (name: string): Sentence[] =>
      readCorpus(folder, CORPORA.find((corpus) => corpus.name === name)!).filter((sentence) => sentence.held);
    const synth = held('presidio-synth').map(points);
    const plain = tokens(synth, baseline);
    for (const [tier, detect] of [
      ['auto', auto],
      ['both tiers', both],
    ] as const) {
      const { f2, precision, whole } = tokens(synth, detect);
      figures.push(
        percent(`presidio-synth, templates not trained on, ${tier}: token F2`, f2, '93', plain.f2),
        percent(`presidio-synth, ${tier}: token precision`, precision, '92', plain.precision),
        percent(`presidio-synth, ${tier}: spans masked whole`, whole, '90', plain.whole),
      );
    }
    for (const [name, goals] of [
      ['wikigold', ['92', '97']],
      ['wnut17', ['72', '-']],
      ['sec-fin5', ['-', '-']],
    ] as const) {
      const texts = held(name).map(points);
      const base = namesMasked(texts, baseline, 'PERSON');
      for (const [n, [tier, detect]] of (
        [
          ['auto', auto],
          ['both tiers', both],
        ] as const
      ).entries()) {
        const person = namesMasked(texts, detect, 'PERSON');
        figures.push(
          percent(`${name}, held out, ${tier}: PERSON masked whole`, person.whole, goals[n]!, base.whole),
          percent(
            `${name}, ${tier}: PERSON precision`,
            person.precision,
            name === 'wnut17' && n === 0 ? '50' : '-',
            base.precision,
          ),
        );
        if (name === 'wikigold') {
          const { characterPrecision, allWhole } = tokens(texts, detect);
          figures.push(
            percent(`${name}, ${tier}: all names masked whole`, allWhole, n === 0 ? '68' : '85'),
            percent(`${name}, ${tier}: characters masked that are names`, characterPrecision, n === 0 ? '88' : '75'),
          );
        }
      }
    }
    for (const name of ['wikigold', 'wnut17']) {
      const low = namesMasked(held(name).map(lowered).map(points), auto, 'PERSON');
      figures.push(
        percent(`${name} in small letters, auto: PERSON touched`, low.touched, '70'),
        percent(`${name} in small letters, auto: PERSON precision`, low.precision, '85'),
      );
    }
    const numbered = new Set<string>(['EMAIL', 'PHONE', 'PAYMENT_CARD', 'BANK_ACCOUNT', 'GOV_ID', 'IP']);
    for (const file of ['presidio-synth/dev.jsonl', 'datafog/cases.jsonl']) {
      const { recall, precision } = structured(rowsOf(file), auto, numbered);
      figures.push(
        percent(`structured identifiers, ${file.split('/')[0]}: recall`, recall, '99'),
        percent(`structured identifiers, ${file.split('/')[0]}: precision`, precision, '97'),
      );
    }
    for (const file of ['gitleaks', 'secretlint']) {
      const rows = rowsOf(`${file}/cases.jsonl`);
      const ours = lookAlikes(rows, auto);
      const theirs = lookAlikes(rows, baseline);
      figures.push(
        percent(`secrets, ${file}: found`, ours.found, '95', theirs.found),
        percent(`secrets, ${file}: look-alikes flagged`, ours.flagged, 'at most 2', theirs.flagged),
      );
    }
  }
  figures.push(...agentLog(auto, both));
  return figures;
}

/** Our own benchmark, the part that is kept for measuring. */
function agentLog(auto: Detect, both: Detect): Figure[] {
  const rows = readFileSync(new URL('../../docs/agentlog-pii/test.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);
  const direct = new Set(
    rows.flatMap(({ spans }) => spans.map(({ type }) => type)).filter((type) => classOf(type as PiiType) === 'direct'),
  );
  const secret = new Set(['SECRET']);
  const numbered = new Set([
    'EMAIL',
    'PHONE',
    'PAYMENT_CARD',
    'BANK_ACCOUNT',
    'GOV_ID',
    'IP',
    'DEVICE_ID',
    'ACCOUNT_ID',
    'URL',
    'GEO',
    'VEHICLE_ID',
    'HEALTH_ID',
    'CRYPTO_WALLET',
  ]);
  const clean = rows.filter(({ spans }) => spans.length === 0);
  const base = structured(rows, baseline, numbered);
  const shares = structured(rows, auto, numbered);
  return [
    percent('AgentLog-PII, auto: structured identifiers, recall', shares.recall, '99', base.recall),
    percent('AgentLog-PII, auto: structured identifiers, precision', shares.precision, '97', base.precision),
    percent(
      'AgentLog-PII, auto: secrets, recall',
      structured(rows, auto, secret).recall,
      '95',
      structured(rows, baseline, secret).recall,
    ),
    percent(
      'AgentLog-PII, auto: PERSON masked whole',
      namesMasked(rows, auto, 'PERSON').whole,
      '-',
      namesMasked(rows, baseline, 'PERSON').whole,
    ),
    percent('AgentLog-PII, both tiers: PERSON masked whole', namesMasked(rows, both, 'PERSON').whole, '-'),
    percent('AgentLog-PII, both tiers: direct identifiers masked whole', structured(rows, both, direct).recall, '-'),
    percent(
      'AgentLog-PII, auto: lines without personal data that are changed',
      clean.filter(({ text }) => auto(text).length > 0).length / clean.length,
      '-',
      clean.filter(({ text }) => baseline(text).length > 0).length / clean.length,
    ),
  ];
}
