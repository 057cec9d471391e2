/** The special variable `loop`. */
import { bind } from './arguments.ts';
import { equal } from './compare.ts';
import { Callable, itemsOf, iterate, Native, Tuple, typeError, Undefined, type Value } from './values.ts';

/** Renders the loop's body again over other items, one level deeper. */
export type Recurse = (items: Value, depth: number) => string;

export class Loop extends Native {
  readonly name = 'LoopContext';
  /** Of the present round; −1 before the first. */
  index0 = -1;
  private items: readonly Value[] | undefined;
  private source: Iterator<Value> | undefined;
  private readonly depth0: number;
  private ahead: { value: Value | undefined } | undefined;
  private current: Value | undefined;
  private before: Value | undefined;
  private size: number | undefined;
  private lastChange: Tuple | undefined;

  constructor(over: Value, recurse: Recurse | null, depth0: number) {
    super();
    this.items = itemsOf(over);
    if (!this.items) this.source = iterate(over);
    this.depth0 = depth0;
    this.invoke = (args, keywords) => {
      const [items] = bind('loop', ['iterable'], 1, args, keywords);
      if (!recurse) throw typeError("The loop must have the 'recursive' marker to be called recursively.");
      return recurse(items!, depth0 + 1);
    };
  }

  private pull(): Value | undefined {
    const next = this.source!.next();
    return next.done ? undefined : next.value;
  }

  private peek(): Value | undefined {
    if (this.items) return this.items[this.index0 + 1];
    this.ahead ??= { value: this.pull() };
    return this.ahead.value;
  }

  /** Goes on to the next item; undefined at the end. */
  next(): Value | undefined {
    const value = this.peek();
    this.ahead = undefined;
    if (value === undefined) return undefined;
    this.index0++;
    this.before = this.current;
    this.current = value;
    return value;
  }

  override length(): number {
    if (this.items) return this.items.length;
    if (this.size === undefined) {
      const rest: Value[] = this.ahead?.value === undefined ? [] : [this.ahead.value];
      for (let value = this.pull(); value !== undefined; value = this.pull()) rest.push(value);
      this.size = rest.length + this.index0 + 1;
      this.ahead = undefined;
      this.source = rest[Symbol.iterator]();
    }
    return this.size;
  }

  override repr(): string {
    return `<LoopContext ${this.index0 + 1}/${this.length()}>`;
  }

  attribute(name: string): Value | undefined {
    switch (name) {
      case 'index':
        return this.index0 + 1;
      case 'index0':
        return this.index0;
      case 'revindex':
        return this.length() - this.index0;
      case 'revindex0':
        return this.length() - this.index0 - 1;
      case 'first':
        return this.index0 === 0;
      case 'last':
        return this.peek() === undefined;
      case 'length':
        return this.length();
      case 'depth':
        return this.depth0 + 1;
      case 'depth0':
        return this.depth0;
      case 'previtem':
        return this.index0 === 0 ? new Undefined('there is no previous item') : this.before!;
      case 'nextitem':
        return this.peek() ?? new Undefined('there is no next item');
      case 'cycle':
        return new Callable(name, (args, keywords) => {
          if (keywords && keywords.size > 0) throw typeError('cycle() takes no keyword arguments');
          if (args.length === 0) throw typeError('no items for cycling given');
          return args[this.index0 % args.length]!;
        });
      case 'changed':
        return new Callable(name, (args, keywords) => {
          if (keywords && keywords.size > 0) throw typeError('changed() takes no keyword arguments');
          const value = new Tuple(args);
          if (this.lastChange && equal(this.lastChange, value)) return false;
          this.lastChange = value;
          return true;
        });
      default:
        return undefined;
    }
  }
}
