// member list|role|remove, invite, invite list|revoke, space grant|revoke|archive|enter|quit, log: who is in, and where.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/base/app-error.ts';
import { lowerRole } from '../../contract/access.ts';
import type { MemberEntry } from '../../contract/entities.ts';
import { logSentence } from '../../contract/log-sentences.ts';
import { spaceRole } from '../../contract/roles.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';
import { localDay, localMinute } from '../local-time.ts';
import { columns, count, print } from '../print.ts';
import { chooseWorkspace, needSpace, withHost, type OnHost } from '../with-host.ts';

type Work = (host: OnHost, workspace: string) => Promise<void>;

/** With a link: what is recorded is told to the relay before the command ends. */
async function inWorkspace(environment: CliEnvironment, flags: CommonFlags, work: Work): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    await work(host, (await chooseWorkspace(host, flags)).id);
  });
}

export async function listMembers(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await inWorkspace(environment, flags, async (host, workspace) => {
    const members = await host.call('workspace.members', { workspace });
    const rows = members.map((one) => [
      one.id,
      one.name || 'no name yet',
      one.removed ? 'not a member any more' : one.role,
      count(one.devices.length, 'computer'),
      one.me ? 'you' : '',
    ]);
    print(environment, flags, members, columns(rows));
  });
}

export async function setRole(
  environment: CliEnvironment,
  member: string,
  role: string,
  flags: CommonFlags,
): Promise<void> {
  await inWorkspace(environment, flags, async (host, workspace) => {
    const { id, name } = await findMember(host, workspace, member);
    if (role === 'owner') await host.call('owner.transfer', { workspace, member: id });
    else await host.call('member.role', { workspace, member: id, role: oneOf(lowerRole.options, role, 'role') });
    print(environment, flags, { member: id, role }, [`${name || id} is ${role} now.`]);
  });
}

export async function removeMember(environment: CliEnvironment, member: string, flags: CommonFlags): Promise<void> {
  await inWorkspace(environment, flags, async (host, workspace) => {
    const { id, name } = await findMember(host, workspace, member);
    await host.call('member.remove', { workspace, member: id });
    print(environment, flags, { member: id }, [
      `${name || id} is not in the workspace any more. What is on their computers stays there; nobody takes further changes of theirs.`,
    ]);
  });
}

interface InviteFlags extends CommonFlags {
  readonly role: string;
  readonly space?: readonly string[];
  readonly expires?: string;
  readonly until?: string;
  readonly file?: string;
  readonly qr?: boolean;
}

export async function invite(environment: CliEnvironment, flags: InviteFlags): Promise<void> {
  await inWorkspace(environment, flags, async (host, workspace) => {
    const role = oneOf(lowerRole.options, flags.role, 'role');
    const part = role === 'guest' ? 'guest' : role === 'viewer' ? 'viewer' : 'member';
    const spaces = [];
    for (const wanted of flags.space ?? [])
      spaces.push({ space: await needSpace(host, workspace, wanted), role: part } as const);
    const made = await host.call('invite.create', {
      workspace,
      role,
      ...(spaces.length > 0 ? { spaces } : {}),
      ...(flags.expires === undefined ? {} : { expires: milliseconds(flags.expires) }),
      ...(flags.until === undefined ? {} : { until: dateOf(flags.until) }),
    });
    if (!made.told) environment.err('The relay does not know of this invite yet: nobody can join by it before.');
    const file = flags.file === undefined ? null : path.resolve(flags.file);
    if (file !== null)
      await writeFile(file, `${JSON.stringify({ caravan: 'invite', link: made.link })}\n`, { mode: 0o600 });
    const lines = [
      made.link,
      ...(file === null ? [] : [`Also in ${file}.`]),
      ...(flags.qr ? await qrLines(made.link) : []),
    ];
    print(environment, flags, { ...made, ...(file === null ? {} : { file }) }, lines);
    if (!flags.json) {
      const end = localMinute(made.invite.expires);
      environment.err(`For one person, until ${end}. Whoever has the link can join with it: send it to them alone.`);
      if (made.link.includes('#v=3&')) {
        environment.err('It leads to this computer: they join on the same network, while Caravan is open here.');
      }
    }
  });
}

export async function listInvites(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await inWorkspace(environment, flags, async (host, workspace) => {
    const invites = await host.call('invite.list', { workspace });
    const rows = invites.map(({ id, role, state, expires }) => [id, role, state, localMinute(expires)]);
    print(environment, flags, invites, rows.length > 0 ? columns(rows) : ['No invites yet.']);
  });
}

export async function revokeInvite(environment: CliEnvironment, invited: string, flags: CommonFlags): Promise<void> {
  await inWorkspace(environment, flags, async (host, workspace) => {
    await host.call('invite.revoke', { workspace, invite: invited });
    print(environment, flags, { invite: invited }, ['Nobody can join with this invite any more.']);
  });
}

export async function grantSpace(
  environment: CliEnvironment,
  names: { readonly space: string; readonly member: string; readonly role: string },
  flags: CommonFlags & { readonly until?: string },
): Promise<void> {
  await inWorkspace(environment, flags, async (host, workspace) => {
    const space = await needSpace(host, workspace, names.space);
    const { id, name } = await findMember(host, workspace, names.member);
    const role = oneOf(spaceRole.options, names.role, 'role in a space');
    const until = flags.until === undefined ? {} : { until: dateOf(flags.until) };
    await host.call('space.grant', { workspace, space, member: id, role, ...until });
    print(environment, flags, { space, member: id, role }, [`${name || id} is ${role} of this space now.`]);
  });
}

export async function revokeSpace(
  environment: CliEnvironment,
  space: string,
  member: string,
  flags: CommonFlags,
): Promise<void> {
  await inWorkspace(environment, flags, async (host, workspace) => {
    const id = await needSpace(host, workspace, space);
    const who = await findMember(host, workspace, member);
    await host.call('space.revoke', { workspace, space: id, member: who.id });
    print(environment, flags, { space: id, member: who.id }, [
      `${who.name || who.id} has no part in this space any more.`,
    ]);
  });
}

export async function changeSpace(
  environment: CliEnvironment,
  change: 'space.archive' | 'space.enter' | 'space.quit',
  space: string,
  flags: CommonFlags,
): Promise<void> {
  await inWorkspace(environment, flags, async (host, workspace) => {
    const id = await needSpace(host, workspace, space);
    await host.call(change, { workspace, space: id });
    const said = {
      'space.archive': 'The space is archived: it can be read, not changed.',
      'space.enter': 'You are in this space now.',
      'space.quit': 'You left this space.',
    };
    print(environment, flags, { space: id }, [said[change]]);
  });
}

export async function showLog(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await inWorkspace(environment, flags, async (host, workspace) => {
    const entries = await host.call('log.list', { workspace });
    const members = await host.call('workspace.members', { workspace });
    const people = new Map(members.map((one) => [one.id, one]));
    const spaces = new Map((await host.call('space.list', { workspace })).map((one) => [one.id, one.name]));
    const names = {
      me: members.find((one) => one.me)?.id ?? null,
      member: (id: string) => people.get(id)?.name ?? '',
      space: (id: string) => spaces.get(id) ?? '',
      device: (member: string | null, device: string) =>
        people.get(member ?? '')?.devices.find((one) => one.id === device)?.name ?? '',
      document: () => '',
      day: localDay,
    };
    const said = entries.map((entry) => ({ ...entry, sentence: logSentence(entry, names) }));
    const lines = said.map(({ at, sentence }) => `${localMinute(at)}  ${sentence}`);
    print(environment, flags, said, lines);
  });
}

/** By id or by name. */
export async function findMember(host: OnHost, workspace: string, wanted: string): Promise<MemberEntry> {
  const members = (await host.call('workspace.members', { workspace })).filter((one) => !one.removed);
  const byId = members.find((one) => one.id === wanted);
  const byName = members.filter((one) => one.name === wanted);
  const found = byId ?? (byName.length === 1 ? byName[0] : undefined);
  if (found) return found;
  const why =
    byName.length > 1 ? `Several members are called "${wanted}". Give the id.` : `There is no member "${wanted}".`;
  throw new AppError('not-found', `${why} Nothing was changed. See: caravan member list`);
}

function oneOf<T extends string>(known: readonly T[], text: string, what: string): T {
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw new AppError('bad-input', `"${text}" is no ${what}. Nothing was changed. There are: ${known.join(', ')}.`);
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function milliseconds(text: string): number {
  const [, number, unit] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  const factor = UNITS[unit ?? ''];
  if (number !== undefined && factor !== undefined && Number(number) > 0) return Number(number) * factor;
  throw new AppError('bad-input', `"${text}" is no time span. Nothing was changed. Write it like 30m, 12h or 7d.`);
}

function dateOf(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new AppError('bad-input', `"${text}" is no date. Nothing was changed. Write it like 2026-12-24.`);
}

/** Dark cells are spaces on a light ground in two cells a character: read on dark and light terminals alike. */
export async function qrLines(text: string): Promise<string[]> {
  const { default: encodeQR } = await import('qr');
  const cells = encodeQR(text, 'raw', { ecc: 'low', border: 2 });
  const lines: string[] = [];
  for (let row = 0; row < cells.length; row += 2) {
    const [upper, lower] = [cells[row] ?? [], cells[row + 1] ?? []];
    lines.push(
      upper
        .map(
          (dark, at) =>
            [
              ['█', '▀'],
              ['▄', ' '],
            ][dark ? 1 : 0]?.[(lower[at] ?? false) ? 1 : 0] ?? ' ',
        )
        .join(''),
    );
  }
  return lines;
}

/** A link, the path of a saved invite, or "-" for what comes in on stdin. */
export async function linkOf(given: string): Promise<string> {
  if (/^(caravan|https):/.test(given)) return given;
  if (given === '-') return readAll();
  try {
    return await readFile(given, 'utf8');
  } catch {
    return given; // Then whoever reads the link says what is wrong with it.
  }
}

/** At most what any of these can be. */
export async function readAll(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > 64 * 1024) throw new AppError('bad-input', 'What came in is too long. Nothing was changed.');
  }
  return text;
}
