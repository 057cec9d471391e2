'use client';
import { Bookmark } from 'lucide-react';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CheckboxField, TextField } from '../ui/field.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';

/** `query` without the question mark. */
export type SavedView = { id: string; name: string; query: string; isShared?: boolean };

/** Named addresses of a list. Storing and dropping them are the page's acts. */
export function SavedViews({
  views,
  onSave,
  onDrop,
}: {
  views: readonly SavedView[];
  onSave?: (view: { name: string; query: string; isShared: boolean }) => void;
  onDrop?: (id: string) => void;
}) {
  const router = useRouter();
  const path = usePathname();
  const params = useSearchParams();
  const [isNaming, setNaming] = useState(false);
  const here = new URLSearchParams(params);
  here.delete('page');
  const query = here.toString();
  const current = views.find((view) => view.query === query);
  const entries: MenuEntry[] = [
    { kind: 'check', label: 'Everything', checked: query === '', onChange: () => router.push(path) },
    ...views.map((view) => ({
      kind: 'check' as const,
      label: view.isShared ? `${view.name} (shared)` : view.name,
      checked: view === current,
      onChange: () => router.push(`${path}?${view.query}`),
    })),
    { kind: 'line' },
  ];
  if (onSave) {
    entries.push({ kind: 'act', label: 'Save this view', run: () => setNaming(true), disabled: query === '' });
  }
  if (onDrop && current) {
    entries.push({ kind: 'act', label: `Drop “${current.name}”`, run: () => onDrop(current.id), danger: true });
  }
  function save(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onSave?.({ name: String(form.get('name')), query, isShared: form.get('shared') !== null });
    setNaming(false);
  }
  return (
    <>
      <Menu
        label="Views"
        entries={entries}
        trigger={
          <Button tone="quiet">
            <Bookmark aria-hidden />
            {current?.name ?? 'Views'}
          </Button>
        }
      />
      <Dialog open={isNaming} onClose={() => setNaming(false)} title="Save this view" width="narrow">
        <form className="flex flex-col gap-3" onSubmit={save}>
          <TextField label="Name" name="name" maxLength={60} autoFocus />
          <CheckboxField label="Share with the project" name="shared" />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setNaming(false)}>Cancel</Button>
            <Button type="submit" tone="primary">
              Save
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
