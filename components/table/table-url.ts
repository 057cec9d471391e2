'use client';
/**
 * The state of a list in its address: `?sort=-tokens&page=2&size=50&hide=lang,model&q=refund&kind=agent,qa`.
 * What is the default is left out, so a plain list has a plain address and a saved view is an address with a name.
 */
import { createParser, parseAsArrayOf, parseAsInteger, parseAsString, useQueryState, useQueryStates } from 'nuqs';
import { useTransition } from 'react';
import { parseSort, type Sort, writeSort } from './sort.ts';

export const PAGE_SIZES = [25, 50, 100] as const;

const sortParser = createParser({
  parse: parseSort,
  serialize: writeSort,
  eq: (a, b) => a.column === b.column && a.isDescending === b.isDescending,
});
const listParser = parseAsArrayOf(parseAsString, ',');

/** Sort, page, page size and hidden columns. Changes go to the server (not shallow); `isPending` until it has answered. */
export function useTableUrl(defaults: { sort?: Sort; size?: number; hidden?: readonly string[] } = {}) {
  const [isPending, startTransition] = useTransition();
  const [state, set] = useQueryStates(
    {
      sort: defaults.sort ? sortParser.withDefault(defaults.sort) : sortParser,
      page: parseAsInteger.withDefault(1),
      size: parseAsInteger.withDefault(defaults.size ?? 50),
      hide: listParser.withDefault([...(defaults.hidden ?? [])]),
    },
    { shallow: false, startTransition, history: 'replace' },
  );
  return {
    ...state,
    isPending,
    setSort: (sort: Sort | null) => set({ sort, page: null }),
    setPage: (page: number) => set({ page }, { history: 'push' }),
    setSize: (size: number) => set({ size, page: null }),
    /** Columns are a matter of the browser alone. */
    setHidden: (hide: string[]) => set({ hide }, { shallow: true }),
  };
}

/** One filter with several values, `?kind=agent,qa`. Changing it goes back to page 1. */
export function useFilter(name: string) {
  const [isPending, startTransition] = useTransition();
  const options = { shallow: false, startTransition } as const;
  const [values, set] = useQueryState(name, listParser.withDefault([]).withOptions(options));
  const [, setPage] = useQueryState('page', parseAsInteger.withOptions(options));
  return {
    values,
    isPending,
    set: (next: readonly string[]) => {
      void setPage(null);
      return set(next.length > 0 ? [...next] : null);
    },
  };
}

/** The words of the search field, `?q=`. */
export function useSearchWords() {
  const [isPending, startTransition] = useTransition();
  const options = { shallow: false, startTransition } as const;
  const [words, set] = useQueryState('q', parseAsString.withDefault('').withOptions(options));
  const [, setPage] = useQueryState('page', parseAsInteger.withOptions(options));
  return {
    words,
    isPending,
    set: (next: string) => {
      void setPage(null);
      return set(next.trim() === '' ? null : next.trim());
    },
  };
}
