'use client';
import { Columns3 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useActs } from '../shell/keys-provider.tsx';
import { Button } from '../ui/button.tsx';
import { CheckboxField } from '../ui/field.tsx';
import { Popover } from '../ui/popover.tsx';
import type { TableColumn } from './column.ts';

export function TableToolbar({
  filters,
  views,
  columns,
  hidden,
  onHidden,
}: {
  filters?: ReactNode;
  views?: ReactNode;
  columns: readonly TableColumn[];
  hidden: readonly string[];
  onHidden: (hidden: string[]) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const hideable = columns.filter((column) => column.hideable !== false);
  useActs({ 'table.columns': hideable.length > 0 && (() => setOpen(true)) });
  if (!filters && !views && hideable.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {filters}
      <div className="ms-auto flex items-center gap-2">
        {views}
        {hideable.length > 0 && (
          <Popover
            label="Columns"
            align="end"
            open={isOpen}
            onOpenChange={setOpen}
            trigger={
              <Button tone="quiet">
                <Columns3 aria-hidden />
                Columns
              </Button>
            }
          >
            {hideable.map((column) => (
              <CheckboxField
                key={column.id}
                label={column.label}
                checked={!hidden.includes(column.id)}
                onChange={(event) =>
                  onHidden(event.target.checked ? hidden.filter((id) => id !== column.id) : [...hidden, column.id])
                }
              />
            ))}
          </Popover>
        )}
      </div>
    </div>
  );
}
