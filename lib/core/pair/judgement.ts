/** What people and programs said of an answer, read from the feedback events of its unit. */
import type { Feedback, LogEvent } from '../trajectory/event.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { Unit } from '../trajectory/unit.ts';
import { type Complaint, complaintAbout } from './complaint.ts';
import type { Answer } from './shared-prefix.ts';

type FeedbackEvent = Extract<LogEvent, { kind: 'feedback' }>;

export type Judgement = {
  /** 0 is best. */
  rank?: { value: number; event: string };
  /** Thumb, acceptance or a score at an end of its scale. */
  thumb?: { good: boolean; event: string; ts?: string; isAcceptance?: true };
  /** Score on a known scale, moved to 0 … 1; `name` says which, since different scores don't compare. */
  score?: { name: string; value: number; event: string };
  /** What a person made of the answer. */
  edit?: { text: string; event: string };
  /** The user took it badly, by what they said next. */
  complaint?: Complaint;
};

/** @param alone the unit's only answer: then what is said of the whole trajectory is said of it */
export function judgementOf(unit: Redacted<Unit>, answer: Answer, alone: boolean): Judgement {
  const ids = new Set(answer.events.map((event) => event.id));
  const said = unit.events.filter(
    (event): event is FeedbackEvent & (typeof unit.events)[number] =>
      event.kind === 'feedback' &&
      (ids.has(event.feedback.target) || (alone && event.feedback.target === 'trajectory')),
  );
  const judgement: Judgement = {};
  const thumbs = said.flatMap((event) => {
    const good = goodness(event.feedback);
    const { signal } = event.feedback;
    const isAcceptance = signal === 'accept' || signal === 'reject';
    const more = { ...(event.ts === undefined ? {} : { ts: event.ts }), ...(isAcceptance ? { isAcceptance } : {}) };
    return good === null ? [] : [{ good, event: event.id, ...more }];
  });
  // Good and bad at once says nothing.
  if (new Set(thumbs.map((thumb) => thumb.good)).size === 1) judgement.thumb = thumbs.at(-1)!;
  for (const { id, feedback } of said) {
    if (feedback.signal === 'rank' && typeof feedback.value === 'number') {
      judgement.rank = { value: feedback.value, event: id };
    } else if (feedback.signal === 'edit' && typeof feedback.value === 'string') {
      judgement.edit = { text: feedback.value, event: id };
    } else if (feedback.signal === 'score' && typeof feedback.value === 'number' && feedback.scale) {
      const [low, high] = feedback.scale;
      if (high > low) {
        judgement.score = { name: feedback.name ?? '', value: (feedback.value - low) / (high - low), event: id };
      }
    }
  }
  const complaint = complaintAbout(unit, answer);
  if (complaint) judgement.complaint = complaint;
  return judgement;
}

const GOOD_WORDS = new Set(['up', 'good', 'like', 'liked', 'positive', 'yes', 'true', 'accept', 'accepted']);
const BAD_WORDS = new Set(['down', 'bad', 'dislike', 'disliked', 'negative', 'no', 'false', 'reject', 'rejected']);

function goodness({ signal, value, scale }: Feedback): boolean | null {
  if (signal === 'accept') return value !== false;
  if (signal === 'reject') return value === false;
  if (signal === 'score' && typeof value === 'number' && scale) {
    return value === scale[1] ? true : value === scale[0] ? false : null;
  }
  if (signal !== 'thumb') return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value > 0 ? true : value < 0 || scale?.[0] === value || !scale ? false : null;
  if (GOOD_WORDS.has(value.toLowerCase())) return true;
  return BAD_WORDS.has(value.toLowerCase()) ? false : null;
}
