/** What a rule is: it reads one view of a leaf and reports stretches of it with a score. Offsets are UTF-16. */
import type { RuleText } from '../context.ts';
import type { PiiType } from '../taxonomy.ts';
import type { Traits } from '../traits.ts';

export type Hit = {
  start: number;
  end: number;
  type: PiiType;
  /** 0 to 1: base + 0.4 for a passed check + 0.2 for a context word - 0.5 for a sign against it. */
  score: number;
  subtype?: string;
  /** When it is not the rule's own. */
  detector?: string;
};

export type Rule = {
  /** 'rule:email@1', 'secret:vendor@1'. */
  detector: string;
  /** A second detector that runs within. */
  besides?: string;
  /** False when the text can't hold a hit. Cheap; asked before `find`. */
  needs(traits: Traits): boolean;
  /**
   * For rules whose hits and context lie within `REACH` of one of these triggers: `find` is handed the stretches of the
   * text that have one. Without triggers it is handed the whole text.
   */
  triggers?: number;
  /** What `needs` says is enough where a key names the value. */
  isKeyed?: true;
  find(input: RuleText): Hit[];
};

export const CHECKED = 0.4;
export const CONTEXT = 0.2;
export const AGAINST = 0.5;

export const clip = (score: number): number => Math.max(0, Math.min(1, Math.round(score * 100) / 100));

/** Digits alone of a number written with separators. */
export const digitsOf = (text: string): string => text.replace(/\D/g, '');
