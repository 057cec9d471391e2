/** A marked stretch of text. Offsets are Unicode code points, half open, into the leaf's text as it is stored. */
import type { PiiType } from './taxonomy.ts';

export type Tier = 'auto' | 'suggest';
export const AUTO_FROM = 0.6;
export const SUGGEST_FROM = 0.3;

export type ViewId =
  | 'source'
  | 'fold'
  | 'entities'
  | 'percent'
  | 'escapes'
  | 'decode'
  | 'unwrap'
  | 'spelled'
  | 'turned'
  | 'joined';

export type Span = {
  start: number;
  end: number;
  type: PiiType;
  tier: Tier;
  /** 0 to 1. */
  score: number;
  /** 'rule:email@1', 'secret:github-pat@1', 'dict:3', 'names@2', 'tagger@1.0.0', 'path:email@1', 'propagate@1'. */
  detector: string;
  view: ViewId;
  /** What was found, named more narrowly than the type ('github-pat'); never the value. */
  subtype?: string;
  /** The value as a decoded view reads it, when the source has it otherwise. In memory only, never stored. */
  reads?: string;
  /** A checksum or the national scheme of the number holds. */
  checked?: true;
};

/**
 * One text that detectors read: a string, a number's literal, an object key, a file name, a metadata value.
 * `path` is a JSON pointer from the root of the redacted value; `#key` at its end marks the key itself.
 */
export type Leaf = {
  path: string;
  text: string;
  kind: 'string' | 'number' | 'key';
  /** Nearest object key above, e.g. 'phone' for /user/phone/0; '' when there is none. */
  key: string;
  /** Pointers of leaves that stand in the same object, for joined views. */
  siblings?: readonly Leaf[];
};

/** Finds spans in leaves. Pure, deterministic, linear in the length of the text. */
export type Detector = {
  id: string;
  version: number;
  detect(leaf: Leaf): Span[];
};
