// space list, space create, space unsent.
import { writeFile } from 'node:fs/promises';
import { fileError } from '../../host/file-error.ts';
import type { CliEnvironment } from '../environment.ts';
import { columns, count, print } from '../print.ts';
import type { CommonFlags } from '../common-flags.ts';
import { chooseWorkspace, needSpace, withHost } from '../with-host.ts';

export async function listSpaces(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: false, onlyReads: true }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    const spaces = await host.call('space.list', { workspace: id });
    print(
      environment,
      flags,
      spaces,
      columns(
        spaces.map((space) => [
          space.id,
          space.name,
          space.visibility,
          space.part ?? (space.lost ? 'lost' : ''),
          space.purpose,
        ]),
      ),
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

export async function unsentWords(
  environment: CliEnvironment,
  which: string,
  flags: CommonFlags & { readonly save?: string; readonly release?: boolean },
): Promise<void> {
  // With links: what waits for a relay is what its link knows.
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id: workspace } = await chooseWorkspace(host, flags);
    const space = await needSpace(host, workspace, which);
    if (flags.save !== undefined) {
      const zip = await host.call('lost.export', { workspace, space });
      await writeFile(flags.save, Buffer.from(zip.base64, 'base64'), { flag: 'wx' }).catch((error: unknown) => {
        throw fileError(error, `${flags.save ?? ''} cannot be written.`);
      });
      if (!flags.release)
        print(environment, flags, { saved: flags.save }, [`${count(zip.pages, 'page')} in ${flags.save}`]);
    }
    if (flags.release) {
      const released = await host.call('lost.release', { workspace, space });
      print(environment, flags, released, [`${count(released.released, 'document')} deleted here.`]);
    }
    if (flags.save !== undefined || flags.release) return;
    const waiting = await host.call('lost.list', { workspace, space });
    print(
      environment,
      flags,
      waiting,
      waiting.map(({ id, title }) => `${id}  ${title}`),
    );
  });
}
