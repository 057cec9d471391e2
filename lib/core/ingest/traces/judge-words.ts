/** A user's thumb in the words and numbers that tools log it with. */
import type { Feedback } from '../../trajectory/event.ts';

type Judged = Pick<Feedback, 'signal' | 'value' | 'by'>;

const IS_USERS = /thumb|user.?(?:feedback|rating|score)|feedback|\blikes?\b|csat/i;
const UP = new Set([
  'up',
  'thumbs_up',
  'thumbsup',
  'thumb_up',
  'positive',
  'good',
  'like',
  'liked',
  'yes',
  'true',
  '👍',
  '+1',
]);
const DOWN = new Set([
  'down',
  'thumbs_down',
  'thumbsdown',
  'thumb_down',
  'negative',
  'bad',
  'dislike',
  'disliked',
  'no',
  'false',
  '👎',
  '-1',
]);

/** Does the name of a score say that a user gave it? */
export const isUsersScore = (name: string | undefined): boolean => name !== undefined && IS_USERS.test(name);

/** A thumb when the value or its label is one; else a score or label as logged. */
export function readUserScore(value: number | string | boolean, label?: string): Judged {
  const word = (label ?? String(value))
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  const plain = word.replace(/^_1$/, '-1');
  if (UP.has(plain)) return { signal: 'thumb', value: true, by: 'user' };
  if (DOWN.has(plain)) return { signal: 'thumb', value: false, by: 'user' };
  if (typeof value === 'boolean') return { signal: 'thumb', value, by: 'user' };
  return { signal: typeof value === 'number' ? 'score' : 'label', value, by: 'user' };
}

/** 1 and 0 (or -1) under a thumb's name. */
export function readThumb(name: string | undefined, value: number | string | boolean, label?: string): Judged {
  const isThumb = name !== undefined && /thumb|\blikes?\b/i.test(name);
  if (label === undefined && isThumb && (value === 1 || value === 0 || value === -1)) {
    return { signal: 'thumb', value: value === 1, by: 'user' };
  }
  return readUserScore(value, label);
}
