'use client';
import { Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, startTransition, useState } from 'react';
import { Announcer } from '../ui/announcer.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Toaster } from '../ui/toast.tsx';
import type { Answer } from '../ui/use-act.ts';
import { KeyHints } from './key-hints.tsx';
import type { ActId } from './keys.ts';
import { type ActHandlers, KeysProvider, useActs } from './keys-provider.tsx';
import type { NavGroup } from './navigation.ts';
import { PasswordDialog } from './password-dialog.tsx';
import { PersonMenu } from './person-menu.tsx';
import { Sidebar } from './sidebar.tsx';

// Opened by hand, so they come when asked for.
const Palette = dynamic(() => import('./palette.tsx').then((m) => m.Palette), { ssr: false });
const KeySheet = dynamic(() => import('./key-sheet.tsx').then((m) => m.KeySheet), { ssr: false });
const ActsMenu = dynamic(() => import('./acts-menu.tsx').then((m) => m.ActsMenu), { ssr: false });

export type ShellPerson = { id: string; name: string; email: string; role: string; lettersOff: boolean };
export type ShellProject = { id: string; name: string };

type ShellProps = {
  person: ShellPerson;
  /** The project worked in, and those one could change to. */
  project: ShellProject | null;
  projects?: readonly ShellProject[];
  onProject?: (projectId: string) => void;
  onSignOut: () => void | Promise<void>;
  onConfirm: (input: { password: string }) => Promise<Answer<void>>;
  groups: readonly NavGroup[];
  searchHref?: string;
  /** A sentence over every page: invented data, read-only, a backup that failed. */
  notice?: ReactNode;
  children: ReactNode;
};

/** The frame of the signed-in app: places at the left, where and who at the top, keys at the foot. */
export function Shell(props: ShellProps) {
  return (
    <KeysProvider personId={props.person.id} lettersOff={props.person.lettersOff}>
      <PasswordDialog email={props.person.email} onConfirm={props.onConfirm}>
        <Frame {...props} />
      </PasswordDialog>
    </KeysProvider>
  );
}

function Frame({ person, project, projects, onProject, onSignOut, groups, searchHref, notice, children }: ShellProps) {
  const router = useRouter();
  const [opened, setOpened] = useState<'palette' | 'keys' | 'acts' | null>(null);
  const close = () => setOpened(null);
  const goes: ActHandlers = Object.fromEntries(
    groups
      .flatMap((group) => group.items)
      .filter((item) => item.keys)
      .map((item) => [`go.${item.href === '/' ? 'home' : item.href.slice(1)}` as ActId, () => router.push(item.href)]),
  );
  useActs({
    ...goes,
    'palette.open': () => setOpened('palette'),
    'keys.show': () => setOpened('keys'),
    'acts.open': () => setOpened('acts'),
  });
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_auto_minmax(0,1fr)_auto] md:grid-cols-[13rem_minmax(0,1fr)] md:grid-rows-[3rem_minmax(0,1fr)_auto]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-bg px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="flex h-12 items-center gap-3 border-line border-b px-3 md:col-span-2">
        <Link href="/" className="flex items-center gap-2 rounded-sm px-1 font-semibold tracking-tight md:w-48">
          <Mark />
          Assay
        </Link>
        {project && <span className="min-w-0 truncate text-ink-2">{project.name}</span>}
        <button
          type="button"
          onClick={() => setOpened('palette')}
          aria-keyshortcuts="Control+K"
          className="ms-auto flex h-8 min-w-8 items-center gap-2 rounded-md border border-line-strong bg-bg px-2 text-ink-3 hover:border-ink-3 hover:text-ink-2 sm:w-64"
        >
          <Search aria-hidden className="size-4 shrink-0" />
          <span className="sr-only flex-1 truncate text-start sm:not-sr-only">Search and commands</span>
          <span className="hidden sm:inline">
            <Kbd keys="$mod+k" />
          </span>
        </button>
        <PersonMenu
          person={person}
          project={project}
          projects={projects}
          onProject={onProject}
          onSignOut={() => startTransition(onSignOut)}
        />
      </header>
      <div className="border-line max-md:border-b md:overflow-y-auto md:border-e md:bg-surface">
        <Sidebar groups={groups} />
      </div>
      {/* The notice takes its line; a desk then fills what is left and keeps its toolbar in sight. */}
      <main id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-col overflow-y-auto">
        {notice && (
          <div className="shrink-0 border-line border-b bg-surface px-6 py-1 text-ink-2 text-label">{notice}</div>
        )}
        <div className="min-h-0 flex-1">{children}</div>
      </main>
      <div className="hidden md:col-span-2 md:block">
        <KeyHints />
      </div>
      <Announcer />
      <Toaster />
      {opened === 'palette' && <Palette open onClose={close} groups={groups} searchHref={searchHref} />}
      {opened === 'keys' && <KeySheet open onClose={close} />}
      {opened === 'acts' && <ActsMenu open onClose={close} />}
    </div>
  );
}

/** A cupel with its bead: what an assayer is left with. */
const Mark = () => (
  <svg viewBox="0 0 20 20" aria-hidden="true" className="size-5 shrink-0">
    <path d="M3 7h14l-2 9a2 2 0 0 1-2 1.5H7A2 2 0 0 1 5 16Z" className="fill-none stroke-ink" strokeWidth="1.5" />
    <circle cx="10" cy="7" r="3.25" className="fill-accent" />
  </svg>
);
