/** What every template can name without being handed it. */
import { bind, index, text } from './arguments.ts';
import type { Run } from './run.ts';
import { str } from './text.ts';
import {
  Callable,
  Dict,
  itemsOf,
  type Keywords,
  Namespace,
  Native,
  PyError,
  Range,
  Tuple,
  toList,
  typeError,
  Undefined,
  type Value,
  valueError,
} from './values.ts';

const MAX_RANGE = 100_000;

function range(args: Value[], keywords: Keywords | null): Value {
  if (keywords && keywords.size > 0) throw typeError('range() takes no keyword arguments');
  if (args.length === 0 || args.length > 3) throw typeError('range expects 1 to 3 arguments');
  const [first, second, third] = args;
  const made =
    second === undefined
      ? new Range(0, index(first!), 1)
      : new Range(index(first!), index(second), third === undefined ? 1 : checkStep(index(third)));
  if (made.length > MAX_RANGE) throw new PyError('OverflowError', 'Range too big.');
  return made;
}

function checkStep(step: number): number {
  if (step === 0) throw valueError('range() arg 3 must not be zero');
  return step;
}

/** `dict(…)`: of a dict or of pairs, and of keywords. */
function makeDict(args: Value[], keywords: Keywords | null): Dict {
  if (args.length > 1) throw typeError('dict expected at most 1 argument');
  const [source] = args;
  let dict = new Dict();
  if (source instanceof Dict) dict = source.copy();
  else if (source !== undefined) {
    for (const pair of toList(source)) {
      const two = itemsOf(pair);
      if (!two) throw typeError('cannot convert dictionary update sequence element to a sequence');
      if (two.length !== 2) throw valueError('dictionary update sequence element has another length than 2');
      dict.set(two[0]!, two[1]!);
    }
  }
  for (const [name, value] of keywords ?? []) dict.set(name, value);
  return dict;
}

class Cycler extends Native {
  readonly name = 'Cycler';
  private readonly items: Value[];
  private at = 0;
  constructor(items: Value[]) {
    super();
    if (items.length === 0) throw new PyError('RuntimeError', 'at least one item has to be provided');
    this.items = items;
  }
  attribute(name: string): Value | undefined {
    if (name === 'current') return this.items[this.at]!;
    if (name === 'pos') return this.at;
    if (name === 'items') return new Tuple(this.items);
    if (name === 'reset') {
      return new Callable(name, () => {
        this.at = 0;
        return null;
      });
    }
    if (name !== 'next') return undefined;
    return new Callable(name, () => {
      const current = this.items[this.at]!;
      this.at = (this.at + 1) % this.items.length;
      return current;
    });
  }
}

class Joiner extends Native {
  readonly name = 'Joiner';
  private used = false;
  private readonly separator: Value;
  constructor(separator: Value) {
    super();
    this.separator = separator;
    this.invoke = (args, keywords) => {
      bind('joiner', [], 0, args, keywords);
      if (this.used) return this.separator;
      this.used = true;
      return '';
    };
  }
  attribute(name: string): Value | undefined {
    if (name === 'sep') return this.separator;
    return name === 'used' ? this.used : undefined;
  }
}

/** Globals that depend on nothing. */
const FIXED: [string, Value][] = [
  ['range', new Callable('safe_range', range)],
  ['dict', new Callable('dict', makeDict, 'type')],
  [
    'namespace',
    new Callable('jinja2.utils.Namespace', (args, keywords) => new Namespace(makeDict(args, keywords)), 'type'),
  ],
  [
    'cycler',
    new Callable(
      'jinja2.utils.Cycler',
      (args, keywords) => {
        bind('cycler', args.map(String), 0, args, keywords);
        return new Cycler(args);
      },
      'type',
    ),
  ],
  [
    'joiner',
    new Callable(
      'jinja2.utils.Joiner',
      (args, keywords) => new Joiner(bind('joiner', ['sep'], 0, args, keywords)[0] ?? ', '),
      'type',
    ),
  ],
  [
    'lipsum',
    new Callable('generate_lorem_ipsum', () => {
      throw new PyError('Limit', 'lipsum is chance, and chance has no place in a rendering');
    }),
  ],
  [
    'raise_exception',
    new Callable('raise_exception', (args, keywords) => {
      const [message] = bind('raise_exception', ['message'], 1, args, keywords);
      throw new PyError('TemplateError', message instanceof Undefined ? '' : str(message!));
    }),
  ],
];

export function makeGlobals(run: () => Run): Map<string, Value> {
  const globals = new Map<string, Value>(FIXED);
  globals.set(
    'strftime_now',
    new Callable('strftime_now', (args, keywords) =>
      run().formatNow(text(bind('strftime_now', ['format'], 1, args, keywords)[0]!)),
    ),
  );
  return globals;
}
