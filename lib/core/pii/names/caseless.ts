/** Names in scripts without capitals: by surname and given name of the gazetteer, or by an honorific or cue beside. */

import type { NameHit } from './find-names.ts';
import { NAME_FLAGS, nameFlags } from './gazetteer.ts';
import type { Token } from './tokens.ts';

const HAN_AFTER = /([\p{Script=Han}]{2,4})(?:さん|様|さま|氏|くん|君|ちゃん|先生|女士|小姐|经理|總)/gu;
const HAN_BEFORE =
  /(?:我叫|我是|我的名字是|姓名(?:是|为)?[:：]?|联系人[:：]?|名前は|私は|氏名[:：]?)\s?([\p{Script=Han}]{2,4}?)(?=[\s,，。、.です]|$)/gu;
const HANGUL_AFTER = /([\p{Script=Hangul}]{2,4}?)\s?(?:씨|님)/gu;
const CJK = /[\p{Script=Han}\p{Script=Hangul}]/u;
const HAN_OR_HANGUL_RUN = /\p{Script=Han}{3,5}|\p{Script=Hangul}{3,4}/gu;

export function findCaselessNames(text: string, tokens: readonly Token[]): NameHit[] {
  const hits: NameHit[] = [];
  const push = (start: number, end: number, score: number): void => {
    hits.push({ start, end, type: 'PERSON', score, subtype: 'name' });
  };
  for (const pattern of [HAN_AFTER, HAN_BEFORE, HANGUL_AFTER])
    for (const match of text.matchAll(pattern)) {
      const start = match.index + match[0].indexOf(match[1]!);
      push(start, start + match[1]!.length, 0.65);
    }
  for (const [i, token] of tokens.entries()) {
    if (token.shape !== 'caseless') continue;
    const word = text.slice(token.start, token.endAll);
    if (CJK.test(word)) {
      for (const run of word.matchAll(HAN_OR_HANGUL_RUN)) {
        const score = scoreFullName(run[0]);
        if (score > 0) push(token.start + run.index, token.start + run.index + run[0].length, score);
      }
      continue;
    }
    const next = tokens[i + 1];
    if (next === undefined || next.shape !== 'caseless' || text.slice(token.endAll, next.start) !== ' ') continue;
    const given = (token.flags & NAME_FLAGS.first) !== 0;
    if (given && (next.flags & (NAME_FLAGS.first | NAME_FLAGS.last)) !== 0) push(token.start, next.endAll, 0.65);
  }
  return hits;
}

/** Surname first, given name behind it: 山田花子. Both in the lists, or a surname of two signs and two signs more. */
function scoreFullName(word: string): number {
  for (let cut = 1; cut <= 2 && cut < word.length; cut++) {
    if ((nameFlags(word.slice(0, cut)) & NAME_FLAGS.last) === 0) continue;
    if ((nameFlags(word.slice(cut)) & NAME_FLAGS.first) !== 0) return 0.65;
    if (cut === 2 && word.length === 4) return 0.45;
  }
  return 0;
}
