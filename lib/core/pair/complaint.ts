/**
 * Did the user take an answer badly? What they say next is a hint, no judgement: such an answer may be the rejected
 * side of a weak pair and never more (`complaint@1`).
 */
import type { LogEvent } from '../trajectory/event.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { Unit } from '../trajectory/unit.ts';
import type { Answer } from './shared-prefix.ts';

export type Complaint = { how: 'complains' | 'rephrases'; event: string };

const COMPLAINS =
  /\b(?:(?:that|this|it)(?:['’]s| is) (?:not (?:what i|right|correct|true|working)|wrong|incorrect|false)|not what i (?:asked|meant|wanted|said)|you (?:misunderstood|got (?:it|that) wrong|(?:did not|didn['’]t) (?:answer|read|understand))|wrong answer|(?:does not|doesn['’]t|did not|didn['’]t) (?:work|help)|das ist (?:falsch|nicht richtig|nicht das)|das stimmt nicht|ce n['’]est pas (?:ce que|correct|juste)|c['’]est faux|eso no es (?:lo que|correcto)|non è (?:quello|corretto)|dat klopt niet)/iu;
/** A complaint comes first; further down the text is about something else. */
const READ_CHARACTERS = 300;
const FEWEST_WORDS = 4;
/** From this share of common words on, a question is the one before put otherwise. */
const SAME_QUESTION = 0.6;

const textOf = (event: LogEvent): string =>
  event.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []);
const isAsked = (event: LogEvent): boolean => event.kind === 'user' && !event.injected;

export function complaintAbout(unit: Redacted<Unit>, answer: Answer): Complaint | null {
  const last = answer.events.at(-1)!.seq;
  const next = unit.events.find((event) => event.seq > last && event.kind !== 'feedback' && event.kind !== 'meta');
  if (!next || !isAsked(next)) return null;
  const said = textOf(next);
  if (COMPLAINS.test(said.slice(0, READ_CHARACTERS))) return { how: 'complains', event: next.id };
  const before = answer.prefix.findLast(isAsked);
  if (!before) return null;
  const [first, second] = [wordsOf(textOf(before)), wordsOf(said)];
  if (first.size < FEWEST_WORDS || second.size < FEWEST_WORDS) return null;
  const common = [...second].filter((word) => first.has(word)).length;
  const isAgain = common / (first.size + second.size - common) >= SAME_QUESTION;
  return isAgain ? { how: 'rephrases', event: next.id } : null;
}
