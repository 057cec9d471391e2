'use client';
import { CircleUserRound } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { type Density, THEMES, type Theme } from './display.ts';
import { keepDensity, keepTheme } from './display-switch.tsx';
import { useKeySettings } from './keys-provider.tsx';
import type { ShellPerson, ShellProject } from './shell.tsx';

const WORDS: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

export function PersonMenu({
  person,
  project,
  projects = [],
  onProject,
  onSignOut,
}: {
  person: ShellPerson;
  project: ShellProject | null;
  projects?: readonly ShellProject[];
  onProject?: (projectId: string) => void;
  onSignOut: () => void;
}) {
  const { settings, setLettersOff } = useKeySettings();
  const shown = typeof document === 'undefined' ? {} : document.documentElement.dataset;
  const entries: MenuEntry[] = [
    { kind: 'title', label: `${person.email} · ${person.role}` },
    ...(projects.length > 1
      ? [
          { kind: 'line' } as const,
          { kind: 'title', label: 'Project' } as const,
          ...projects.map((one) => ({
            kind: 'check' as const,
            label: one.name,
            checked: one.id === project?.id,
            onChange: () => onProject?.(one.id),
          })),
        ]
      : []),
    { kind: 'line' },
    { kind: 'title', label: 'Theme' },
    ...THEMES.map((theme) => ({
      kind: 'check' as const,
      label: WORDS[theme],
      checked: (shown.theme ?? 'system') === theme,
      onChange: () => keepTheme(theme),
    })),
    { kind: 'line' },
    {
      kind: 'check',
      label: 'Compact rows',
      checked: shown.density === 'compact',
      onChange: (isCompact) => keepDensity((isCompact ? 'compact' : 'comfortable') satisfies Density),
    },
    { kind: 'check', label: 'Letter keys', checked: !settings.lettersOff, onChange: (on) => setLettersOff(!on) },
    { kind: 'line' },
    { kind: 'link', label: 'Me and my keys', href: '/me' },
    { kind: 'act', label: 'Sign out', run: onSignOut },
  ];
  return (
    <Menu
      label="Account and display"
      entries={entries}
      trigger={
        <Button tone="quiet" aria-label={`${person.name}, account and display`}>
          <CircleUserRound aria-hidden />
          <span className="hidden max-w-32 truncate sm:inline">{person.name}</span>
        </Button>
      }
    />
  );
}
