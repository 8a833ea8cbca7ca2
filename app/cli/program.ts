// Every command, argument and flag of `caravan` (DESIGN, section 10); what they do is loaded only when one is run.
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CliEnvironment } from './environment.ts';
import { common } from './common-options.ts';
import { addDocumentEnds, addOwn, addPeers, addPeople } from './access-commands.ts';

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

export function buildProgram(environment: CliEnvironment): Command {
  const program = new Command('caravan')
    .description('An offline-first wiki for teams that work apart.')
    .version(environment.version)
    .exitOverride()
    .allowExcessArguments(false)
    .showHelpAfterError('(run with --help for what there is)')
    .configureOutput({
      writeOut: (text) => environment.out(text.trimEnd()),
      writeErr: (text) => environment.err(text.trimEnd()),
    });

  const add = (parent: Command, usage: string, description: string): Command =>
    parent.command(usage).description(description).allowExcessArguments(false);
  const group = (name: string, description: string): Command => program.command(name).description(description);

  common(
    program
      .command('open', { isDefault: true })
      .description('open the app (the default)')
      .allowExcessArguments(false)
      .addOption(
        new Option('--shell <shell>', 'what shows the windows')
          .choices(['auto', 'electron', 'browser', 'none'])
          .default('auto'),
      )
      .option('--port <n>', 'the port on 127.0.0.1 (else the folder’s own)', wholeNumber(1, 65_535))
      .option('--no-discovery', 'do not look for teammates’ computers on this network, nor say that this one is here'),
    { workspace: false },
  ).action(async (flags) => (await import('./commands/open.ts')).open(environment, flags));

  common(add(program, 'init', 'start a workspace'), { workspace: false })
    .requiredOption('--name <name>', 'your name')
    .requiredOption('--workspace <title>', "the workspace's title")
    .action(async (flags) => (await import('./commands/workspace.ts')).init(environment, flags));
  common(add(program, 'join <link>', 'join by an invite: its link, its file, or - for stdin; also by a device link'), {
    workspace: false,
  })
    .requiredOption('--name <name>', 'your name; with a device link the name of this computer')
    .option('--timeout <seconds>', 'with a device link: how long to wait', wholeNumber(0, 86_400), 600)
    .action(async (link, flags) => (await import('./commands/workspace.ts')).join(environment, link, flags));
  addPeople({ environment, program, add, group });
  addOwn({ environment, program, add, group });
  addPeers({ environment, program, add, group });

  const workspace = group('workspace', 'workspaces of this data folder');
  common(add(workspace, 'list', 'list them'), { workspace: false }).action(async (flags) =>
    (await import('./commands/workspace.ts')).listWorkspaces(environment, flags),
  );
  const relay = group('relay', "the workspace's relay");
  common(add(relay, 'attach <url>', 'keep the workspace in step with a relay; prints an invite'))
    .option('--key <key>', 'the registration key that "caravan-relay key" prints')
    .action(async (url, flags) => (await import('./commands/workspace.ts')).attachRelay(environment, url, flags));
  common(
    add(relay, 'detach', 'go on without one: this computer of the owner puts the list of members in order'),
  ).action(async (flags) => (await import('./commands/workspace.ts')).detachRelay(environment, flags));

  const doc = group('doc', 'documents');
  addDocumentEnds({ environment, program, add, group }, doc);
  common(add(doc, 'list', 'list them'))
    .option('--space <id or name>', 'of one space only')
    .action(async (flags) => (await import('./commands/document.ts')).listDocuments(environment, flags));
  common(add(doc, 'show <id>', 'print one with its content'))
    .option('--at <time>', 'as it was then (ISO 8601, for instance 2026-11-22T10:00:00Z)')
    .action(async (id, flags) => (await import('./commands/document.ts')).showDocument(environment, id, flags));
  common(add(doc, 'holders <id>', 'who has it, and who has what was written in it at this computer')).action(
    async (id, flags) => (await import('./commands/holders.ts')).documentHolders(environment, id, flags),
  );
  common(add(doc, 'history <id>', 'who edited it, when, and how much')).action(async (id, flags) =>
    (await import('./commands/history.ts')).documentHistory(environment, id, flags),
  );

  common(
    add(
      program,
      'search <query...>',
      'look through everything that is here (in: by: type: tag: has: before: after: is:)',
    ),
  )
    .option('--most <n>', 'results at most', wholeNumber(1, 50), 20)
    .action(async (words, flags) => (await import('./commands/search.ts')).search(environment, words, flags));

  const card = group('card', 'cards of boards');
  for (const [name, copy, words] of [
    ['move', false, 'move one to another board, also of another space'],
    ['copy', true, 'copy one to a board'],
  ] as const) {
    common(add(card, `${name} <id>`, words))
      .requiredOption('--to <id or title>', 'the board')
      .option('--column <id or name>', 'the column; the first where none is said')
      .option('--top', 'in front of what stands there')
      .option('--no-labels', 'without labels that the board does not have')
      .action(async (id, flags) => (await import('./commands/card.ts')).sendCard(environment, id, flags, copy));
  }

  const bring = group('import', 'bring documents in');
  common(add(bring, 'markdown <dir>', 'a folder of Markdown files; a second run updates'))
    .option('--space <id or name>', 'where they go; made when it is not there. Without it: all spaces of an export')
    .action(async (dir, flags) => (await import('./commands/transfer.ts')).importMarkdown(environment, dir, flags));
  common(add(bring, 'trello <file>', 'a board that Trello exported as JSON, with a report of what has no place here'))
    .requiredOption('--space <id or name>', 'where it goes; made when it is not there')
    .option(
      '--member <name=member>',
      'who of Trello is which member here, again for each; others are kept by name',
      (one: string, all: readonly string[] = []) => [...all, one],
    )
    .option('--plan', 'only print what would come of it')
    .action(async (file, flags) => (await import('./commands/trello.ts')).importTrello(environment, file, flags));
  common(add(bring, 'teams <file>', 'a tree of teams as JSON, with people by name; a second run updates'))
    .option('--plan', 'only print what would come of it')
    .action(async (file, flags) => (await import('./commands/teams.ts')).importTeams(environment, file, flags));
  common(add(program, 'export <dir>', 'write Markdown files with folders and links'))
    .option('--space <id or name>', 'of one space only')
    .action(async (dir, flags) => (await import('./commands/transfer.ts')).exportMarkdown(environment, dir, flags));

  const bundle = group('bundle', 'changes in a file, carried on a stick');
  common(
    add(bundle, 'write <file>', 'write one: for a person, a space, or (the default) whoever may read everything here'),
  )
    .option('--for <member>', 'for one member: all that they may read')
    .option('--space <id or name>', 'of one space only')
    .option('--all', 'everything here')
    .option('--since-last-meeting', 'without what they are known to have')
    .option('--with-files', 'with the attachments that are on this computer')
    .option(
      '--passphrase-file <file>',
      'seal it with the passphrase in the first line of a file, not to their computers',
    )
    .action(async (file, flags) => (await import('./commands/bundle.ts')).writeBundle(environment, file, flags));
  common(add(bundle, 'read <file>', 'take one in; any order, and twice, does no harm'))
    .option('--look', 'only say what is inside')
    .option('--passphrase-file <file>', 'its first line is the passphrase')
    .action(async (file, flags) => (await import('./commands/bundle.ts')).readBundle(environment, file, flags));

  common(add(program, 'status', 'what is stored here, what the relay has, and what waits')).action(async (flags) =>
    (await import('./commands/sync.ts')).status(environment, flags),
  );
  common(add(program, 'sync', 'get in step with the relay'))
    .option('--wait', 'until neither end has anything for the other')
    .option('--timeout <seconds>', 'give up after this time', wholeNumber(0, 3_600), 60)
    .action(async (flags) => (await import('./commands/sync.ts')).sync(environment, flags));
  const travel = group('travel', 'whether you can go where there is no network');
  common(add(travel, 'check', 'whether what you follow is here with its files; ends with 1 where something is missing'))
    .option('--space <id or name>', 'of one space only')
    .action(async (flags) => (await import('./commands/travel.ts')).travelCheck(environment, flags));
  common(add(travel, 'fetch', 'fetch what is missing, and say what could not be had'))
    .option('--space <id or name>', 'of one space only')
    .option('--timeout <seconds>', 'give up after this time', wholeNumber(0, 86_400), 600)
    .action(async (flags) => (await import('./commands/travel.ts')).travelFetch(environment, flags));
  common(add(program, 'ticket <room>', 'url and protocols by which a y-websocket client opens a document')).action(
    async (room, flags) => (await import('./commands/document.ts')).ticket(environment, room, flags),
  );
  common(add(program, 'doctor', 'look whether everything is as it should be'), { workspace: false }).action(
    async (flags) => (await import('./commands/upkeep.ts')).doctor(environment, flags),
  );
  common(add(program, 'repair', 'mend a damaged store; it is kept as it was beside the mended one'), {
    workspace: false,
  }).action(async (flags) => (await import('./commands/upkeep.ts')).repair(environment, flags));
  common(add(program, 'backup <dir>', 'back up this data folder, with its key, into a new or empty folder'), {
    workspace: false,
  }).action(async (dir, flags) => (await import('./commands/upkeep.ts')).backup(environment, dir, flags));
  common(add(program, 'restore <dir>', 'restore a backup or a snapshot; the store that is there is kept'), {
    workspace: false,
  }).action(async (dir, flags) => (await import('./commands/upkeep.ts')).restore(environment, dir, flags));
  return program;
}
