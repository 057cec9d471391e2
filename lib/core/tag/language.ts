/**
 * Which language people speak in a unit, `lang@1`: script first, then everyday words. Seven languages of the Latin script are told
 * apart; `other` is a language that we see but don't know, `und` is too little to tell. Placeholders, code, addresses
 * and numbers are left out, so a redacted text gives the same answer as its original.
 */
import { PLACEHOLDER } from '../pii/taxonomy.ts';

export const LANG_RULE = 'rule:lang@1';
const LATIN = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl'] as const;
type Latin = (typeof LATIN)[number];
export type Language = Latin | 'zh' | 'ja' | 'ko' | 'el' | 'he' | 'th' | 'other' | 'und';

/** Words that stand in almost every sentence. A word shared by several languages counts a share for each. */
const EVERYDAY: Record<Latin, string> = {
  en: 'the and is are was were be been of to in for on with that this it you your i my me we our they have has had do does did not can could will would should what how when where why which who from at by or if as but an there please hello hi thanks thank',
  de: 'der die das und ist sind war waren ein eine einen einem einer nicht ich du sie er es wir ihr mein meine meinen dein ihre ihren mit für auf von zu zum zur im den dem des auch aber oder wenn wie was wo warum wann welche kann können möchte habe haben hat bitte danke hallo noch schon nur sehr wird werden bei nach aus dass kein keine',
  fr: 'le la les un une des et est sont était de du dans pour sur avec que qui ce cette ces je tu il elle nous vous ils mon ma mes votre vos notre ne pas plus au aux en par ou où si mais comme quand comment pourquoi quel quelle avez avoir ai suis être peut pouvez bonjour merci très tout',
  es: 'el la los las un una unos y es son era de del en para por con que qué quién este esta esto yo tú él ella nosotros mi mis su sus tu no sí se lo le al o pero como cómo cuando cuándo dónde cuál tengo tiene puede puedo quiero está están hola gracias muy más hay fue usted',
  pt: 'o a os as um uma e é são era de do da dos das no na nos nas em para por com que quem este esta isto eu você ele ela nós meu minha seu sua não sim se ao ou mas como quando onde qual tenho tem pode posso quero está estão olá obrigado obrigada muito mais foi pelo pela',
  it: 'il lo la i gli le un una uno e è sono era di del della dei nel nella in per su con che chi questo questa io tu lui lei noi voi mio mia suo sua non sì si ma o come quando dove quale perché ho ha hai può posso vorrei ciao grazie buongiorno molto più alla al dal anche',
  nl: 'de het een en is zijn was waren van in op te voor met dat die dit ik jij je hij zij we wij mijn uw jouw niet ook maar of als hoe wat waar waarom wanneer welke kan kunnen wil heb hebben heeft er naar bij uit aan nog wel geen graag hallo bedankt dank moet zal deze',
};
const WORDS = new Map<string, Latin[]>();
for (const language of LATIN) {
  for (const word of EVERYDAY[language].split(' ')) WORDS.set(word, [...(WORDS.get(word) ?? []), language]);
}

/** Letters that one of the seven writes and the others hardly do. */
const TELLING: [RegExp, Latin][] = [
  [/[äöüß]/g, 'de'],
  [/[ñ¿¡]/g, 'es'],
  [/[ãõ]/g, 'pt'],
  [/[œêûî]/g, 'fr'],
];

/** More of the text changes nothing, and keeps a book-long unit cheap. */
const MAX_CHARACTERS = 20_000;
const MIN_WEIGHT = 1.5;
const MIN_SHARE = 0.12;
const MIN_LEAD = 1.2;

const strip = (text: string): string =>
  text
    .slice(0, MAX_CHARACTERS)
    .replace(PLACEHOLDER, ' ')
    .replace(/```[^`]*(?:```|$)/g, ' ')
    .replace(/`[^`\n]*`/g, ' ')
    .replace(/\bhttps?:\/\/\S+/g, ' ')
    .replace(/<[^<>]{1,200}>/g, ' ')
    .toLowerCase();

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

function detectByScript(text: string): Language | undefined {
  const latin = count(text, /\p{Script=Latin}/gu);
  const kana = count(text, /[\p{Script=Hiragana}\p{Script=Katakana}]/gu);
  const scripts: [Language, number][] = [
    ['ja', kana > 0 ? kana + count(text, /\p{Script=Han}/gu) : 0],
    ['zh', kana > 0 ? 0 : count(text, /\p{Script=Han}/gu)],
    ['ko', count(text, /\p{Script=Hangul}/gu)],
    ['el', count(text, /\p{Script=Greek}/gu)],
    ['he', count(text, /\p{Script=Hebrew}/gu)],
    ['th', count(text, /\p{Script=Thai}/gu)],
    [
      'other',
      count(text, /[\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}]/gu),
    ],
  ];
  const [best, letters] = scripts.reduce((a, b) => (b[1] > a[1] ? b : a));
  // A wide character says about as much as two and a half Latin letters.
  const weight = best === 'zh' || best === 'ja' || best === 'ko' ? letters * 2.5 : letters;
  return letters >= 2 && weight > latin ? best : undefined;
}

export function detectLanguage(text: string): Language {
  const stripped = strip(text);
  const byScript = detectByScript(stripped);
  if (byScript) return byScript;
  const words = stripped.match(/\p{L}+/gu) ?? [];
  if (words.length === 0) return 'und';
  const weights = new Map<Latin, number>(LATIN.map((language) => [language, 0]));
  const add = (language: Latin, weight: number) => weights.set(language, (weights.get(language) ?? 0) + weight);
  for (const word of words) {
    const languages = WORDS.get(word);
    for (const language of languages ?? []) add(language, 1 / languages!.length);
  }
  for (const [letters, language] of TELLING) add(language, Math.min(2, count(stripped, letters) * 0.5));
  const ranked = [...weights].sort((a, b) => b[1] - a[1]);
  const [language, weight] = ranked[0]!;
  const runnerUp = ranked[1]![1];
  if (weight >= MIN_WEIGHT && weight / words.length >= MIN_SHARE && weight >= runnerUp * MIN_LEAD) return language;
  // Plenty of words and hardly one that any of the seven uses: a language of the Latin script that is not among them.
  return words.length >= 20 && weight / words.length < 0.06 ? 'other' : 'und';
}
