// init, join, workspace list, relay attach and detach.
import { isUnprotected, parseRelayUrl } from '../../host/relay-url.ts';
import type { CliEnvironment } from '../environment.ts';
import { columns, count, print } from '../print.ts';
import type { CommonFlags } from '../common-flags.ts';
import { chooseWorkspace, withHost } from '../with-host.ts';
import { joinAsDevice } from './own.ts';
import { linkOf } from './people.ts';

export async function init(
  environment: CliEnvironment,
  flags: CommonFlags & { readonly name: string; readonly workspace: string },
): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const entry = await host.call('workspace.create', {
      title: flags.workspace,
      name: flags.name,
      offTopic: true,
    });
    print(environment, flags, entry, [
      `"${entry.title}" is ready in ${host.folder}.`,
      'It lives on this computer until you attach a relay.',
    ]);
  });
}

export async function join(
  environment: CliEnvironment,
  link: string,
  flags: CommonFlags & { readonly name: string; readonly timeout: number },
): Promise<void> {
  const text = await linkOf(link);
  if (/^\s*caravan:\/\/device\b/.test(text)) {
    await joinAsDevice(environment, text, flags);
    return;
  }
  await withHost(environment, flags, { links: true }, async (host) => {
    const entry = await host.call('workspace.join', { link: text, name: flags.name });
    print(environment, flags, entry, [
      `You are in "${entry.title}" now. Its documents come with the first "caravan open" or "caravan sync --wait".`,
    ]);
  });
}

export async function listWorkspaces(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: false, onlyReads: true }, async (host) => {
    const { workspaces } = await host.call('hello', {});
    const rows = workspaces.map(({ id, title, relay, role, mine }) => {
      return [id, title, mine === 'member' ? role : mine, relay ?? 'no relay'];
    });
    print(environment, flags, workspaces, rows.length > 0 ? columns(rows) : [`No workspace in ${host.folder} yet.`]);
  });
}

export async function attachRelay(
  environment: CliEnvironment,
  url: string,
  flags: CommonFlags & { readonly key?: string },
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id, title } = await chooseWorkspace(host, flags);
    const relay = parseRelayUrl(url);
    const { link } = await host.call('relay.attach', {
      workspace: id,
      url,
      ...(flags.key === undefined ? {} : { key: flags.key }),
    });
    if (isUnprotected(relay)) {
      environment.err(
        `${relay} is not protected by TLS: whoever is on the way can read along. Use a wss:// address where you can.`,
      );
    }
    const members = await host.call('workspace.members', { workspace: id });
    print(environment, flags, { relay, link }, [
      `"${title}" keeps in step with ${relay} now (${count(members.length, 'member')}).`,
      ...(link === '' ? [] : ['One person can join with this link; for more: caravan invite', link]),
    ]);
  });
}

export async function detachRelay(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id, title } = await chooseWorkspace(host, flags);
    await host.call('relay.detach', { workspace: id });
    print(environment, flags, { workspace: id, relay: null }, [
      `"${title}" goes on without a relay: members' computers keep in step when they meet, and this one puts the list of members in order.`,
      'What the others had on the relay and this computer has not, comes from their computers.',
    ]);
  });
}
