// The commands about people, spaces and one's own computers (DESIGN, section 10); what they do is loaded only when one is run.
import { Option, type Command } from 'commander';
import { common } from './common-options.ts';
import type { CliEnvironment } from './environment.ts';

interface Parts {
  readonly environment: CliEnvironment;
  readonly program: Command;
  readonly add: (parent: Command, usage: string, description: string) => Command;
  readonly group: (name: string, description: string) => Command;
}

const people = () => import('./commands/people.ts');
const own = () => import('./commands/own.ts');

/** member, invite, space, log. */
export function addPeople({ environment, program, add, group }: Parts): void {
  const invite = common(add(program, 'invite', 'make an invite for one person; prints its link'))
    .option('--role <role>', 'admin, member, viewer or guest', 'member')
    .option('--space <id or name...>', 'into which spaces; a guest needs at least one')
    .option('--expires <span>', 'how long it is good: 30m, 12h, 7d (the default, and the most)')
    .option('--until <date>', 'of a guest: when their rights end')
    .option('--file <path>', 'save it as a file, too (*.caravan-invite)')
    .option('--qr', 'print it as a QR code, too')
    .action(async (flags) => (await people()).invite(environment, flags));
  // Their flags stand on the command above, too: whoever of the two took one, it counts.
  common(add(invite, 'list', 'list the invites')).action(async (_flags, command: Command) =>
    (await people()).listInvites(environment, command.optsWithGlobals()),
  );
  common(add(invite, 'revoke <invite>', 'take one back')).action(async (id, _flags, command: Command) =>
    (await people()).revokeInvite(environment, id, command.optsWithGlobals()),
  );

  const member = group('member', 'members of a workspace');
  common(add(member, 'list', 'list them')).action(async (flags) => (await people()).listMembers(environment, flags));
  common(
    add(member, 'role <member> <role>', 'make one admin, member, viewer or guest; owner hands the workspace over'),
  ).action(async (who, role, flags) => (await people()).setRole(environment, who, role, flags));
  common(add(member, 'remove <member>', 'take one out')).action(async (who, flags) =>
    (await people()).removeMember(environment, who, flags),
  );

  const space = group('space', 'spaces of a workspace');
  common(add(space, 'list', 'list them')).action(async (flags) =>
    (await import('./commands/space.ts')).listSpaces(environment, flags),
  );
  common(add(space, 'create <name>', 'make one'))
    .option('--invited', 'only who is let in can enter (else every member can)')
    .action(async (name, flags) => (await import('./commands/space.ts')).createSpace(environment, name, flags));
  common(add(space, 'grant <space> <member> <role>', 'let somebody in: manager, member, viewer or guest'))
    .option('--until <date>', 'of a guest: when it ends')
    .action(async (name, who, role, flags) =>
      (await people()).grantSpace(environment, { space: name, member: who, role }, flags),
    );
  common(add(space, 'revoke <space> <member>', 'take somebody out of it')).action(async (name, who, flags) =>
    (await people()).revokeSpace(environment, name, who, flags),
  );
  for (const [name, call, description] of [
    ['archive', 'space.archive', 'make it readable only, for good'],
    ['enter', 'space.enter', 'enter an open one'],
    ['quit', 'space.quit', 'leave one'],
  ] as const) {
    common(add(space, `${name} <space>`, description)).action(async (which, flags) =>
      (await people()).changeSpace(environment, call, which, flags),
    );
  }
  common(add(space, 'unsent <space>', 'your words in a space that you lost, which nobody else has'))
    .option('--save <file>', 'take them along: a ZIP file of Markdown')
    .option('--release', 'let go of them: delete those documents here')
    .action(async (which, flags) => (await import('./commands/space.ts')).unsentWords(environment, which, flags));
  common(add(program, 'log', 'who was let in, made what, and taken out, when and by whom')).action(async (flags) =>
    (await people()).showLog(environment, flags),
  );
}

/** device, recovery, recover, leave. */
export function addOwn({ environment, program, add, group }: Parts): void {
  const device = group('device', 'your own computers');
  common(add(device, 'list', 'list them')).action(async (flags) => (await own()).listDevices(environment, flags));
  common(add(device, 'link', 'the link that a new computer joins by')).action(async (flags) =>
    (await own()).deviceLink(environment, flags),
  );
  common(add(device, 'add <code>', 'let the new computer in that shows this code')).action(async (code, flags) =>
    (await own()).addDevice(environment, code, flags),
  );
  common(add(device, 'rename <device> <name>', 'call one otherwise')).action(async (which, name, flags) =>
    (await own()).renameDevice(environment, which, name, flags),
  );
  common(add(device, 'remove <device>', 'take one out')).action(async (which, flags) =>
    (await own()).removeDevice(environment, which, flags),
  );

  common(add(device, 'key', 'where the key of this computer is kept'))
    .addOption(new Option('--keep <where>', 'keep it there from now on').choices(['file', 'keyring']))
    .option('--new', 'go on with a new key, where the old one cannot be opened any more')
    .action(async (flags) => (await own()).deviceKey(environment, flags));

  const recovery = group('recovery', 'the recovery key: 24 words that bring you back when every computer is lost');
  for (const [name, description] of [
    ['create', 'make one; its words are shown once'],
    ['confirm', 'test it: enter the words (stdin)'],
    ['state', 'whether there is one, and whether it was tested'],
  ] as const) {
    common(add(recovery, name, description)).action(async (flags) => (await own()).recovery(environment, name, flags));
  }
  common(add(program, 'recover', 'come back on a new computer with the recovery key (24 words on stdin)'), {
    workspace: false,
  })
    .option('--relay <url>', 'the relay of the workspace (not needed for one that is on this computer)', '')
    .requiredOption('--workspace <id>', 'its id')
    .option('--name <name>', 'what this computer is to be called', '')
    .action(async (flags) => (await own()).recover(environment, flags));
  common(add(program, 'leave', 'leave a workspace; without --yes says what that means'))
    .option('--erase', 'delete what is here of it')
    .option('--yes', 'do it')
    .action(async (flags) => (await own()).leave(environment, flags));
}

/** doc purge, doc move. */
export function addDocumentEnds({ environment, add }: Parts, doc: Command): void {
  common(add(doc, 'purge <id>', 'delete one everywhere, for good; without --yes says what that means'))
    .option('--yes', 'do it')
    .action(async (id, flags) => (await own()).purge(environment, id, flags));
  common(add(doc, 'move <id>', 'move one to another space, with what stands below it'))
    .requiredOption('--space <id or name>', 'where it goes')
    .action(async (id, flags) => (await own()).moveToSpace(environment, id, flags));
}

/** peers. */
export function addPeers({ environment, add, group }: Parts): void {
  const peers = group('peers', 'teammates’ computers beside this one, without a relay');
  const run = () => import('./commands/peers.ts');
  common(add(peers, 'list', 'who is linked, seen or turned away, and what can be heard on this network')).action(
    async (flags) => (await run()).listPeers(environment, flags),
  );
  common(
    add(peers, 'code', 'where no announcement gets through: addresses and the code by which one computer comes in'),
  )
    .option('--fresh', 'a new code in place of the one that holds')
    .option('--qr', 'print the link as a QR code, too')
    .action(async (flags) => (await run()).showCode(environment, flags));
  common(add(peers, 'connect <place>', 'go to a computer that shows a code: by its address, or by its whole link'))
    .option('--code <code>', 'the code, with an address such as 192.168.43.1:4712')
    .action(async (where, flags) => (await run()).connect(environment, where, flags));
}
