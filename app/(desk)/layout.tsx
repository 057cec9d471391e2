import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { navigationFor } from '#components/shell/navigation.ts';
import { Shell } from '#components/shell/shell.tsx';
import { mayRole } from '#lib/core/policy/access.ts';
import { requireActor } from '#lib/http/require-actor.ts';
import { showWaiting } from '#lib/usecases/people/show-waiting.ts';
import { showProjects } from '#lib/usecases/people/work-in.ts';
import { confirm, leave, workIn } from './actions.ts';

/** The frame around every signed-in page. It shows who one is; each page proves it again (a layout is not rerun). */
export default async function DeskLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor();
  const { personId, name, email, role, lettersOff, projectId, projectName, isDemo } = actor;
  const [projects, counts] = await Promise.all([showProjects(actor), showWaiting(actor)]);
  return (
    <NuqsAdapter>
      <Shell
        person={{ id: personId ?? '', name, email, role: role ?? 'no role', lettersOff }}
        project={projectId ? { id: projectId, name: projectName } : null}
        projects={projects}
        onProject={workIn}
        groups={navigationFor(role, counts)}
        searchHref={mayRole(role, 'unit.search') ? '/units?q=%s' : undefined}
        onSignOut={leave}
        onConfirm={confirm}
        notice={isDemo ? 'Invented data: nobody in these logs exists.' : undefined}
      >
        {children}
      </Shell>
    </NuqsAdapter>
  );
}
