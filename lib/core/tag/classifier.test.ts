import { describe, expect, it } from 'vitest';
import { seededRandom } from '../stats/random.ts';
import { guess, type Labelled, measureAccuracy, trainModel, wordsFor } from './classifier.ts';

const SAID = {
  refunds: 'refund money back returned paid amount bank',
  shipping: 'parcel courier tracking delivered late address driver',
  account: 'password login email locked profile username sign',
};
const chance = seededRandom(11);
const pick = (words: string) => words.split(' ')[Math.floor(chance() * words.split(' ').length)]!;
const rows: Labelled[] = Object.entries(SAID).flatMap(([label, words]) =>
  Array.from({ length: label === 'refunds' ? 40 : 20 }, () => ({
    label,
    words: wordsFor(`please help ${pick(words)} ${pick(words)} ${pick(words)} now thanks`, []),
  })),
);

describe('a classifier of units', () => {
  it('learns what people tagged, and says how sure it is', () => {
    const model = trainModel(rows);
    expect(guess(model, wordsFor('The courier lost my parcel', []))).toMatchObject({ label: 'shipping' });
    const [sure, unsure] = ['password and login locked', 'please help with the refund of a late parcel'].map(
      (text) => guess(model, wordsFor(text, []))!.confidence,
    );
    expect(sure).toBeGreaterThan(unsure!);
    expect(guess(model, ['zzz'])).toBeNull();
  });
  it('is measured on labels that it did not see, beside guessing the most frequent one', () => {
    const accuracy = measureAccuracy(rows, 1);
    expect(accuracy).toMatchObject({ labelled: 80, majority: 0.5 });
    expect(accuracy.right.value).toBeGreaterThan(0.9);
    expect(accuracy.right.low).toBeLessThan(accuracy.right.value);
    expect(accuracy.perLabel.map(({ label, labelled }) => [label, labelled])).toEqual([
      ['refunds', 40],
      ['account', 20],
      ['shipping', 20],
    ]);
    expect(measureAccuracy(rows, 1)).toEqual(accuracy);
  });
  it('learns nothing from labels that follow from nothing', () => {
    const noise = rows.map((row, n) => ({ ...row, label: n % 2 ? 'a' : 'b' }));
    const { right } = measureAccuracy(noise, 1);
    expect(right.low).toBeLessThan(0.5);
    expect(right.high).toBeGreaterThan(0.4);
  });
  it('survives being stored, and reads tools beside words', () => {
    const tools = [
      ...rows,
      ...Array.from({ length: 20 }, () => ({ label: 'travel', words: wordsFor('please help', ['book_flight']) })),
    ];
    const model = JSON.parse(JSON.stringify(trainModel(tools)));
    expect(guess(model, wordsFor('help me', ['book_flight']))?.label).toBe('travel');
    expect(wordsFor('I am [PERSON_1], order 4711', [])).toEqual(['am', 'order']);
  });
});
