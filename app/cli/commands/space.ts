// space list, space create.
import type { CliEnvironment } from '../environment.ts';
import { columns, print } from '../print.ts';
import type { CommonFlags } from '../common-flags.ts';
import { chooseWorkspace, withHost } from '../with-host.ts';

export async function listSpaces(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    const spaces = await host.call('space.list', { workspace: id });
    print(
      environment,
      flags,
      spaces,
      columns(spaces.map((space) => [space.id, space.name, space.visibility, space.part ?? '', space.purpose])),
    );
  });
}

export async function createSpace(
  environment: CliEnvironment,
  name: string,
  flags: CommonFlags & { readonly invited?: boolean },
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    const space = await host.call('space.create', {
      workspace: id,
      name,
      visibility: flags.invited ? 'invited' : 'open',
    });
    print(environment, flags, space, [`Space "${space.name}" is there: ${space.id}`]);
  });
}
