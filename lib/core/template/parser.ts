/** Reads tokens into the tree of a template, with Jinja2's grammar. */

import { SyntaxProblem, tokenize } from './lexer.ts';
import { parseExpression, parseFilter, parseTarget, parseTuple } from './parse-expression.ts';
import type { Call, Expression, If, Signature, Statement, Target } from './syntax.ts';
import { Tokens } from './tokens.ts';

/** @throws SyntaxProblem */
export function parseTemplate(source: string): Statement[] {
  const parser = new Parser(new Tokens(tokenize(source)));
  return parser.statements(null);
}

class Parser {
  private readonly tokens: Tokens;
  constructor(tokens: Tokens) {
    this.tokens = tokens;
  }

  /** Up to one of the tags named, which is left to read; null: to the end of the template. */
  statements(ends: readonly string[] | null): Statement[] {
    const { tokens } = this;
    const body: Statement[] = [];
    let parts: (string | Expression)[] = [];
    let partsLine = 1;
    const flush = () => {
      if (parts.length > 0) body.push({ kind: 'output', parts, line: partsLine });
      parts = [];
    };
    while (tokens.current.kind !== 'end') {
      const { kind, text, line } = tokens.current;
      if (parts.length === 0) partsLine = line;
      if (kind === 'data') {
        parts.push(text);
        tokens.next();
      } else if (kind === 'variable_begin') {
        tokens.next();
        parts.push(parseTuple(tokens));
        tokens.expect('variable_end');
      } else {
        flush();
        tokens.expect('block_begin');
        if (ends?.some((end) => tokens.isName(end))) return body;
        const statement = this.statement();
        if (statement) body.push(statement);
        tokens.expect('block_end');
      }
    }
    if (ends)
      throw new SyntaxProblem(`Unexpected end of template, looking for ${ends.join(' or ')}`, tokens.current.line);
    flush();
    return body;
  }

  /** The body of a tag: from the end of the tag to one of the end tags. */
  private body(...ends: string[]): Statement[] {
    this.tokens.skipOperator(':');
    this.tokens.expect('block_end');
    return this.statements(ends);
  }

  /** A body whose end tag is passed over. */
  private bodyTo(end: string): Statement[] {
    const body = this.body(end);
    this.tokens.next();
    return body;
  }

  private statement(): Statement | null {
    const { tokens } = this;
    const { kind, text, line } = tokens.current;
    if (kind !== 'name') throw new SyntaxProblem('tag name expected', line);
    switch (text) {
      case 'for':
        return this.forLoop();
      case 'if':
        return this.condition();
      case 'set':
        return this.assignment();
      case 'macro':
        return this.macro();
      case 'call':
        return this.callBlock();
      case 'filter':
        return this.filterBlock();
      case 'with':
        return this.withBlock();
      case 'print':
        return this.print();
      case 'generation':
        tokens.next();
        return { kind: 'generation', body: this.bodyTo('endgeneration'), line };
      case 'break':
      case 'continue':
        tokens.next();
        return { kind: text, line };
      case 'autoescape':
        return this.autoescape();
      case 'block':
        return this.block();
      case 'extends':
      case 'include':
      case 'import':
      case 'from':
        return this.load(text);
      default:
        throw new SyntaxProblem(`Encountered unknown tag '${text}'.`, line);
    }
  }

  private forLoop(): Statement {
    const { tokens } = this;
    const { line } = tokens.next();
    const target = parseTarget(tokens, { endName: 'in' });
    tokens.expectName('in');
    const source = parseTuple(tokens, { condition: false, endName: 'recursive' });
    const test = tokens.skipName('if') ? parseExpression(tokens) : null;
    const recursive = tokens.skipName('recursive');
    const body = this.body('endfor', 'else');
    const otherwise = tokens.next().text === 'endfor' ? [] : this.bodyTo('endfor');
    return { kind: 'for', target, source, test, recursive, body, otherwise, line };
  }

  private condition(): Statement {
    const { tokens } = this;
    const { line } = tokens.next();
    const test = parseTuple(tokens, { condition: false });
    const statement: If = {
      kind: 'if',
      test,
      body: this.body('elif', 'else', 'endif'),
      elifs: [],
      otherwise: [],
      line,
    };
    for (;;) {
      const token = tokens.next();
      if (token.text === 'elif') {
        const test = parseTuple(tokens, { condition: false });
        statement.elifs.push({ test, body: this.body('elif', 'else', 'endif'), line: token.line });
        continue;
      }
      if (token.text === 'else') statement.otherwise = this.bodyTo('endif');
      return statement;
    }
  }

  private assignment(): Statement {
    const { tokens } = this;
    const { line } = tokens.next();
    const target = parseTarget(tokens, { members: true });
    if (tokens.skipOperator('=')) return { kind: 'set', target, value: parseTuple(tokens), line };
    const filter = parseFilter(tokens, null, false);
    return { kind: 'set block', target, filter, body: this.bodyTo('endset'), line };
  }

  private signature(): Signature {
    const { tokens } = this;
    const signature: Signature = { names: [], defaults: [] };
    tokens.expectOperator('(');
    while (!tokens.isOperator(')')) {
      if (signature.names.length > 0) tokens.expectOperator(',');
      signature.names.push(this.plainName());
      if (tokens.skipOperator('=')) signature.defaults.push(parseExpression(tokens));
      else if (signature.defaults.length > 0) {
        throw new SyntaxProblem('non-default argument follows default argument', tokens.current.line);
      }
    }
    tokens.next();
    return signature;
  }

  private plainName(): string {
    const { text, line } = this.tokens.expect('name');
    if (['true', 'false', 'none', 'True', 'False', 'None'].includes(text)) {
      throw new SyntaxProblem(`can't assign to '${text}'`, line);
    }
    return text;
  }

  private macro(): Statement {
    const { line } = this.tokens.next();
    const name = this.plainName();
    return { kind: 'macro', name, signature: this.signature(), body: this.bodyTo('endmacro'), line };
  }

  private callBlock(): Statement {
    const { tokens } = this;
    const { line } = tokens.next();
    const signature = tokens.isOperator('(') ? this.signature() : { names: [], defaults: [] };
    const call = parseExpression(tokens);
    if (call.kind !== 'call') throw new SyntaxProblem('expected call', line);
    return { kind: 'call block', call: call as Call, signature, body: this.bodyTo('endcall'), line };
  }

  private filterBlock(): Statement {
    const { tokens } = this;
    const { line } = tokens.next();
    const filter = parseFilter(tokens, null, true)!;
    return { kind: 'filter block', filter, body: this.bodyTo('endfilter'), line };
  }

  private withBlock(): Statement {
    const { tokens } = this;
    const { line } = tokens.next();
    const targets: Target[] = [];
    const values: Expression[] = [];
    while (tokens.current.kind !== 'block_end') {
      if (targets.length > 0) tokens.expectOperator(',');
      targets.push(parseTarget(tokens));
      tokens.expectOperator('=');
      values.push(parseExpression(tokens));
    }
    return { kind: 'with', targets, values, body: this.bodyTo('endwith'), line };
  }

  private print(): Statement {
    const { tokens } = this;
    const { line } = tokens.next();
    const parts: Expression[] = [];
    while (tokens.current.kind !== 'block_end') {
      if (parts.length > 0) tokens.expectOperator(',');
      parts.push(parseExpression(tokens));
    }
    return { kind: 'output', parts, line };
  }

  private autoescape(): Statement {
    const { tokens } = this;
    const { line } = tokens.next();
    const on = parseExpression(tokens);
    if (on.kind !== 'const' || on.value !== false) {
      throw new SyntaxProblem('autoescape can only be switched off here', line);
    }
    return { kind: 'scope', body: this.bodyTo('endautoescape'), line };
  }

  private block(): Statement {
    const { tokens } = this;
    const { line } = tokens.next();
    const name = tokens.expect('name').text;
    if (tokens.skipName('scoped')) throw new SyntaxProblem('scoped blocks are not known here', line);
    const required = tokens.skipName('required');
    const body = this.bodyTo('endblock');
    tokens.skipName(name);
    return { kind: 'block', name, required, body, line };
  }

  /** Read to its end only to be refused when it is reached. */
  private load(what: string): Statement {
    const { tokens } = this;
    const { line } = tokens.next();
    parseExpression(tokens);
    const names: string[] = [];
    if (what === 'import') {
      tokens.expectName('as');
      names.push(this.plainName());
    }
    if (what === 'from') {
      tokens.expectName('import');
      do {
        let name = this.plainName();
        if (tokens.skipName('as')) name = this.plainName();
        names.push(name);
      } while (tokens.skipOperator(','));
    }
    if (what === 'include' && tokens.skipName('ignore')) tokens.expectName('missing');
    if (what !== 'extends' && (tokens.skipName('with') || tokens.skipName('without'))) tokens.expectName('context');
    return { kind: 'load', names, what, line };
  }
}
