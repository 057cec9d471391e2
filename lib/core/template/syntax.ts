/** The tree of a template. `line` counts from 1. */
import type { Float } from './values.ts';

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export type Arguments = {
  args: Expression[];
  keywords: { name: string; value: Expression }[];
  star: Expression | null;
  doubleStar: Expression | null;
};

export type Name = { kind: 'name'; name: string; line: number };
export type Call = { kind: 'call'; callee: Expression; arguments: Arguments; line: number };
/** `value` null: the filter takes what the block around it has put out. */
export type FilterNode = { kind: 'filter'; value: Expression | null; name: string; arguments: Arguments; line: number };

export type Expression =
  | { kind: 'const'; value: string | number | bigint | boolean | null | Float; line: number }
  | Name
  | { kind: 'list' | 'tuple'; items: Expression[]; line: number }
  | { kind: 'dict'; pairs: [Expression, Expression][]; line: number }
  | { kind: 'attribute'; value: Expression; name: string; line: number }
  | { kind: 'item'; value: Expression; key: Expression; line: number }
  | SliceNode
  | Call
  | FilterNode
  | { kind: 'test'; value: Expression; name: string; arguments: Arguments; line: number }
  | { kind: 'not' | 'negate' | 'positive'; value: Expression; line: number }
  | { kind: 'and' | 'or'; left: Expression; right: Expression; line: number }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression; line: number }
  | { kind: 'concat'; parts: Expression[]; line: number }
  | { kind: 'compare'; first: Expression; rest: { operator: CompareOperator; value: Expression }[]; line: number }
  | { kind: 'if'; test: Expression; yes: Expression; otherwise: Expression | null; line: number };

/** Only inside brackets. */
export type SliceNode = {
  kind: 'slice';
  start: Expression | null;
  stop: Expression | null;
  step: Expression | null;
  line: number;
};

export type Target =
  | Name
  | { kind: 'tuple'; items: Target[]; line: number }
  | { kind: 'member'; name: string; attribute: string; line: number };

/** Parameters of a macro or call block; `defaults` belong to the last ones. */
export type Signature = { names: string[]; defaults: Expression[] };

export type MacroNode = { kind: 'macro'; name: string; signature: Signature; body: Statement[]; line: number };
export type CallBlock = { kind: 'call block'; call: Call; signature: Signature; body: Statement[]; line: number };
/** `{% generation %}`: what the assistant says. */
export type GenerationBlock = { kind: 'generation'; body: Statement[]; line: number };

export type For = {
  kind: 'for';
  target: Target;
  source: Expression;
  test: Expression | null;
  recursive: boolean;
  body: Statement[];
  otherwise: Statement[];
  line: number;
};

export type If = {
  kind: 'if';
  test: Expression;
  body: Statement[];
  elifs: { test: Expression; body: Statement[]; line: number }[];
  otherwise: Statement[];
  line: number;
};

export type Statement =
  | { kind: 'output'; parts: (string | Expression)[]; line: number }
  | For
  | If
  | { kind: 'set'; target: Target; value: Expression; line: number }
  | { kind: 'set block'; target: Target; filter: FilterNode | null; body: Statement[]; line: number }
  | MacroNode
  | CallBlock
  | GenerationBlock
  | { kind: 'filter block'; filter: FilterNode; body: Statement[]; line: number }
  | { kind: 'with'; targets: Target[]; values: Expression[]; body: Statement[]; line: number }
  | { kind: 'scope'; body: Statement[]; line: number }
  | { kind: 'block'; name: string; required: boolean; body: Statement[]; line: number }
  | { kind: 'break' | 'continue'; line: number }
  /** `extends`, `include`, `import`: there is no other template to load. */
  | { kind: 'load'; names: string[]; what: string; line: number };
