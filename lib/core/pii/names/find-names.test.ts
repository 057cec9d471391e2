import { describe, expect, it } from 'vitest';
import { findNames } from './find-names.ts';
import { nameFlags, packWords, unpackWords } from './gazetteer.ts';
import { NAME_LIST } from './name-list.ts';

const people = (text: string, from = 0.6, key = ''): string[] =>
  findNames(text, key)
    .filter((hit) => hit.type === 'PERSON' && hit.score >= from)
    .map((hit) => text.slice(hit.start, hit.end));

describe('names that are masked at once', () => {
  it.each([
    ['Please call Mara Quist about it', ['Mara Quist']],
    ['spoke with Dr. Quist and Ms Holt today', ['Dr. Quist', 'Ms Holt']],
    ['my name is Anneliese', ['Anneliese']],
    ['Hi Priya, thanks for waiting', ['Priya']],
    ['Regards,\nThomas', ['Thomas']],
    ['signed by M. Quist', ['M. Quist']],
    ['we met Ludwig van der Berg there', ['Ludwig van der Berg']],
    ['Nguyễn Văn Minh kam gestern', ['Nguyễn Văn Minh']],
    ["That was O'Brien's idea, said Siobhan O'Brien", ["Siobhan O'Brien"]],
    ['hi im mara quist call me', ['mara quist']],
    ['CV_Anna_Schmidt_2026.pdf', ['Anna_Schmidt']],
    ['C:\\Users\\Anna Schmidt\\offer.docx', ['Anna Schmidt']],
    ['田中太郎さんに連絡', ['田中太郎']],
    ['спасибо, Анна Иванова ответила', ['Анна Иванова']],
  ])('%s', (text, names) => {
    expect(people(text)).toEqual(names);
  });

  it.each([
    ['{"author":…}', 'Zorblat Quindle', 'author', ['Zorblat Quindle']],
    ['{"first_name":…}', 'mara', 'first_name', ['mara']],
    ['{"name":…} of a tool', 'get_weather', 'name', []],
    ['{"name":…} of a person', 'Mara Quist', 'name', ['Mara Quist']],
  ])('%s', (_, text, key, names) => {
    expect(people(text, 0.6, key)).toEqual(names);
  });
});

describe('what is no name', () => {
  it.each([
    'The Database Server Returned An Error On Monday',
    'import { Button } from "react"; const Foo = new Bar(Baz)',
    'Use Times New Roman with Python, Redis and Docker on Linux',
    'HTTP/1.1 404 Not Found, Content-Type: text/html',
    'It will rain in May; the rose may bloom, hope so, mark my words',
    'Thanks, will do! Sorry, grace period over.',
    'git commit -m "Fix Bug In Parser"',
  ])('%s', (text) => {
    expect(people(text)).toEqual([]);
  });

  it('places and firms are told apart from people', () => {
    const kinds = findNames('She moved to Berlin and works at Tallow Holdings Ltd').map((hit) => hit.type);
    expect(kinds).toEqual(['LOCATION', 'ORG']);
  });
});

describe('the gazetteer', () => {
  it('packs and unpacks', () => {
    const words = new Map([
      ['anna', 63],
      ['annalena', 1],
      ["o'brien", 14],
      ['山田', 2],
    ]);
    expect(unpackWords(packWords(words))).toEqual(new Map([...words].sort(([a], [b]) => (a < b ? -1 : 1))));
  });

  it('holds every word of its list with its flags, and no others', () => {
    let wrong = 0;
    for (const [word, flags] of unpackWords(NAME_LIST))
      if (nameFlags(word) !== flags || nameFlags(`${word}\ue000`) !== 0) wrong++;
    expect(wrong).toBe(0);
  });

  it('knows a given name from a word', () => {
    expect(nameFlags('priya') & 1).toBe(1);
    expect(nameFlags('server') & 16).toBe(16);
    expect(nameFlags('mara') & 16).toBe(0);
  });
});
