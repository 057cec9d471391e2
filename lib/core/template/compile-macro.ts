/** `{% macro %}`, the bodies of `{% call %}` and of `{% generation %}`: functions that give text. */

import { compile, type Place } from './compile-expression.ts';
import { type Evaluate, Frame } from './frame.ts';
import { SyntaxProblem } from './lexer.ts';
import { mentions } from './mentions.ts';
import { type CompileBody, starter } from './scopes.ts';
import { FunctionScope } from './symbols.ts';
import type { Signature, Statement } from './syntax.ts';
import { Callable, Dict, type Keywords, Tuple, typeError, Undefined, type Value } from './values.ts';

type MacroLike = { signature: Signature; body: Statement[]; line: number };

/** @returns what evaluates to the macro, bound to the variables around it */
export function compileMacro(name: string, node: MacroLike, place: Place, compileBody: CompileBody): Evaluate {
  const { names, defaults } = node.signature;
  if (new Set(names).size < names.length) throw new SyntaxProblem('duplicate argument in a macro', node.line);
  const scope = new FunctionScope(place.symbols.scope);
  const symbols = place.symbols.inner(scope);
  const slots = names.map((one) => symbols.parameter(one).slot);
  for (const value of defaults) symbols.read(value);
  symbols.visitBody(node.body);

  const special = mentions(node.body, ['caller', 'kwargs', 'varargs']);
  const ownCaller = names.indexOf('caller');
  if (special.has('caller') && ownCaller >= 0 && names.length - ownCaller > defaults.length) {
    throw new SyntaxProblem('the special "caller" argument must be omitted or be given a default.', node.line);
  }
  const slotOf = (one: string, wanted: boolean) => (wanted ? symbols.parameter(one).slot : -1);
  const callerSlot = slotOf('caller', special.has('caller') && ownCaller < 0);
  const keywordsSlot = slotOf('kwargs', special.has('kwargs') && !names.includes('kwargs'));
  const restSlot = slotOf('varargs', special.has('varargs') && !names.includes('varargs'));

  const within = { symbols, soft: false, inLoop: false, topLevel: false };
  const start = starter(symbols);
  const firstDefault = names.length - defaults.length;
  const otherwise = names.map((one, at): Evaluate => {
    if (at >= firstDefault) return compile(defaults[at - firstDefault]!, within);
    return () => new Undefined(`parameter '${one}' was not provided`);
  });
  const body = compileBody(node.body, within);

  const enter = (frame: Frame, args: Value[], given: Keywords | null): void => {
    const left: Keywords = new Map(given);
    for (let at = 0; at < names.length; at++) {
      const one = names[at]!;
      // What was given by place is not looked up by name: then a keyword of that name is one too many.
      frame.slots[slots[at]!] = at < args.length ? args[at] : left.get(one);
      if (at >= args.length) left.delete(one);
    }
    if (callerSlot >= 0) {
      frame.slots[callerSlot] = left.get('caller') ?? new Undefined('No caller defined');
      left.delete('caller');
    }
    if (keywordsSlot >= 0) frame.slots[keywordsSlot] = Dict.of(left);
    else if (left.size > 0) throw typeError(`macro '${name}' was given a keyword argument that it does not take`);
    if (restSlot >= 0) frame.slots[restSlot] = new Tuple(args.slice(names.length));
    else if (args.length > names.length)
      throw typeError(`macro '${name}' takes not more than ${names.length} argument(s)`);
  };

  const attributes = Dict.of([
    ['name', name === '' ? null : name],
    ['arguments', new Tuple(names)],
    ['catch_kwargs', keywordsSlot >= 0],
    ['catch_varargs', restSlot >= 0],
    ['caller', special.has('caller')],
    ['explicit_caller', ownCaller >= 0],
  ]);

  return (outer) => {
    const { run } = outer;
    return new Callable(
      name,
      (args, keywords) => {
        const frame = new Frame(scope, outer, run);
        enter(frame, args, keywords);
        run.enterCall();
        const text = run.capture(() => {
          start(frame);
          for (let at = 0; at < slots.length; at++) {
            if (frame.slots[slots[at]!] === undefined) frame.slots[slots[at]!] = otherwise[at]!(frame);
          }
          body(frame);
        });
        run.leaveCall();
        return text;
      },
      'macro',
      attributes,
    );
  };
}
