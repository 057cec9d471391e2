'use client';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { IconButton } from '../ui/button.tsx';
import { Input } from '../ui/input.tsx';
import { type Find, MOST_HITS } from './use-find.ts';

export function FindBar({ find }: { find: Find }) {
  const { words, hits, place } = find;
  const count =
    hits.length >= MOST_HITS ? `${MOST_HITS.toLocaleString('en')} or more` : hits.length.toLocaleString('en');
  return (
    <search className="flex items-center gap-2 border-line border-b px-2 py-1.5">
      <Input
        autoFocus
        type="search"
        aria-label="Find in this transcript"
        placeholder="Find in this transcript"
        className="max-w-80"
        value={words}
        onChange={(event) => find.seek(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') find.close();
          if (event.key === 'Enter') (event.shiftKey ? find.previous : find.next)();
        }}
      />
      <output className="text-ink-2 text-label">
        {words !== '' && (hits.length === 0 ? 'Not found' : `${place + 1} of ${count}`)}
      </output>
      <span className="ms-auto flex">
        <IconButton label="Previous hit" size="small" disabled={hits.length === 0} onClick={find.previous}>
          <ChevronUp aria-hidden />
        </IconButton>
        <IconButton label="Next hit" size="small" disabled={hits.length === 0} onClick={find.next}>
          <ChevronDown aria-hidden />
        </IconButton>
        <IconButton label="Close find" size="small" onClick={find.close}>
          <X aria-hidden />
        </IconButton>
      </span>
    </search>
  );
}
