'use client';
import { useEffect, useState } from 'react';

type Politeness = 'polite' | 'assertive';
let listener: ((text: string, how: Politeness) => void) | undefined;

/** Says it to those who listen to the page. Short, no log text: "address marked, 2 in this unit, z undoes". */
export function announce(text: string, how: Politeness = 'polite'): void {
  listener?.(text, how);
}

/** The one pair of live regions of the page; stands in the desk's layout. */
export function Announcer() {
  const [said, setSaid] = useState({ polite: '', assertive: '', turn: 0 });
  useEffect(() => {
    listener = (text, how) => setSaid((old) => ({ ...old, [how]: text, turn: old.turn + 1 }));
    return () => {
      listener = undefined;
    };
  }, []);
  // The same sentence twice is only read twice when the text differs: a no-break space comes and goes.
  const pad = said.turn % 2 === 0 ? '' : '\u00a0';
  return (
    <div className="sr-only">
      <output aria-live="polite">{said.polite && said.polite + pad}</output>
      <div aria-live="assertive">{said.assertive && said.assertive + pad}</div>
    </div>
  );
}
