'use client';
import { Command } from 'cmdk';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { keysOf } from './keys.ts';
import { useKeyboard, useKeySettings, useLiveActs } from './keys-provider.tsx';
import type { NavGroup } from './navigation.ts';

const row =
  'flex h-8 cursor-default items-center justify-between gap-2 rounded-sm px-2 data-[selected=true]:bg-selected data-[disabled=true]:opacity-50';

/** Ctrl K: go anywhere, do anything that works now, or search the units; each act shows its key. */
export function Palette({
  open,
  onClose,
  groups,
  searchHref,
}: {
  open: boolean;
  onClose: () => void;
  groups: readonly NavGroup[];
  /** Address of the search with `%s` where the words go; leave out for roles that may not search. */
  searchHref?: string;
}) {
  const router = useRouter();
  const keyboard = useKeyboard();
  const { settings } = useKeySettings();
  const acts = useLiveActs().filter((item) => item.id !== 'palette.open' && !item.id.startsWith('go.'));
  const [words, setWords] = useState('');
  function go(href: string) {
    onClose();
    router.push(href);
  }
  return (
    <Dialog open={open} onClose={onClose} title="Search and commands" isBare>
      <Command label="Search and commands" loop>
        <Command.Input
          value={words}
          onValueChange={setWords}
          placeholder="Where to, what to do, or words to find in units"
          className="h-11 w-full border-line border-b bg-transparent px-4 outline-none"
        />
        <Command.List className="max-h-96 overflow-y-auto p-2">
          <Command.Empty className="px-2 py-4 text-ink-2">Nothing of that name.</Command.Empty>
          {searchHref && words.trim() !== '' && (
            <Command.Item
              forceMount
              value={`find ${words}`}
              className={row}
              onSelect={() => go(searchHref.replace('%s', encodeURIComponent(words.trim())))}
            >
              Find “{words.trim()}” in units
            </Command.Item>
          )}
          <Heading name="Go to">
            {groups.flatMap((group) =>
              group.items.map((item) => (
                <Command.Item
                  key={item.href}
                  value={`go to ${item.label}`}
                  className={row}
                  onSelect={() => go(item.href)}
                >
                  {item.label}
                  {item.keys && <Kbd keys={item.keys} />}
                </Command.Item>
              )),
            )}
          </Heading>
          <Heading name="Do">
            {acts.map((item) => (
              <Command.Item
                key={item.id}
                value={`${item.label} ${item.id}`}
                className={row}
                onSelect={() => {
                  onClose();
                  keyboard?.run(item.id);
                }}
              >
                {item.label}
                <Kbd keys={keysOf(item, settings.remap)[0] ?? ''} />
              </Command.Item>
            ))}
          </Heading>
        </Command.List>
      </Command>
    </Dialog>
  );
}

const Heading = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <Command.Group
    heading={name}
    className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-label"
  >
    {children}
  </Command.Group>
);
