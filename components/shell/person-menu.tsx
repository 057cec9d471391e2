'use client';
import { CircleUserRound } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { CheckboxField } from '../ui/field.tsx';
import { Radio } from '../ui/input.tsx';
import { readDisplay } from './display.ts';
import { DensitySwitch, ThemeSwitch } from './display-switch.tsx';
import { useKeySettings } from './keys-provider.tsx';
import type { ShellPerson, ShellProject } from './shell.tsx';

const PANEL = 'person-menu';

/**
 * Who one is, which project, how it looks. The browser's own popover: it closes on Escape and on a click beside it, and
 * costs the desks none of the script that a positioned menu would (about 20 kB).
 */
export function PersonMenu(props: {
  person: ShellPerson;
  project: ShellProject | null;
  projects?: readonly ShellProject[];
  onProject?: (projectId: string) => void;
  onSignOut: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button tone="quiet" popoverTarget={PANEL} aria-label={`${props.person.name}, account and display`}>
        <CircleUserRound aria-hidden />
        <span className="hidden max-w-32 truncate sm:inline">{props.person.name}</span>
      </Button>
      <div
        id={PANEL}
        popover="auto"
        role="dialog"
        aria-label="Account and display"
        onToggle={(event) => setOpen(event.newState === 'open')}
        className="fixed inset-auto top-11 right-3 m-0 w-72 max-w-[calc(100%-1.5rem)] rounded-md border border-line-strong bg-bg p-0 text-ink shadow-raised"
      >
        {isOpen && <Panel {...props} />}
      </div>
    </>
  );
}

function Panel({ person, project, projects = [], onProject, onSignOut }: Parameters<typeof PersonMenu>[0]) {
  const { settings, setLettersOff } = useKeySettings();
  const shown = document.documentElement.dataset;
  const { theme, density } = readDisplay((cookie) => shown[cookie.replace('assay-', '')]);
  return (
    <div className="flex flex-col divide-y divide-line">
      <div className="px-3 py-2">
        <p className="truncate font-medium">{person.name}</p>
        <p className="truncate text-ink-3 text-label">
          {person.email} · {person.role}
        </p>
      </div>
      {projects.length > 1 && (
        <fieldset className="px-3 py-2">
          <legend className="sr-only">Project</legend>
          {projects.map((one) => (
            <label key={one.id} className="flex h-7 items-center gap-2">
              <Radio name="project" checked={one.id === project?.id} onChange={() => onProject?.(one.id)} />
              <span className="truncate">{one.name}</span>
            </label>
          ))}
        </fieldset>
      )}
      <div className="flex flex-col items-start gap-2 px-3 py-2.5">
        <ThemeSwitch initial={theme} />
        <DensitySwitch initial={density} />
        <CheckboxField
          label="Letter keys"
          checked={!settings.lettersOff}
          onChange={(event) => setLettersOff(!event.target.checked)}
        />
      </div>
      <div className="flex items-center justify-between px-1.5 py-1.5">
        <Link href="/me" prefetch={false} className="flex h-7 items-center rounded-md px-1.5 hover:bg-sunken">
          Me and my keys
        </Link>
        <Button size="small" tone="quiet" onClick={onSignOut}>
          Sign out
        </Button>
      </div>
    </div>
  );
}
