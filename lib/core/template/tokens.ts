/** The tokens of a template, read one by one with a look ahead. */
import { SyntaxProblem, type Token, type TokenKind } from './lexer.ts';

/** Deeper nested expressions would end our stack, and Python's before. */
const MAX_DEPTH = 150;

export class Tokens {
  private readonly list: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(list: readonly Token[]) {
    this.list = list;
  }

  enter(): void {
    if (++this.depth > MAX_DEPTH) throw new SyntaxProblem('an expression is nested too deep', this.current.line);
  }
  leave(): void {
    this.depth--;
  }

  get current(): Token {
    return this.list[this.at]!;
  }
  get ahead(): Token {
    return this.list[Math.min(this.at + 1, this.list.length - 1)]!;
  }

  /** Gives the present token and goes on. */
  next(): Token {
    const token = this.current;
    if (this.at < this.list.length - 1) this.at++;
    return token;
  }

  isName(name: string): boolean {
    return this.current.kind === 'name' && this.current.text === name;
  }
  isOperator(operator: string): boolean {
    return this.current.kind === 'operator' && this.current.text === operator;
  }
  skipName(name: string): boolean {
    const found = this.isName(name);
    if (found) this.at++;
    return found;
  }
  skipOperator(operator: string): boolean {
    const found = this.isOperator(operator);
    if (found) this.at++;
    return found;
  }
  expect(kind: TokenKind): Token {
    if (this.current.kind !== kind) throw this.unexpected(kind.replace('_', ' '));
    return this.next();
  }
  expectName(name: string): Token {
    if (!this.isName(name)) throw this.unexpected(`'${name}'`);
    return this.next();
  }
  expectOperator(operator: string): Token {
    if (!this.isOperator(operator)) throw this.unexpected(`'${operator}'`);
    return this.next();
  }
  unexpected(wanted: string): SyntaxProblem {
    const { kind, line } = this.current;
    return new SyntaxProblem(
      kind === 'end'
        ? `unexpected end of template, expected ${wanted}`
        : `expected ${wanted}, got ${kind.replace('_', ' ')}`,
      line,
    );
  }
}
