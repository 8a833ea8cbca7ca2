// init, join, invite, workspace list, relay attach.
import { isUnprotected, parseRelayUrl } from '../../host/relay-url.ts';
import type { CliEnvironment } from '../environment.ts';
import { columns, count, print } from '../print.ts';
import type { CommonFlags } from '../common-flags.ts';
import { chooseWorkspace, needSpace, withHost } from '../with-host.ts';

export async function init(
  environment: CliEnvironment,
  flags: CommonFlags & { readonly name: string; readonly workspace: string },
): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const entry = await host.call('workspace.create', { title: flags.workspace, name: flags.name });
    print(environment, flags, entry, [
      `"${entry.title}" is ready in ${host.folder}.`,
      'It lives on this computer until you attach a relay.',
    ]);
  });
}

export async function join(
  environment: CliEnvironment,
  link: string,
  flags: CommonFlags & { readonly name: string },
): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const entry = await host.call('workspace.join', { link, name: flags.name });
    print(environment, flags, entry, [
      `You are in "${entry.title}" now. Its documents come with the first "caravan open" or "caravan sync --wait".`,
    ]);
  });
}

export interface InviteFlags extends CommonFlags {
  readonly role?: 'admin' | 'member' | 'viewer' | 'guest';
  readonly space?: readonly string[];
  readonly expires?: number;
}

export async function invite(environment: CliEnvironment, flags: InviteFlags): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    const { role, expires } = flags;
    const part = role === 'guest' || role === 'viewer' ? role : 'member';
    const spaces: { space: string; role: typeof part }[] = [];
    for (const wanted of flags.space ?? []) spaces.push({ space: await needSpace(host, id, wanted), role: part });
    const made = await host.call('invite.create', {
      workspace: id,
      ...(role ? { role } : {}),
      ...(spaces.length > 0 ? { spaces } : {}),
      ...(expires ? { expires } : {}),
    });
    if (!made.told) environment.err('The relay does not know of this invitation yet: nobody can join by it before.');
    print(environment, flags, { link: made.link, invite: made.invite, told: made.told }, [made.link]);
  });
}

export async function listWorkspaces(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { workspaces } = await host.call('hello', {});
    const rows = workspaces.map((entry) => [entry.id, entry.title, entry.relay ?? 'no relay']);
    print(environment, flags, workspaces, rows.length > 0 ? columns(rows) : [`No workspace in ${host.folder} yet.`]);
  });
}

export async function attachRelay(
  environment: CliEnvironment,
  url: string,
  flags: CommonFlags & { readonly key?: string },
): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id, title } = await chooseWorkspace(host, flags);
    const relay = parseRelayUrl(url);
    const { link } = await host.call('relay.attach', { workspace: id, url, ...(flags.key ? { key: flags.key } : {}) });
    if (isUnprotected(relay)) {
      environment.err(
        `${relay} is not protected by TLS: whoever is on the way can read along. Use a wss:// address where you can.`,
      );
    }
    const members = await host.call('workspace.members', { workspace: id });
    print(environment, flags, { relay, link }, [
      `"${title}" keeps in step with ${relay} now (${count(members.length, 'member')}). Others join with this link:`,
      link,
    ]);
  });
}
