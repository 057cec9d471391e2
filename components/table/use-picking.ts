'use client';
import { useRef, useState } from 'react';
import { announce } from '../ui/announcer.tsx';
import { countPicked, isPicked, NOTHING, pick, pickAll, type Selection } from './selection.ts';

/** The selection of one list, by mouse and by key. @param ids rows of the page; @param total rows of the query */
export function usePicking(ids: readonly string[], total: number) {
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const anchor = useRef(0);
  function keep(next: Selection, said: string) {
    setSelection(next);
    announce(`${said}, ${countPicked(next, total)} picked`);
  }
  return {
    selection,
    count: countPicked(selection, total),
    isPage: ids.length > 0 && ids.every((id) => isPicked(selection, id)),
    has: (id: string) => isPicked(selection, id),
    toggle(row: number) {
      const id = ids[row];
      if (id === undefined) return;
      const isOn = !isPicked(selection, id);
      anchor.current = row;
      keep(pick(selection, [id], isOn), isOn ? 'Picked' : 'Dropped');
    },
    /** From the row picked last to this one. */
    pickTo(row: number) {
      const [from, to] = [anchor.current, row].sort((a, b) => a - b) as [number, number];
      keep(pick(selection, ids.slice(from, to + 1), true), 'Picked to here');
    },
    pickPage: (isOn: boolean) => setSelection(isOn ? pick(selection, ids, true) : NOTHING),
    pickQuery: () => setSelection({ kind: 'query', except: new Set() }),
    pickAll: () => keep(pickAll(selection, ids), 'All'),
    clear: () => setSelection(NOTHING),
  };
}
export type Picking = ReturnType<typeof usePicking>;
