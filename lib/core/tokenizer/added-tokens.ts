/** Finds added tokens (`<|im_start|>`, `<think>`) in a text: the leftmost, and of those the longest. */
import type { AddedToken } from './tokenizer-file.ts';

type Node = { next: Map<number, Node>; token: AddedToken | null };

export class AddedTokenFinder {
  private readonly root: Node = { next: new Map(), token: null };
  private readonly first = new Uint8Array(0x10000);
  readonly isEmpty: boolean;

  constructor(tokens: readonly AddedToken[]) {
    this.isEmpty = tokens.length === 0;
    for (const token of tokens) {
      this.first[token.content.charCodeAt(0)] = 1;
      let node = this.root;
      for (let at = 0; at < token.content.length; at++) {
        const code = token.content.charCodeAt(at);
        let next = node.next.get(code);
        if (!next) {
          next = { next: new Map(), token: null };
          node.next.set(code, next);
        }
        node = next;
      }
      node.token = token;
    }
  }

  /** Calls back for the text between tokens and for the tokens, in order. Offsets are UTF-16. */
  split(
    text: string,
    between: (from: number, to: number) => void,
    found: (token: AddedToken, from: number, to: number) => void,
  ): void {
    let done = 0;
    for (let at = 0; at < text.length; at++) {
      if (this.first[text.charCodeAt(at)] === 0) continue;
      const token = this.longestAt(text, at);
      if (!token) continue;
      let from = at;
      let to = at + token.content.length;
      if (token.single_word && (isWord(text, from - 1) || isWord(text, to))) continue;
      if (token.lstrip) while (from > done && SPACE.test(text[from - 1]!)) from--;
      if (token.rstrip) while (to < text.length && SPACE.test(text[to]!)) to++;
      if (from > done) between(done, from);
      found(token, from, to);
      done = to;
      at = to - 1;
    }
    if (done < text.length) between(done, text.length);
  }

  private longestAt(text: string, from: number): AddedToken | null {
    let node: Node | undefined = this.root;
    let best: AddedToken | null = null;
    for (let at = from; at < text.length; at++) {
      node = node.next.get(text.charCodeAt(at));
      if (!node) break;
      if (node.token) best = node.token;
    }
    return best;
  }
}

const SPACE = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const WORD = /[\p{L}\p{N}\p{M}\p{Pc}]/u;
const isWord = (text: string, at: number) => at >= 0 && at < text.length && WORD.test(text[at]!);
