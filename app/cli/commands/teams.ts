// import teams: what would come of a file, and taking it in.
import path from 'node:path';
import type { TeamPlan } from '../../contract/people.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';
import { count, print } from '../print.ts';
import { chooseWorkspace, withHost } from '../with-host.ts';

/** Names of one line; the count says how many there are. */
const NAMED = 20;

export async function importTeams(
  environment: CliEnvironment,
  given: string,
  flags: CommonFlags & { readonly plan?: boolean },
): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id: workspace } = await chooseWorkspace(host, flags);
    const file = { path: path.resolve(given) };
    const plan = await host.call(flags.plan ? 'people.planTeams' : 'people.importTeams', { workspace, file });
    print(environment, flags, plan, lines(plan));
  });
}

function lines({ added, changed, removed, unchanged, archived, people }: TeamPlan): string[] {
  const away = people.filter(({ member }) => member === null).map(({ name }) => name);
  return [
    ...named(count(added.length, 'new team'), added),
    ...named(`${count(changed.length, 'team')} changed`, changed),
    ...named(`${count(removed.length, 'team')} not in the file any more, taken away`, removed),
    `${count(unchanged, 'team')} unchanged`,
    ...(archived > 0 ? [`${count(archived, 'archived team')} left out`] : []),
    `${people.length - away.length} of ${people.length} people are members here by name`,
    ...named(`${away.length} not here yet`, away),
  ];
}

function named(words: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const rest = names.length - NAMED;
  return [`${words}: ${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`];
}
