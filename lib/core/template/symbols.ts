/**
 * Which variable a name means, decided before anything runs, by Jinja2's rules: a loop or block reads what is outside
 * but writes its own copy; an `if` has no scope; a macro sees the variables around it as they are when it is called.
 * Each function (the template, a macro, a recursive loop) has one row of slots; a name at one level of nesting has
 * one slot, which sibling scopes share.
 */
import type { Expression, For, Statement, Target } from './syntax.ts';

export class FunctionScope {
  readonly parent: FunctionScope | null;
  private readonly slots = new Map<string, Variable>();
  constructor(parent: FunctionScope | null) {
    this.parent = parent;
  }
  get size(): number {
    return this.slots.size;
  }
  variable(level: number, name: string): Variable {
    const key = `${level} ${name}`;
    let variable = this.slots.get(key);
    if (!variable) {
      variable = { scope: this, slot: this.slots.size };
      this.slots.set(key, variable);
    }
    return variable;
  }
}

export type Variable = { scope: FunctionScope; slot: number };

/** How a variable starts when its scope is entered. */
export type Start =
  | { kind: 'parameter' }
  | { kind: 'resolve'; name: string }
  | { kind: 'alias'; of: Variable }
  | { kind: 'missing' };

export class Symbols {
  readonly scope: FunctionScope;
  readonly starts: Map<Variable, Start>;
  private readonly level: number;
  private readonly parent: Symbols | null;
  private readonly names: Map<string, Variable>;
  private readonly stored: Set<string>;

  constructor(scope: FunctionScope, parent: Symbols | null, from?: Symbols) {
    this.scope = scope;
    this.parent = parent;
    this.level = parent ? parent.level + 1 : 0;
    this.starts = new Map(from?.starts);
    this.names = new Map(from?.names);
    this.stored = new Set(from?.stored);
  }

  /** @param scope another one for the body of a function */
  inner(scope = this.scope): Symbols {
    return new Symbols(scope, this);
  }

  find(name: string): Variable | null {
    return this.names.get(name) ?? this.parent?.find(name) ?? null;
  }

  private define(name: string, start: Start): Variable {
    const variable = this.scope.variable(this.level, name);
    this.names.set(name, variable);
    this.starts.set(variable, start);
    return variable;
  }

  parameter(name: string): Variable {
    this.stored.add(name);
    return this.define(name, { kind: 'parameter' });
  }

  private load(name: string): void {
    if (!this.find(name)) this.define(name, { kind: 'resolve', name });
  }

  store(name: string): void {
    this.stored.add(name);
    if (this.names.has(name)) return;
    const outer = this.parent?.find(name);
    this.define(name, outer ? { kind: 'alias', of: outer } : { kind: 'missing' });
  }

  /** Whatever branch runs, the name then is the same variable; what none of them sets keeps its value from outside. */
  private join(branches: Symbols[]): void {
    const added = new Set<string>();
    for (const branch of branches) for (const name of branch.stored) if (!this.stored.has(name)) added.add(name);
    for (const branch of branches) {
      for (const [name, variable] of branch.names) this.names.set(name, variable);
      for (const [variable, start] of branch.starts) this.starts.set(variable, start);
      for (const name of branch.stored) this.stored.add(name);
    }
    for (const name of added) {
      const outer = this.parent?.find(name);
      this.starts.set(this.find(name)!, outer ? { kind: 'alias', of: outer } : { kind: 'resolve', name });
    }
  }

  visitBody(body: readonly Statement[]): void {
    for (const statement of body) this.visit(statement);
  }

  private branch(visit: (symbols: Symbols) => void): Symbols {
    const copy = new Symbols(this.scope, this.parent, this);
    visit(copy);
    return copy;
  }

  private visit(statement: Statement): void {
    switch (statement.kind) {
      case 'output':
        for (const part of statement.parts) if (typeof part !== 'string') this.read(part);
        return;
      case 'for':
        this.read(statement.source);
        return;
      case 'if':
        this.read(statement.test);
        this.join([
          this.branch((symbols) => symbols.visitBody(statement.body)),
          this.branch((symbols) => {
            // Each elif is an `if` of its own, one behind the other.
            for (const elif of statement.elifs) {
              symbols.visit({
                kind: 'if',
                test: elif.test,
                body: elif.body,
                elifs: [],
                otherwise: [],
                line: elif.line,
              });
            }
          }),
          this.branch((symbols) => symbols.visitBody(statement.otherwise)),
        ]);
        return;
      case 'set':
        this.read(statement.value);
        this.write(statement.target);
        return;
      case 'set block':
        this.write(statement.target);
        return;
      case 'macro':
        this.store(statement.name);
        return;
      case 'call block':
        this.read(statement.call);
        return;
      case 'filter block':
        this.read(statement.filter);
        return;
      case 'with':
        for (const value of statement.values) this.read(value);
        return;
      case 'load':
        for (const name of statement.names) this.store(name);
        return;
    }
  }

  write(target: Target, asParameter = false): void {
    if (target.kind === 'tuple') for (const item of target.items) this.write(item, asParameter);
    else if (target.kind === 'member') this.load(target.name);
    else if (asParameter) this.parameter(target.name);
    else this.store(target.name);
  }

  read(expression: Expression): void {
    if (expression.kind === 'name') this.load(expression.name);
    else for (const part of partsOf(expression)) this.read(part);
  }

  visitLoop(loop: For, part: 'body' | 'else' | 'test'): void {
    if (part !== 'else') this.write(loop.target, true);
    if (part === 'test') this.read(loop.test!);
    else this.visitBody(part === 'body' ? loop.body : loop.otherwise);
  }
}

/** The expressions that an expression is made of. */
export function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'const':
    case 'name':
      return [];
    case 'list':
    case 'tuple':
      return expression.items;
    case 'dict':
      return expression.pairs.flat();
    case 'attribute':
    case 'not':
    case 'negate':
    case 'positive':
      return [expression.value];
    case 'item':
      return [expression.value, expression.key];
    case 'slice':
      return [expression.start, expression.stop, expression.step].filter((part) => part !== null);
    case 'call':
      return [expression.callee, ...argumentParts(expression)];
    case 'filter':
    case 'test':
      return expression.value ? [expression.value, ...argumentParts(expression)] : argumentParts(expression);
    case 'and':
    case 'or':
    case 'binary':
      return [expression.left, expression.right];
    case 'concat':
      return expression.parts;
    case 'compare':
      return [expression.first, ...expression.rest.map(({ value }) => value)];
    case 'if':
      return [expression.test, expression.yes, ...(expression.otherwise ? [expression.otherwise] : [])];
  }
}

function argumentParts({ arguments: given }: Extract<Expression, { kind: 'call' | 'filter' | 'test' }>): Expression[] {
  const parts = [...given.args, ...given.keywords.map(({ value }) => value)];
  if (given.star) parts.push(given.star);
  if (given.doubleStar) parts.push(given.doubleStar);
  return parts;
}
