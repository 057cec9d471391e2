/**
 * A small classifier of units, trained on what people tagged: multinomial naive Bayes over words and tool names
 * (`bayes@1`). It is never surer than its labels: its accuracy is measured on labels it did not see, beside that of
 * always guessing the most frequent one, and both are shown wherever it is used.
 */
import { seededRandom } from '../stats/random.ts';
import { type Share, wilson } from '../stats/wilson.ts';

export const CLASSIFIER = 'bayes@1';

export type Labelled = { words: readonly string[]; label: string };
/** Plain data: what is stored is what is used. */
export type Model = {
  kind: typeof CLASSIFIER;
  labels: string[];
  /** Log share of each label. */
  priors: number[];
  /** Log share of each known word in the labels, in their order. */
  words: { [word: string]: number[] };
  /** Log share of a word that a label never had. */
  unseen: number[];
};

/** Fewer labelled units than this teach nothing worth showing. */
export const FEWEST_LABELLED = 20;
const FOLDS = 5;
/** Words of one unit beyond these change nothing. */
const MOST_WORDS = 400;
/** A word that stands in one unit only is its own name, not a sign of its kind. */
const FEWEST_UNITS = 2;

/** What of a text is looked at: words in lower case, without placeholders' numbers and bare digits. */
export function wordsFor(text: string, tools: readonly string[]): string[] {
  const plain = text
    .slice(0, 20_000)
    .replace(/\[([A-Z][A-Z0-9_]*)_[0-9]+\]/g, ' ')
    .toLowerCase();
  const words = plain.match(/\p{L}[\p{L}\p{M}]+/gu) ?? [];
  return [...new Set([...words.slice(0, MOST_WORDS), ...tools.map((tool) => `tool:${tool}`)])];
}

export function trainModel(rows: readonly Labelled[]): Model {
  const labels = [...new Set(rows.map(({ label }) => label))].sort();
  const at = new Map(labels.map((label, index) => [label, index]));
  const perLabel = labels.map(() => 0);
  const counts = new Map<string, number[]>();
  for (const { words, label } of rows) {
    const index = at.get(label)!;
    perLabel[index]!++;
    for (const word of words) {
      const of = counts.get(word) ?? labels.map(() => 0);
      of[index]!++;
      counts.set(word, of);
    }
  }
  const kept = [...counts].filter(([, of]) => of.reduce((sum, count) => sum + count, 0) >= FEWEST_UNITS);
  const totals = labels.map((_, index) => kept.reduce((sum, [, of]) => sum + of[index]!, 0));
  const logShare = (count: number, index: number) =>
    Math.log((count + 0.5) / (totals[index]! + 0.5 * (kept.length + 1)));
  return {
    kind: CLASSIFIER,
    labels,
    priors: perLabel.map((count) => Math.log(count / rows.length)),
    words: Object.fromEntries(
      kept
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([word, of]) => [word, of.map((count, index) => logShare(count, index))]),
    ),
    unseen: labels.map((_, index) => logShare(0, index)),
  };
}

export type Guess = { label: string; confidence: number };

/** @returns the most likely label with its share of the likelihood; null for a text of which no word is known */
export function guess(model: Model, words: readonly string[]): Guess | null {
  const known = words.filter((word) => Object.hasOwn(model.words, word));
  if (known.length === 0 || model.labels.length === 0) return null;
  // Words of one text hang together; counting each fully would make every guess look certain.
  const damp = 1 / Math.sqrt(known.length);
  const scores = model.labels.map(
    (_, index) => model.priors[index]! + damp * known.reduce((sum, word) => sum + model.words[word]![index]!, 0),
  );
  const most = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - most));
  const best = scores.indexOf(most);
  return { label: model.labels[best]!, confidence: weights[best]! / weights.reduce((sum, weight) => sum + weight, 0) };
}

export type Accuracy = {
  labelled: number;
  /** Guessed right on labels that were not trained on. */
  right: Share;
  /** Always saying the most frequent label. */
  majority: number;
  perLabel: { label: string; labelled: number; right: number }[];
};

/** Five-fold: every label is guessed by a model that did not see it. @param seed decides the folds */
export function measureAccuracy(rows: readonly Labelled[], seed: number): Accuracy {
  const chance = seededRandom(seed);
  const folds = rows.map((_, n) => n % FOLDS);
  for (let i = folds.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    [folds[i], folds[j]] = [folds[j]!, folds[i]!];
  }
  const isRight = rows.map(() => false);
  for (let fold = 0; fold < FOLDS; fold++) {
    const train = rows.filter((_, n) => folds[n] !== fold);
    if (train.length === 0) continue;
    const model = trainModel(train);
    for (const [n, { words, label }] of rows.entries())
      if (folds[n] === fold) isRight[n] = guess(model, words)?.label === label;
  }
  const byLabel = Map.groupBy(
    rows.map((row, n) => ({ label: row.label, isRight: isRight[n]! })),
    ({ label }) => label,
  );
  const perLabel = [...byLabel]
    .map(([label, of]) => ({ label, labelled: of.length, right: of.filter((one) => one.isRight).length }))
    .sort((a, b) => b.labelled - a.labelled || (a.label < b.label ? -1 : 1));
  return {
    labelled: rows.length,
    right: wilson(isRight.filter(Boolean).length, rows.length),
    majority: rows.length === 0 ? 0 : perLabel[0]!.labelled / rows.length,
    perLabel,
  };
}
