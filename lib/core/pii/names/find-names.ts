/**
 * Names of people by gazetteer, context and capitals, without training. `auto` asks for two agreeing signs (a given name
 * and a surname, a title, a cue); a single sign is a suggestion. The tagger reads what is found here, and decides.
 */
import { SUGGEST_FROM } from '../span.ts';
import type { PiiType } from '../taxonomy.ts';
import { findCaselessNames } from './caseless.ts';
import {
  AFTER,
  BEFORE_STRONG,
  BEFORE_WEAK,
  LEGAL_FORMS,
  LOOSE_TITLES,
  NOT_NAMES,
  ORG_WORDS,
  PARTICLES,
  PLACE_WORDS,
  TITLES,
} from './cues.ts';
import { isPlace, NAME_FLAGS, nameFlagsIn } from './gazetteer.ts';
import { scoreKeyedName } from './keyed.ts';
import {
  acts,
  besideName,
  CUE_REACH,
  endsAsNameIs,
  gapOf,
  hasCue,
  inAddress,
  inCell,
  isBlank,
  isGlued,
  isVocative,
  NAME_IS,
  startsSentence,
  wordAfter,
  wordBefore,
} from './surroundings.ts';
import {
  isGiven,
  isMaybeGiven,
  isNameLike,
  isRareWord,
  isSeen,
  isUnknown,
  isWord,
  type Token,
  tokensOf,
} from './tokens.ts';

/** UTF-16 offsets, half open. */
export type NameHit = { start: number; end: number; type: PiiType; score: number; subtype: string };

/** @param key nearest object key above the text, '' when there is none */
export function findNames(text: string, key = '', tokens: readonly Token[] = tokensOf(text)): NameHit[] {
  const hits: NameHit[] = [];
  if (tokens.length === 0) return hits;
  const keyed = scoreKeyedName(text, tokens, key);
  if (keyed !== undefined) return [keyed];
  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i]!;
    if (token.shape === 'lower') {
      const hit = lowerCaseName(text, tokens, i);
      if (hit !== undefined) hits.push(hit);
      i++;
    } else if (token.shape === 'caseless') i++;
    else {
      const end = endOfRun(text, tokens, i);
      scoreRun(text, tokens, i, end, hits);
      i = end;
    }
  }
  if (tokens.some((token) => token.shape === 'caseless')) hits.push(...findCaselessNames(text, tokens));
  return hits;
}

/** Blanks, a dot behind an initial or title, emphasis marks, an underscore in a file name. */
function joins(text: string, a: Token, b: Token): boolean {
  if (a.end !== a.endAll) return false;
  const gap = gapOf(text, a, b);
  if (isBlank(gap)) return true;
  if (gap === '_' || gap === '** _' || gap === '_ _' || gap === '* *') return true;
  if (gap === '. ' || gap === '.') return a.shape === 'initial' || (gap === '. ' && TITLES.has(a.folded));
  return false;
}

/** Exclusive end of the run of capitalised tokens that starts at i; particles in lower case may stand inside. */
function endOfRun(text: string, tokens: readonly Token[], i: number): number {
  let end = i + 1;
  while (end < tokens.length && joins(text, tokens[end - 1]!, tokens[end]!)) {
    const token = tokens[end]!;
    if (token.shape === 'lower') {
      let after = end;
      while (after < tokens.length && tokens[after]!.shape === 'lower' && PARTICLES.has(tokens[after]!.folded)) {
        if (!joins(text, tokens[after - 1]!, tokens[after]!)) break;
        after++;
      }
      const next = tokens[after];
      if (after === end || after - end > 2 || next === undefined || next.shape === 'lower') break;
      if (!joins(text, tokens[after - 1]!, next)) break;
      end = after + 1;
    } else if (token.shape === 'caseless') break;
    else end++;
  }
  return end;
}

const isTitle = (token: Token): boolean => TITLES.has(token.folded);
function scoreRun(text: string, tokens: readonly Token[], from: number, to: number, hits: NameHit[]): void {
  let start = from;
  let titled = false;
  // Leading words that only stand there because a sentence or a heading starts: "Ask Will", "Contact Mara Quist".
  while (start < to) {
    const token = tokens[start]!;
    if (isTitle(token) && start + 1 < to && !NOT_NAMES.has(tokens[start + 1]!.folded)) {
      if (!LOOSE_TITLES.has(token.folded) || start + 2 < to || token.shape !== 'upper') titled = true;
      break;
    }
    if (!isDull(token) || isPlace(joinedWords(tokens, start, to))) break;
    start++;
  }
  let end = to;
  if (!isPlace(joinedWords(tokens, start, end)))
    while (end > start && isDull(tokens[end - 1]!) && !(end - 1 > start && canBeSurname(tokens[end - 1]!))) end--;
  if (end <= start) return;
  const first = tokens[start]!;
  const last = tokens[end - 1]!;
  const words = tokens
    .slice(titled ? start + 1 : start, end)
    .filter((t) => !(t.shape === 'lower' && PARTICLES.has(t.folded)));
  if (words.length === 0) return;
  const joined = joinedWords(tokens, start, end);
  if (words.some((t) => ORG_WORDS.has(t.folded)) || ORG_WORDS.has(wordAfter(text, tokens, end))) {
    scoreOrg(text, tokens, start, end, hits);
    return;
  }
  const cue = hasCue(text, first.start) || BEFORE_STRONG.has(wordBefore(text, tokens, start));
  if (!cue && !titled && isPlace(joined)) {
    scorePlace(text, tokens, start, end, hits);
    return;
  }
  const glued = isGlued(text, first.start, last.end) && !isFileOrPath(text, first.start, last.end, words.length);
  const score = glued ? 0 : rounded(scoreWords(text, tokens, start, end, words, titled, cue));
  if (score >= SUGGEST_FROM)
    hits.push({ start: first.start, end: last.end, type: 'PERSON', score: Math.min(score, 0.95), subtype: 'name' });
  if (words.length === 1 && score >= 0.6) swappedName(text, tokens, end, hits);
}

/** No place of the gazetteer has more words; looking further would cost the square of a long run's length. */
const MAX_PLACE_WORDS = 8;
const joinedWords = (tokens: readonly Token[], start: number, end: number): string =>
  end - start > MAX_PLACE_WORDS
    ? ''
    : end - start === 1
      ? tokens[start]!.folded
      : tokens
          .slice(start, end)
          .map((token) => token.folded)
          .join(' ');

/** Sums of tenths, without what binary fractions add. */
const rounded = (score: number): number => Math.round(score * 100) / 100;

/** "CV_Mara_Quist_2026.pdf" and "Users\Mara Quist\Desktop" hold names of two words. */
const isFileOrPath = (text: string, start: number, end: number, words: number): boolean =>
  words >= 2 && /[\\/_]/.test((text[start - 1] ?? '') + (text[end] ?? '')) && !/[=({<]/.test(text[end] ?? '');

/** "CV_Anna_Schmidt", "FAQ", "VIP Anna". */
const MAX_ACRONYM = 4;

/** Stands in capitals for another reason than being a name. */
function isDull(token: Token): boolean {
  if (token.shape === 'initial') return token.folded === 'i' || token.folded === 'a';
  if (NOT_NAMES.has(token.folded)) return true;
  if (token.shape === 'upper' && token.folded.length <= MAX_ACRONYM && !isNameLike(token)) return true;
  if (BEFORE_WEAK.has(token.folded) || BEFORE_STRONG.has(token.folded)) return !isMaybeGiven(token);
  return isWord(token) && !isMaybeGiven(token);
}
const canBeSurname = (token: Token): boolean =>
  !NOT_NAMES.has(token.folded) && (token.flags & 0b1110) !== 0 && token.shape !== 'initial';

function scoreWords(
  text: string,
  tokens: readonly Token[],
  start: number,
  end: number,
  words: readonly Token[],
  titled: boolean,
  cue: boolean,
): number {
  const first = words[0]!;
  const last = words.at(-1)!;
  const before = wordBefore(text, tokens, start);
  const after = wordAfter(text, tokens, end);
  const upper = words.every((t) => t.shape === 'upper');
  if (titled) return words.every(isWord) && !words.some(isMaybeGiven) && words.length > 2 ? 0.4 : 0.85;
  if (words.length === 1) {
    if (first.shape === 'initial' || NOT_NAMES.has(first.folded)) return 0;
    if (upper && !isNameLike(first) && !cue) return 0;
    let score = isGiven(first) ? 0.6 : isMaybeGiven(first) ? 0.3 : isNameLike(first) ? 0.4 : isSeen(first) ? 0.3 : 0.1;
    if (isRareWord(first)) score -= 0.05;
    if (PLACE_WORDS.has(first.folded) || isPlace(first.folded)) score -= 0.2;
    if (startsSentence(text, first.start) && !inCell(text, first.start)) score -= isGiven(first) ? 0.05 : 0.15;
    if (upper) score -= 0.2;
    if (cue) score += isWord(first) ? 0.25 : 0.5;
    else if (BEFORE_WEAK.has(before)) score += isWord(first) ? 0.05 : 0.1;
    if (acts(text, tokens, end, after)) score += 0.15;
    if (besideName(text, tokens, start, end)) score += 0.1;
    if (inAddress(text, first.start, last.end)) score -= 0.25;
    if (text.slice(last.end, last.endAll).length > 1 && !isWord(first)) score += 0.1;
    if (isVocative(text, first, last, before)) score += isWord(first) ? 0.3 : 0.35;
    return score;
  }
  if (words.length > 4) return 0.3;
  let score = 0;
  const surname = (t: Token): boolean => isNameLike(t) || isSeen(t) || isUnknown(t);
  if (first.shape === 'initial')
    score = surname(last) && last.shape !== 'initial' ? 0.65 : isMaybeGiven(last) ? 0.4 : 0;
  else if (isGiven(first))
    score = surname(last) ? 0.85 : canBeSurname(last) ? 0.7 : last.shape === 'initial' ? 0.65 : 0.35;
  else if (isMaybeGiven(first)) score = surname(last) ? 0.65 : canBeSurname(last) ? 0.35 : 0.2;
  else if (isNameLike(first)) score = isNameLike(last) ? 0.6 : surname(last) ? 0.5 : 0.3;
  else if (isSeen(first)) score = isGiven(last) ? 0.6 : isNameLike(last) ? 0.5 : surname(last) ? 0.4 : 0.25;
  else if (isUnknown(first)) score = isGiven(last) ? 0.5 : isNameLike(last) ? 0.5 : surname(last) ? 0.35 : 0.2;
  if (words.some((t) => PLACE_WORDS.has(t.folded))) score -= 0.4;
  if (words.some((t) => NOT_NAMES.has(t.folded))) score -= 0.3;
  if (inAddress(text, first.start, last.end)) score -= 0.25;
  if (isPlace(last.folded) && !isGiven(first)) score -= 0.15;
  if (upper) score -= 0.1;
  if (cue) score += 0.3;
  else if (BEFORE_WEAK.has(before) || AFTER.has(after)) score += 0.05;
  return score;
}

/** "Quist, Mara": the given name stands behind the comma. */
function swappedName(text: string, tokens: readonly Token[], end: number, hits: NameHit[]): void {
  const next = tokens[end];
  const hit = hits.at(-1);
  if (next === undefined || hit === undefined || text.slice(hit.end, next.start) !== ', ') return;
  if (next.shape !== 'lower' && isGiven(next)) hit.end = next.end;
}

function scoreOrg(text: string, tokens: readonly Token[], start: number, end: number, hits: NameHit[]): void {
  const after = tokens[end];
  const legal =
    after !== undefined && LEGAL_FORMS.has(after.folded) && isBlank(text.slice(tokens[end - 1]!.endAll, after.start));
  const stop = legal ? end + 1 : end;
  const run = tokens.slice(start, stop);
  if (run.length < 2) return;
  const score = run.some((t) => LEGAL_FORMS.has(t.folded)) ? 0.65 : 0.4;
  hits.push({ start: run[0]!.start, end: run.at(-1)!.end, type: 'ORG', score, subtype: 'organisation' });
}

const LIVES =
  /(?:\b(?:live|lives|living|lived|born|based|moved|moving|located|flat|home|office|from|staying|stay|resident|citizen)(?: [a-z]+)?(?: in| to| at| of| near)|\bfrom|\bcity\s?[:=]|\btown\s?[:=])\s*$/i;
function scorePlace(text: string, tokens: readonly Token[], start: number, end: number, hits: NameHit[]): void {
  const first = tokens[start]!;
  const before = wordBefore(text, tokens, start);
  const lives = LIVES.test(text.slice(Math.max(0, first.start - 30), first.start));
  if (!lives && !/^(?:in|at|near|to|from|of|around|via|visit|visiting|towards)$/.test(before)) return;
  hits.push({
    start: first.start,
    end: tokens[end - 1]!.end,
    type: 'LOCATION',
    score: lives ? 0.65 : 0.4,
    subtype: 'place',
  });
}

/** One look at the text as it stands tells most words apart; accents and double names are looked at closer. */
function mayBeGiven(text: string, token: Token): boolean {
  const flags = nameFlagsIn(text, token.start, token.end);
  if (flags !== 0) return (flags & NAME_FLAGS.first) !== 0 && (flags & NAME_FLAGS.common) === 0;
  for (let i = token.start; i < token.end; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127 || unit === 0x2d || unit === 0x27) return true;
  }
  return false;
}

/** "hi im mara quist": a given name in lower case, with a surname or a cue. */
function lowerCaseName(text: string, tokens: readonly Token[], i: number): NameHit | undefined {
  const token = tokens[i]!;
  const told =
    i > 0 &&
    endsAsNameIs(text, tokens[i - 1]!) &&
    NAME_IS.test(text.slice(Math.max(0, token.start - CUE_REACH), token.start));
  if (!told && !mayBeGiven(text, token)) return undefined;
  if (told && !isWord(token) && !isRareWord(token) && !isGlued(text, token.start, token.endAll))
    return { start: token.start, end: token.end, type: 'PERSON', score: 0.65, subtype: 'name' };
  if (!isGiven(token) || token.folded.length < 3 || NOT_NAMES.has(token.folded) || TITLES.has(token.folded))
    return undefined;
  if (isGlued(text, token.start, token.endAll)) return undefined;
  const next = tokens[i + 1];
  const cue = hasCue(text, token.start);
  const before = wordBefore(text, tokens, i);
  const greeted = /^(?:hi|hello|hey|dear|thanks|cheers|ask|tell|contact|call|email|mr|mrs|ms|dr)$/.test(before);
  const base = isRareWord(token) || isPlace(token.folded) ? 0.2 : 0.3;
  const surnamed =
    next !== undefined &&
    next.shape === 'lower' &&
    isBlank(gapOf(text, token, next)) &&
    !isGlued(text, next.start, next.endAll) &&
    (isNameLike(next) || (isSeen(next) && !isRareWord(next)) || (cue && isUnknown(next))) &&
    !NOT_NAMES.has(next.folded);
  let score = base;
  if (surnamed) score += 0.3;
  if (cue) score += 0.35;
  else if (greeted) score += 0.3;
  if (score < 0.45) return undefined;
  return {
    start: token.start,
    end: surnamed ? next.end : token.end,
    type: 'PERSON',
    score: Math.min(score, 0.9),
    subtype: 'name',
  };
}
