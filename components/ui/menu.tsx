'use client';
import { Check } from 'lucide-react';
import Link from 'next/link';
import {
  CheckboxItem,
  Content,
  Item,
  ItemIndicator,
  Label,
  Portal,
  Root,
  Separator,
  Trigger,
} from 'radix-ui/dropdown-menu';
import type { ReactElement, ReactNode } from 'react';

export type MenuEntry =
  | { kind: 'act'; label: string; run: () => void; keys?: ReactNode; danger?: boolean; disabled?: boolean }
  | { kind: 'link'; label: string; href: string }
  | { kind: 'check'; label: string; checked: boolean; onChange: (checked: boolean) => void }
  | { kind: 'title'; label: string }
  | { kind: 'line' };

const row =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded-sm ps-7 pe-2 outline-none data-disabled:opacity-50 data-highlighted:bg-selected relative';

/** Acts behind one button. Not modal: the page scrolls on, and no scroll lock needs a style element. */
export function Menu({
  trigger,
  label,
  entries,
  align = 'end',
}: {
  trigger: ReactElement;
  label: string;
  entries: MenuEntry[];
  align?: 'start' | 'end';
}) {
  return (
    <Root modal={false}>
      <Trigger asChild>{trigger}</Trigger>
      <Portal>
        <Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-40 max-h-[70vh] min-w-48 overflow-y-auto rounded-md border border-line-strong bg-bg p-1 text-base shadow-raised"
        >
          {entries.map((entry, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines and titles have no name of their own
            <MenuRow key={at} entry={entry} />
          ))}
        </Content>
      </Portal>
    </Root>
  );
}

function MenuRow({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case 'line':
      return <Separator className="-mx-1 my-1 h-px bg-line" />;
    case 'title':
      return <Label className="px-2 py-1 text-ink-3 text-label">{entry.label}</Label>;
    case 'link':
      return (
        <Item asChild className={row}>
          <Link href={entry.href}>{entry.label}</Link>
        </Item>
      );
    case 'check':
      return (
        <CheckboxItem
          className={row}
          checked={entry.checked}
          onCheckedChange={entry.onChange}
          onSelect={(event) => event.preventDefault()}
        >
          <ItemIndicator className="absolute left-2">
            <Check aria-hidden className="size-4" />
          </ItemIndicator>
          {entry.label}
        </CheckboxItem>
      );
    case 'act':
      return (
        <Item
          className={`${row} ${entry.danger ? 'text-fail' : ''}`}
          disabled={entry.disabled}
          onSelect={() => entry.run()}
        >
          <span className="flex-1">{entry.label}</span>
          {entry.keys}
        </Item>
      );
  }
}
