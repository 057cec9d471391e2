/** Expressions, loosest binding first: if, or, and, not, compare, + -, ~, * / // %, **, sign, postfix and filters. */
import { SyntaxProblem } from './lexer.ts';
import type {
  Arguments,
  BinaryOperator,
  CompareOperator,
  Expression,
  FilterNode,
  SliceNode,
  Target,
} from './syntax.ts';
import type { Tokens } from './tokens.ts';

export function parseExpression(tokens: Tokens, condition = true): Expression {
  tokens.enter();
  const expression = condition ? conditional(tokens) : or(tokens);
  tokens.leave();
  return expression;
}

/** One expression, or a tuple when a comma follows. */
export function parseTuple(
  tokens: Tokens,
  options: { condition?: boolean; endName?: string; parentheses?: boolean } = {},
): Expression {
  const { condition = true, endName, parentheses = false } = options;
  let { line } = tokens.current;
  const items: Expression[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) tokens.expectOperator(',');
    if (endsTuple(tokens, endName)) break;
    items.push(parseExpression(tokens, condition));
    if (!tokens.isOperator(',')) break;
    isTuple = true;
    line = tokens.current.line;
  }
  if (!isTuple) {
    if (items[0]) return items[0];
    if (!parentheses) throw tokens.unexpected('an expression');
  }
  return { kind: 'tuple', items, line };
}

function endsTuple(tokens: Tokens, endName: string | undefined): boolean {
  const { kind } = tokens.current;
  if (kind === 'variable_end' || kind === 'block_end' || tokens.isOperator(')')) return true;
  return endName !== undefined && tokens.isName(endName);
}

/** @param options.members `ns.attribute` may be assigned to */
export function parseTarget(tokens: Tokens, options: { endName?: string; members?: boolean } = {}): Target {
  const { line } = tokens.current;
  const items: Target[] = [];
  let isTuple = false;
  for (;;) {
    if (items.length > 0) tokens.expectOperator(',');
    if (endsTuple(tokens, options.endName)) break;
    items.push(primaryTarget(tokens, options.members ?? false));
    if (!tokens.isOperator(',')) break;
    isTuple = true;
  }
  if (!isTuple && items[0]) return items[0];
  if (!isTuple) throw tokens.unexpected('a name');
  return { kind: 'tuple', items, line };
}

const CONSTANTS: Record<string, boolean | null> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};
const isConstant = (name: string) => Object.hasOwn(CONSTANTS, name);

function primaryTarget(tokens: Tokens, members: boolean): Target {
  const { line } = tokens.current;
  if (tokens.skipOperator('(')) {
    // In parentheses Jinja reads an expression, which names and tuples of names are.
    const inner = asTarget(parseTuple(tokens, { parentheses: true }), line);
    tokens.expectOperator(')');
    return inner;
  }
  const { text } = tokens.expect('name');
  if (isConstant(text)) throw new SyntaxProblem(`can't assign to '${text}'`, line);
  if (members && tokens.skipOperator('.')) {
    return { kind: 'member', name: text, attribute: tokens.expect('name').text, line };
  }
  return { kind: 'name', name: text, line };
}

function asTarget(expression: Expression, line: number): Target {
  if (expression.kind === 'name') return expression;
  if (expression.kind === 'tuple') {
    return { kind: 'tuple', items: expression.items.map((one) => asTarget(one, line)), line };
  }
  throw new SyntaxProblem(`can't assign to a ${expression.kind}`, line);
}

function conditional(tokens: Tokens): Expression {
  let { line } = tokens.current;
  let value = or(tokens);
  while (tokens.skipName('if')) {
    const test = or(tokens);
    const otherwise = tokens.skipName('else') ? conditional(tokens) : null;
    value = { kind: 'if', test, yes: value, otherwise, line };
    line = tokens.current.line;
  }
  return value;
}

function or(tokens: Tokens): Expression {
  const { line } = tokens.current;
  let left = and(tokens);
  while (tokens.skipName('or')) left = { kind: 'or', left, right: and(tokens), line };
  return left;
}

function and(tokens: Tokens): Expression {
  const { line } = tokens.current;
  let left = not(tokens);
  while (tokens.skipName('and')) left = { kind: 'and', left, right: not(tokens), line };
  return left;
}

function not(tokens: Tokens): Expression {
  const { line } = tokens.current;
  if (tokens.skipName('not')) return { kind: 'not', value: not(tokens), line };
  return compare(tokens);
}

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);

function compare(tokens: Tokens): Expression {
  const { line } = tokens.current;
  const first = sum(tokens);
  const rest: { operator: CompareOperator; value: Expression }[] = [];
  for (;;) {
    const { kind, text } = tokens.current;
    if (kind === 'operator' && COMPARISONS.has(text)) {
      tokens.next();
      rest.push({ operator: text as CompareOperator, value: sum(tokens) });
    } else if (tokens.skipName('in')) rest.push({ operator: 'in', value: sum(tokens) });
    else if (tokens.isName('not') && tokens.ahead.kind === 'name' && tokens.ahead.text === 'in') {
      tokens.next();
      tokens.next();
      rest.push({ operator: 'not in', value: sum(tokens) });
    } else return rest.length === 0 ? first : { kind: 'compare', first, rest, line };
  }
}

function leftToRight(operators: readonly string[], operand: (tokens: Tokens) => Expression) {
  return (tokens: Tokens): Expression => {
    const { line } = tokens.current;
    let left = operand(tokens);
    while (tokens.current.kind === 'operator' && operators.includes(tokens.current.text)) {
      const operator = tokens.next().text as BinaryOperator;
      left = { kind: 'binary', operator, left, right: operand(tokens), line };
    }
    return left;
  };
}

const power = leftToRight(['**'], (tokens) => unary(tokens, true));
const product = leftToRight(['*', '/', '//', '%'], power);
const sum = leftToRight(['+', '-'], concat);

function concat(tokens: Tokens): Expression {
  const { line } = tokens.current;
  const parts = [product(tokens)];
  while (tokens.skipOperator('~')) parts.push(product(tokens));
  return parts.length === 1 ? parts[0]! : { kind: 'concat', parts, line };
}

function unary(tokens: Tokens, withFilter: boolean): Expression {
  const { line } = tokens.current;
  let value: Expression;
  tokens.enter();
  if (tokens.skipOperator('-')) value = { kind: 'negate', value: unary(tokens, false), line };
  else if (tokens.skipOperator('+')) value = { kind: 'positive', value: unary(tokens, false), line };
  else value = primary(tokens);
  tokens.leave();
  value = postfix(tokens, value);
  return withFilter ? filters(tokens, value) : value;
}

function primary(tokens: Tokens): Expression {
  const { kind, text, value, line } = tokens.current;
  if (kind === 'name') {
    tokens.next();
    return isConstant(text) ? { kind: 'const', value: CONSTANTS[text]!, line } : { kind: 'name', name: text, line };
  }
  if (kind === 'string') {
    let joined = '';
    while (tokens.current.kind === 'string') joined += tokens.next().value as string;
    return { kind: 'const', value: joined, line };
  }
  if (kind === 'number') {
    tokens.next();
    return { kind: 'const', value, line };
  }
  if (tokens.skipOperator('(')) {
    const inner = parseTuple(tokens, { parentheses: true });
    tokens.expectOperator(')');
    return inner;
  }
  if (tokens.skipOperator('[')) return { kind: 'list', items: items(tokens, ']', () => parseExpression(tokens)), line };
  if (tokens.skipOperator('{')) {
    const pairs = items(tokens, '}', (): [Expression, Expression] => {
      const key = parseExpression(tokens);
      tokens.expectOperator(':');
      return [key, parseExpression(tokens)];
    });
    return { kind: 'dict', pairs, line };
  }
  throw tokens.unexpected('an expression');
}

function items<T>(tokens: Tokens, close: string, one: () => T): T[] {
  const list: T[] = [];
  while (!tokens.isOperator(close)) {
    if (list.length > 0) tokens.expectOperator(',');
    if (tokens.isOperator(close)) break;
    list.push(one());
  }
  tokens.next();
  return list;
}

function postfix(tokens: Tokens, value: Expression): Expression {
  for (;;) {
    if (tokens.isOperator('.') || tokens.isOperator('[')) value = subscript(tokens, value);
    else if (tokens.isOperator('(')) value = call(tokens, value);
    else return value;
  }
}

function filters(tokens: Tokens, value: Expression): Expression {
  for (;;) {
    if (tokens.isOperator('|')) value = parseFilter(tokens, value, false)!;
    else if (tokens.isName('is')) value = test(tokens, value);
    else if (tokens.isOperator('(')) value = call(tokens, value);
    else return value;
  }
}

function subscript(tokens: Tokens, value: Expression): Expression {
  const { text, line } = tokens.next();
  if (text === '.') {
    const name = tokens.next();
    if (name.kind === 'name') return { kind: 'attribute', value, name: name.text, line };
    if (name.kind !== 'number' || typeof name.value === 'object') {
      throw new SyntaxProblem('expected name or number', name.line);
    }
    return { kind: 'item', value, key: { kind: 'const', value: name.value, line }, line };
  }
  const keys: Expression[] = [];
  while (!tokens.isOperator(']')) {
    if (keys.length > 0) tokens.expectOperator(',');
    keys.push(subscribed(tokens));
  }
  tokens.next();
  const key = keys.length === 1 ? keys[0]! : ({ kind: 'tuple', items: keys, line } as const);
  return { kind: 'item', value, key, line };
}

function subscribed(tokens: Tokens): Expression {
  const { line } = tokens.current;
  const slice: SliceNode = { kind: 'slice', start: null, stop: null, step: null, line };
  const ends = () => tokens.isOperator(']') || tokens.isOperator(',');
  if (!tokens.isOperator(':')) {
    const value = parseExpression(tokens);
    if (!tokens.isOperator(':')) return value;
    slice.start = value;
  }
  tokens.next();
  if (!tokens.isOperator(':') && !ends()) slice.stop = parseExpression(tokens);
  if (tokens.skipOperator(':') && !ends()) slice.step = parseExpression(tokens);
  return slice;
}

function callArguments(tokens: Tokens): Arguments {
  const { line } = tokens.expectOperator('(');
  const given: Arguments = { args: [], keywords: [], star: null, doubleStar: null };
  const ensure = (holds: boolean) => {
    if (!holds) throw new SyntaxProblem('invalid syntax for function call expression', line);
  };
  let first = true;
  while (!tokens.isOperator(')')) {
    if (!first) {
      tokens.expectOperator(',');
      if (tokens.isOperator(')')) break;
    }
    first = false;
    if (tokens.isOperator('*')) {
      ensure(!given.star && !given.doubleStar);
      tokens.next();
      given.star = parseExpression(tokens);
    } else if (tokens.isOperator('**')) {
      ensure(!given.doubleStar);
      tokens.next();
      given.doubleStar = parseExpression(tokens);
    } else if (tokens.current.kind === 'name' && tokens.ahead.kind === 'operator' && tokens.ahead.text === '=') {
      ensure(!given.doubleStar);
      const name = tokens.next().text;
      tokens.next();
      // Python refuses a keyword given twice before the template runs.
      ensure(!given.keywords.some((keyword) => keyword.name === name));
      given.keywords.push({ name, value: parseExpression(tokens) });
    } else {
      ensure(!given.star && !given.doubleStar && given.keywords.length === 0);
      given.args.push(parseExpression(tokens));
    }
  }
  tokens.expectOperator(')');
  return given;
}

function call(tokens: Tokens, callee: Expression): Expression {
  const { line } = tokens.current;
  return { kind: 'call', callee, arguments: callArguments(tokens), line };
}

const NO_ARGUMENTS: Arguments = { args: [], keywords: [], star: null, doubleStar: null };

function dottedName(tokens: Tokens): string {
  let name = tokens.expect('name').text;
  while (tokens.skipOperator('.')) name += `.${tokens.expect('name').text}`;
  return name;
}

/** @param inline the first filter comes without its bar */
export function parseFilter(tokens: Tokens, value: Expression | null, inline: boolean): FilterNode | null {
  let node = value as FilterNode | null;
  while (inline || tokens.isOperator('|')) {
    if (!inline) tokens.next();
    inline = false;
    const { line } = tokens.current;
    const name = dottedName(tokens);
    const given = tokens.isOperator('(') ? callArguments(tokens) : NO_ARGUMENTS;
    node = { kind: 'filter', value: node, name, arguments: given, line };
  }
  return node;
}

const AFTER_TEST = new Set(['else', 'or', 'and']);

function test(tokens: Tokens, value: Expression): Expression {
  const { line } = tokens.next();
  const negated = tokens.skipName('not');
  const name = dottedName(tokens);
  let given = NO_ARGUMENTS;
  const { kind, text } = tokens.current;
  if (tokens.isOperator('(')) given = callArguments(tokens);
  else if (
    (kind === 'name' && !AFTER_TEST.has(text)) ||
    kind === 'string' ||
    kind === 'number' ||
    tokens.isOperator('[') ||
    tokens.isOperator('{')
  ) {
    if (tokens.isName('is')) throw new SyntaxProblem('You cannot chain multiple tests with is', tokens.current.line);
    given = { ...NO_ARGUMENTS, args: [postfix(tokens, primary(tokens))] };
  }
  const node: Expression = { kind: 'test', value, name, arguments: given, line };
  return negated ? { kind: 'not', value: node, line } : node;
}
