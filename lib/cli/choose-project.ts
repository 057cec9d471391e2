import { listProjects } from '#lib/store/projects.ts';
import { Refusal } from './command.ts';

export interface ChosenProject {
  id: string;
  slug: string;
  name: string;
}

/**
 * The project a store command works in: the one of that slug or name, else the only one there is.
 * @throws Refusal that lists the slugs when it is not clear which
 */
export async function chooseProject(named: string | undefined): Promise<ChosenProject> {
  const projects = await listProjects();
  if (projects.length === 0)
    throw new Refusal('there is no project yet: open the link of the first admin, or start with ASSAY_DEMO=1');
  const found = named === undefined ? projects : projects.filter(({ slug, name }) => slug === named || name === named);
  if (found.length === 1) return found[0]!;
  throw new Refusal(`say --project with one of: ${projects.map(({ slug }) => slug).join(', ')}`);
}
