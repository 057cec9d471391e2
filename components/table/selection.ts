/**
 * What is picked in a list: rows by id, or everything the query finds (also what is on other pages) but some rows.
 * A bulk act gets this as it is: it never sends ten thousand ids.
 */
export type Selection = { kind: 'rows'; ids: ReadonlySet<string> } | { kind: 'query'; except: ReadonlySet<string> };

export const NOTHING: Selection = { kind: 'rows', ids: new Set() };

export const isPicked = (selection: Selection, id: string): boolean =>
  selection.kind === 'rows' ? selection.ids.has(id) : !selection.except.has(id);

/** @param total rows that the query finds, on all pages */
export const countPicked = (selection: Selection, total: number): number =>
  selection.kind === 'rows' ? selection.ids.size : Math.max(0, total - selection.except.size);

function withRows(ids: ReadonlySet<string>, rows: readonly string[], isIn: boolean): Set<string> {
  const next = new Set(ids);
  for (const row of rows) {
    if (isIn) next.add(row);
    else next.delete(row);
  }
  return next;
}

/** Picks or drops these rows, whichever way the selection is kept. */
export const pick = (selection: Selection, rows: readonly string[], isOn: boolean): Selection =>
  selection.kind === 'rows'
    ? { kind: 'rows', ids: withRows(selection.ids, rows, isOn) }
    : { kind: 'query', except: withRows(selection.except, rows, !isOn) };

/** Once: the page. Again, with the page picked: all of the query. Again: nothing. */
export function pickAll(selection: Selection, page: readonly string[]): Selection {
  if (selection.kind === 'query') return NOTHING;
  return page.every((id) => selection.ids.has(id)) && page.length > 0
    ? { kind: 'query', except: new Set() }
    : pick(selection, page, true);
}
