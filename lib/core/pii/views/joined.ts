/**
 * `joined`: a value cut over neighbour leaves of one object or array: digits one by one, a number in groups, the two
 * sides of a mailbox. Built once for a list of siblings.
 */

import { wordsOf } from '../context.ts';
import type { Leaf } from '../span.ts';

export type Joined = {
  text: string;
  /** Words of all keys involved. */
  key: string;
  /** Which stretch of `text` is which leaf, whole. */
  parts: { leaf: Leaf; start: number; end: number }[];
};

const MAX_SIBLINGS = 4096;
const MAX_PART = 16;
const GROUP = /^[+()\d][\d ()./-]{0,15}$/;
const LOCAL_KEY = /\b(?:local(?: part)?|user(?:name| name)?|mailbox|name|account)$/;
const DOMAIN_KEY = /\b(?:domain|host|provider|server)$/;
const DOMAIN = /^@?[\w-]{1,40}(?:\.[\w-]{1,40}){1,4}$/;

const known = new WeakMap<readonly Leaf[], Joined[]>();

export function joinedTexts(siblings: readonly Leaf[] | undefined): Joined[] {
  if (siblings === undefined || siblings.length < 2 || siblings.length > MAX_SIBLINGS) return [];
  const before = known.get(siblings);
  if (before !== undefined) return before;
  const joined = [...runs(siblings), ...mailboxes(siblings)];
  known.set(siblings, joined);
  return joined;
}

function runs(siblings: readonly Leaf[]): Joined[] {
  const joined: Joined[] = [];
  for (let first = 0; first < siblings.length; ) {
    const isSingle = siblings[first]!.text.length === 1;
    let last = first;
    while (last < siblings.length && belongs(siblings[last]!, isSingle) && isOneList(siblings[first]!, siblings[last]!))
      last++;
    const leaves = siblings.slice(first, last);
    const digits = leaves.reduce((sum, leaf) => sum + leaf.text.replace(/\D/g, '').length, 0);
    if (leaves.length >= 2 && (digits >= 7 || (isSingle && leaves.length >= 5)))
      joined.push(join(leaves, isSingle ? '' : ' '));
    first = Math.max(last, first + 1);
  }
  return joined;
}

/** Numbers under keys of their own are measures (`byteStart`, `byteEnd`, token counts), no parts of one value. */
const isOneList = (first: Leaf, leaf: Leaf): boolean =>
  (first.kind !== 'number' && leaf.kind !== 'number') || first.key === leaf.key;

const belongs = ({ text }: Leaf, isSingle: boolean): boolean =>
  isSingle ? text.length === 1 : text.length <= MAX_PART && GROUP.test(text);

function mailboxes(siblings: readonly Leaf[]): Joined[] {
  const joined: Joined[] = [];
  for (let i = 0; i + 1 < siblings.length; i++) {
    const [local, domain] = [siblings[i]!, siblings[i + 1]!];
    if (!DOMAIN.test(domain.text) || !/^[\w.+-]{1,64}$/.test(local.text)) continue;
    if (LOCAL_KEY.test(wordsOf(local.key)) && DOMAIN_KEY.test(wordsOf(domain.key)))
      joined.push(join([local, domain], domain.text.startsWith('@') ? '' : '@'));
  }
  return joined;
}

function join(leaves: readonly Leaf[], by: string): Joined {
  let text = '';
  const parts: Joined['parts'] = [];
  for (const leaf of leaves) {
    if (text !== '') text += by;
    parts.push({ leaf, start: text.length, end: text.length + leaf.text.length });
    text += leaf.text;
  }
  return { text, key: [...new Set(leaves.map((leaf) => wordsOf(leaf.key)))].join(' '), parts };
}
