/** Which of a few special names (`loop`, `caller` …) a body reads before it sets them, in nested bodies too. */
import { partsOf } from './symbols.ts';
import type { Expression, Statement, Target } from './syntax.ts';

export function mentions(body: readonly Statement[], names: readonly string[]): Set<string> {
  const search = new Search(names);
  search.body(body);
  return search.found;
}

class Search {
  readonly found = new Set<string>();
  private readonly wanted: Set<string>;
  constructor(names: readonly string[]) {
    this.wanted = new Set(names);
  }

  body(body: readonly Statement[]): void {
    for (const statement of body) this.statement(statement);
  }

  private read(...expressions: (Expression | null)[]): void {
    for (const expression of expressions) {
      if (!expression) continue;
      if (expression.kind === 'name' && this.wanted.has(expression.name)) this.found.add(expression.name);
      this.read(...partsOf(expression));
    }
  }

  private write(target: Target): void {
    if (target.kind === 'tuple') for (const item of target.items) this.write(item);
    else if (target.kind === 'name') this.wanted.delete(target.name);
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'output':
        this.read(...statement.parts.filter((part) => typeof part !== 'string'));
        return;
      case 'for':
        this.write(statement.target);
        this.read(statement.source);
        this.body(statement.body);
        this.body(statement.otherwise);
        this.read(statement.test);
        return;
      case 'if':
        this.read(statement.test);
        this.body(statement.body);
        for (const elif of statement.elifs) {
          this.read(elif.test);
          this.body(elif.body);
        }
        this.body(statement.otherwise);
        return;
      case 'set':
        this.write(statement.target);
        this.read(statement.value);
        return;
      case 'set block':
        this.write(statement.target);
        this.read(statement.filter);
        this.body(statement.body);
        return;
      case 'macro':
      case 'call block':
        if (statement.kind === 'call block') this.read(statement.call);
        for (const name of statement.signature.names) this.wanted.delete(name);
        this.read(...statement.signature.defaults);
        this.body(statement.body);
        return;
      case 'filter block':
        this.body(statement.body);
        this.read(statement.filter);
        return;
      case 'with':
        for (const target of statement.targets) this.write(target);
        this.read(...statement.values);
        this.body(statement.body);
        return;
      case 'generation':
      case 'scope':
        this.body(statement.body);
        return;
    }
  }
}

/** Whether a name is assigned to somewhere in a body: `loop` may not be. */
export function assigns(body: readonly Statement[], name: string): boolean {
  const hits = (target: Target): boolean =>
    target.kind === 'tuple' ? target.items.some(hits) : target.kind === 'name' && target.name === name;
  return body.some((statement) => {
    if ('target' in statement && hits(statement.target)) return true;
    if ('body' in statement && assigns(statement.body, name)) return true;
    if (statement.kind === 'if' && statement.elifs.some((elif) => assigns(elif.body, name))) return true;
    return 'otherwise' in statement && assigns(statement.otherwise, name);
  });
}
