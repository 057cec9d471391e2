/** JSON pointers with `*` for any item of a list: matching, looking up and taking away. */
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { pointerTo } from '../shared/json-access.ts';

const stepsOf = (pattern: string): string[] =>
  pattern
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** @returns the value that a pattern without `*` names, looking from `value` */
export function lookUp(value: Json, pattern: string): Json | undefined {
  let here: Json | undefined = value;
  if (pattern === '') return here;
  for (const step of stepsOf(pattern)) {
    if (!isObject(here)) return undefined;
    here = here[step];
  }
  return here;
}

/** The pointer with the places in lists as `*`. */
export const toPattern = (steps: readonly (string | number)[]): string =>
  pointerTo('', ...steps.map((step) => (typeof step === 'number' ? '*' : step)));

/** What is left of a value without the fields that these patterns name and all under them; undefined when nothing is. */
export function without(value: Json, patterns: ReadonlySet<string>): Json | undefined {
  const prune = (here: Json, at: string): Json | undefined => {
    if (patterns.has(at)) return undefined;
    if (Array.isArray(here)) {
      const kept = here.map((item) => prune(item, `${at}/*`) ?? null);
      return kept.some((item) => item !== null) ? kept : undefined;
    }
    if (isObject(here)) {
      const kept: JsonObject = Object.create(null);
      for (const key of Object.keys(here)) {
        const left = prune(here[key]!, pointerTo(at, key));
        if (left !== undefined) kept[key] = left;
      }
      return Object.keys(kept).length > 0 ? kept : undefined;
    }
    return here === null ? undefined : here;
  };
  return prune(value, '');
}
