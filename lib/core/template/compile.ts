/** Turns the statements of a template into functions that write to a rendering. */
import { compile, compileCall, compileFilter, type Place } from './compile-expression.ts';
import { compileLoop } from './compile-loop.ts';
import { compileMacro } from './compile-macro.ts';
import { type Evaluate, Frame, reader } from './frame.ts';
import { SyntaxProblem } from './lexer.ts';
import { parseTemplate } from './parser.ts';
import type { Run } from './run.ts';
import { BREAK, CONTINUE, compileTarget, type Execute, forgetter, GO_ON, type Signal, starter } from './scopes.ts';
import { FunctionScope, Symbols, type Variable } from './symbols.ts';
import type { Expression, If, Statement, Target } from './syntax.ts';
import { str } from './text.ts';
import { isTrue, Namespace, PyError, type Value } from './values.ts';

/** @throws SyntaxProblem */
export function compileTemplate(source: string): (run: Run) => void {
  const statements = parseTemplate(source);
  const compiler = new Compiler(statements);
  const scope = new FunctionScope(null);
  const symbols = new Symbols(scope, null);
  symbols.visitBody(statements);
  const place = { symbols, soft: false, inLoop: false, topLevel: true };
  const start = starter(symbols);
  const body = compiler.body(statements, place);
  return (run) => {
    const frame = new Frame(scope, null, run);
    start(frame);
    body(frame);
  };
}

class Compiler {
  private readonly blocks = new Map<string, Execute>();
  private readonly hasBlocks: boolean;

  constructor(statements: readonly Statement[]) {
    this.hasBlocks = JSON.stringify(statements, (_key, value) =>
      typeof value === 'bigint' ? String(value) : value,
    ).includes('"kind":"block"');
  }

  body = (body: readonly Statement[], place: Place): Execute => {
    const steps = body.map((statement) => this.statement(statement, place));
    if (steps.length === 1) return steps[0]!;
    return (frame) => {
      for (let at = 0; at < steps.length; at++) {
        const signal = steps[at]!(frame);
        if (signal !== GO_ON) return signal;
      }
      return GO_ON;
    };
  };

  private statement(statement: Statement, place: Place): Execute {
    const execute = this.compiled(statement, place);
    const { line } = statement;
    if (statement.kind === 'output') return execute;
    return (frame) => {
      frame.run.line = line;
      return execute(frame);
    };
  }

  private compiled(statement: Statement, place: Place): Execute {
    switch (statement.kind) {
      case 'output':
        return this.output(statement.parts, place);
      case 'if':
        return this.condition(statement, place);
      case 'for':
        return compileLoop(statement, place, this.body);
      case 'set':
        return this.assignment(statement.target, compile(statement.value, place), place);
      case 'set block':
        return this.setBlock(statement, place);
      case 'macro': {
        const macro = compileMacro(statement.name, statement, place, this.body);
        return this.assignment({ kind: 'name', name: statement.name, line: statement.line }, macro, place);
      }
      case 'call block': {
        const caller = compileMacro('', statement, place, this.body);
        const call = compileCall(statement.call, place, caller);
        return (frame) => {
          const shown = str(call(frame));
          frame.run.out += shown;
          return GO_ON;
        };
      }
      case 'generation': {
        const block = compileMacro('', { ...statement, signature: { names: [], defaults: [] } }, place, this.body);
        return (frame) => {
          const text = str((block(frame) as { invoke: (args: Value[], keywords: null) => Value }).invoke([], null));
          frame.run.mark(text);
          frame.run.out += text;
          return GO_ON;
        };
      }
      case 'filter block':
        return this.filterBlock(statement, place);
      case 'with':
        return this.withBlock(statement, place);
      case 'scope': {
        const symbols = place.symbols.inner();
        symbols.visitBody(statement.body);
        return this.scoped(symbols, this.body(statement.body, { ...place, symbols, topLevel: false, soft: false }));
      }
      case 'block':
        return this.block(statement);
      case 'break':
      case 'continue': {
        if (!place.inLoop) throw new SyntaxProblem(`'${statement.kind}' outside loop`, statement.line);
        const signal = statement.kind === 'break' ? BREAK : CONTINUE;
        return () => signal;
      }
      case 'load': {
        if (statement.what === 'extends' && !place.topLevel) {
          throw new SyntaxProblem('cannot use extend from a non top-level scope', statement.line);
        }
        return () => {
          throw new PyError('TypeError', 'there is no other template to load');
        };
      }
    }
  }

  private output(parts: (string | Expression)[], place: Place): Execute {
    const steps = parts.map((part) => {
      if (typeof part === 'string') {
        return (frame: Frame) => {
          frame.run.out += part;
        };
      }
      const value = compile(part, place);
      const { line } = part;
      return (frame: Frame) => {
        frame.run.line = line;
        const shown = str(value(frame));
        frame.run.out += shown;
      };
    });
    if (steps.length === 1) {
      const [only] = steps;
      return (frame) => {
        only!(frame);
        return GO_ON;
      };
    }
    return (frame) => {
      for (let at = 0; at < steps.length; at++) steps[at]!(frame);
      return GO_ON;
    };
  }

  private condition(node: If, place: Place): Execute {
    const within = { ...place, soft: true };
    const branches = [{ test: node.test, body: node.body, line: node.line }, ...node.elifs].map(
      ({ test, body, line }) => ({
        test: compile(test, within),
        body: this.body(body, within),
        line,
      }),
    );
    const otherwise = this.body(node.otherwise, within);
    const [first] = branches;
    if (branches.length === 1) return (frame) => (isTrue(first!.test(frame)) ? first!.body(frame) : otherwise(frame));
    return (frame) => {
      for (const { test, body, line } of branches) {
        frame.run.line = line;
        if (isTrue(test(frame))) return body(frame);
      }
      return otherwise(frame);
    };
  }

  /** At the top level, what is set can be seen by blocks. */
  private assignment(target: Target, value: Evaluate, place: Place): Execute {
    const assign = compileTarget(target, place.symbols);
    const check = namespaceCheck(target, place.symbols);
    const publish = this.publisher(target, place);
    return (frame) => {
      check(frame);
      const made = value(frame);
      assign(frame, made);
      publish(frame);
      return GO_ON;
    };
  }

  private publisher(target: Target, place: Place): (frame: Frame) => void {
    if (!this.hasBlocks || !place.topLevel) return () => {};
    const names: [string, Variable][] = [];
    const collect = (one: Target): void => {
      if (one.kind === 'tuple') for (const item of one.items) collect(item);
      else if (one.kind === 'name') names.push([one.name, place.symbols.find(one.name)!]);
    };
    collect(target);
    const reads = names.map(([name, variable]) => ({ name, read: reader(place.symbols.scope, variable) }));
    return (frame) => {
      for (const { name, read } of reads) frame.run.exported.set(name, read(frame)!);
    };
  }

  /** Runs a body in a scope of its own inside the same function. */
  private scoped(symbols: Symbols, body: Execute): Execute {
    const start = starter(symbols);
    const forget = forgetter(symbols);
    return (frame) => {
      start(frame);
      const signal = body(frame);
      forget(frame);
      return signal;
    };
  }

  private setBlock(statement: Extract<Statement, { kind: 'set block' }>, place: Place): Execute {
    const symbols = place.symbols.inner();
    symbols.visitBody(statement.body);
    if (statement.filter) symbols.read(statement.filter);
    const within = { ...place, symbols, topLevel: false, soft: false };
    const body = this.body(statement.body, within);
    let held = '';
    const text: Evaluate = () => held;
    const value = statement.filter ? compileFilter(statement.filter, within, text) : text;
    const assign = this.assignment(statement.target, value, place);
    return this.scoped(symbols, (frame) => {
      let signal: Signal = GO_ON;
      const captured = frame.run.capture(() => {
        signal = body(frame);
      });
      if (signal !== GO_ON) return signal;
      held = captured;
      return assign(frame);
    });
  }

  private filterBlock(statement: Extract<Statement, { kind: 'filter block' }>, place: Place): Execute {
    const symbols = place.symbols.inner();
    symbols.visitBody(statement.body);
    symbols.read(statement.filter);
    const within = { ...place, symbols, topLevel: false, soft: false };
    const body = this.body(statement.body, within);
    let held = '';
    const filter = compileFilter(statement.filter, within, () => held);
    return this.scoped(symbols, (frame) => {
      let signal: Signal = GO_ON;
      const captured = frame.run.capture(() => {
        signal = body(frame);
      });
      if (signal !== GO_ON) return signal;
      held = captured;
      const shown = str(filter(frame));
      frame.run.out += shown;
      return GO_ON;
    });
  }

  private withBlock(statement: Extract<Statement, { kind: 'with' }>, place: Place): Execute {
    const symbols = place.symbols.inner();
    for (const target of statement.targets) symbols.write(target, true);
    symbols.visitBody(statement.body);
    const pairs = statement.targets.map((target, at) => ({
      assign: compileTarget(target, symbols),
      value: compile(statement.values[at]!, place),
    }));
    const body = this.body(statement.body, { ...place, symbols, topLevel: false, soft: false });
    return this.scoped(symbols, (frame) => {
      for (const { assign, value } of pairs) assign(frame, value(frame));
      return body(frame);
    });
  }

  private block(statement: Extract<Statement, { kind: 'block' }>): Execute {
    if (this.blocks.has(statement.name))
      throw new SyntaxProblem(`block '${statement.name}' defined twice`, statement.line);
    const scope = new FunctionScope(null);
    const symbols = new Symbols(scope, null);
    symbols.visitBody(statement.body);
    const start = starter(symbols);
    const body = this.body(statement.body, { symbols, soft: false, inLoop: false, topLevel: false });
    const execute: Execute = ({ run }) => {
      if (statement.required) throw new PyError('TemplateRuntimeError', 'Required block not found');
      const frame = new Frame(scope, null, run);
      start(frame);
      body(frame);
      return GO_ON;
    };
    this.blocks.set(statement.name, execute);
    return execute;
  }
}

/** `ns.name = …` needs a namespace, looked at before the value is worked out. */
function namespaceCheck(target: Target, symbols: Symbols): (frame: Frame) => void {
  const reads: ((frame: Frame) => Value | undefined)[] = [];
  const collect = (one: Target): void => {
    if (one.kind === 'tuple') for (const item of one.items) collect(item);
    else if (one.kind === 'member') reads.push(reader(symbols.scope, symbols.find(one.name)!));
  };
  collect(target);
  if (reads.length === 0) return () => {};
  return (frame) => {
    for (const read of reads) {
      if (!(read(frame) instanceof Namespace)) {
        throw new PyError('TemplateRuntimeError', 'cannot assign attribute on non-namespace object');
      }
    }
  };
}
