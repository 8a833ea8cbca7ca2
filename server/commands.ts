// The commands of `caravan-relay`, from arguments to an exit code; it touches the process only through what it is given.
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { AppError } from '../shared/base/app-error.ts';
import { stderrLogger } from './pino-logger.ts';
import { loadOrMakeRegistration } from './registration.ts';
import { startRelay } from './relay.ts';
import { removeRunning, writeRunning } from './relay-folder.ts';
import { readSettings } from './settings.ts';
import { backup, repair, restore, status, verify, type UpkeepResult } from './upkeep.ts';

export interface CommandSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  /** The built thread in which large rooms are merged; left out: none. */
  readonly mergeThread?: string;
  print(line: string): void;
  complain(line: string): void;
  /** Resolves when the process is asked to end. */
  stopRequested(): Promise<void>;
}

export const EXIT = Object.freeze({ done: 0, failed: 1, usage: 2 });

interface DataFlags {
  readonly data?: string;
  readonly config?: string;
}

interface ServeFlags extends DataFlags {
  readonly host?: string;
  readonly port?: number;
  readonly open?: boolean;
  readonly historyDays?: number;
  readonly historyBytes?: number;
  readonly blobBytes?: number;
}

interface UpkeepFlags extends DataFlags {
  readonly json?: boolean;
}

/** @param args what follows the program's name. */
export async function runCommand(args: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  let code: number = EXIT.done;
  const upkeep = (run: (data: string) => Promise<UpkeepResult>) => async (flags: UpkeepFlags) => {
    const { json, ...rest } = flags;
    const { data } = readSettings({ flags: rest, environment: surroundings.environment });
    const result = await run(data);
    if (json) surroundings.print(JSON.stringify(result.value));
    else for (const line of result.lines) surroundings.print(line);
    if (!result.well) code = EXIT.failed;
  };
  try {
    await buildProgram(surroundings, upkeep).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof AppError)) throw error;
    surroundings.complain(`caravan-relay: ${error.message}`);
    return error.code === 'bad-input' ? EXIT.usage : EXIT.failed;
  }
}

type Upkeep = (run: (data: string) => Promise<UpkeepResult>) => (flags: UpkeepFlags) => Promise<void>;

function buildProgram(surroundings: CommandSurroundings, upkeep: Upkeep): Command {
  const program = new Command('caravan-relay')
    .description('Keeps what a team writes and passes it on.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.print(text.trimEnd()),
      writeErr: (text) => surroundings.complain(text.trimEnd()),
    })
    .addHelpText(
      'after',
      '\nSettings also come from CARAVAN_RELAY_* variables and the file of --config.\nExit codes: 0 done, 1 failed with a reason (verify: damage was found), 2 wrong usage.',
    );
  withData(program.command('serve', { isDefault: true }))
    .description('serve until it is told to stop')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 for a free one (default: 4680)', toPort)
    .option('--open', 'for tests: serve everybody who can connect, without tickets; this computer only')
    .option('--history-days <number>', 'days that history is kept, 0 for ever (default: 0)', toCount)
    .option('--history-bytes <number>', 'bytes of history kept, 0 without bound (default: 8 GiB)', toCount)
    .option(
      '--blob-bytes <number>',
      'bytes of attachments of one workspace, 0 without bound (default: 20 GiB)',
      toCount,
    )
    .action((flags: ServeFlags) => serve(flags, surroundings));
  withJson(program.command('key'))
    .description('print the registration key: who knows it may attach a workspace here')
    .action((flags: UpkeepFlags) => printKey(flags, surroundings));
  withJson(program.command('status'))
    .description('what the folder holds, and whether a relay runs on it')
    .action(upkeep(status));
  withJson(program.command('verify'))
    .description('read everything and check it; changes nothing (exit 1 when damage is found)')
    .action(upkeep(verify));
  withJson(program.command('repair'))
    .description('build a sound store from what can be read; the damaged one is kept beside it')
    .action(upkeep((data) => repair(data, new Date())));
  withJson(program.command('backup'))
    .description('copy the store to a new folder, with checksums; a relay that runs goes on')
    .argument('<folder>', 'a folder that is new or empty')
    .action((folder: string, flags: UpkeepFlags) => upkeep((data) => backup(data, folder, new Date()))(flags));
  withJson(program.command('restore'))
    .description('verify a backup and put it into a data folder that is new or empty')
    .argument('<folder>', 'what `backup` wrote')
    .action((folder: string, flags: UpkeepFlags) => upkeep((data) => restore(data, folder))(flags));
  return program;
}

function withData(command: Command): Command {
  return command.option('--data <folder>', 'where everything is kept').option('--config <file>', 'settings as JSON');
}

function withJson(command: Command): Command {
  return withData(command).option('--json', 'print JSON');
}

async function serve(flags: ServeFlags, surroundings: CommandSurroundings): Promise<void> {
  const settings = readSettings({ flags, environment: surroundings.environment });
  const { data } = settings;
  // Before anything is announced: whoever reads the line below may ask for the end at once.
  const stopRequested = surroundings.stopRequested();
  const logger = stderrLogger(settings.logLevel);
  const { mergeThread } = surroundings;
  const relay = await startRelay(settings, { logger, ...(mergeThread ? { mergeThread } : {}) }).catch(
    (error: unknown) => {
      throw withHint(error, data);
    },
  );
  await writeRunning(data, { url: relay.url, pid: surroundings.pid, secret: relay.secret }).catch((error: unknown) => {
    // Only `status` misses it: on a full disk the relay goes on reading.
    logger.log('warn', 'not-announced', { cause: String(error) });
  });
  const { registration } = relay;
  if (registration.kind === 'key' && registration.made) {
    surroundings.complain(
      `caravan-relay: the registration key, with which workspaces are attached: ${registration.key}`,
    );
    surroundings.complain('caravan-relay: it is told once; `caravan-relay key` prints it again.');
  }
  surroundings.print(JSON.stringify({ event: 'listening', url: relay.url, pid: surroundings.pid }));
  await stopRequested;
  await removeRunning(data).catch((error: unknown) => logger.log('warn', 'still-announced', { cause: String(error) }));
  await relay.close();
}

/** Rule RE52. Also while a relay runs on the folder: the key is a file of its own. */
async function printKey({ json, ...flags }: UpkeepFlags, surroundings: CommandSurroundings): Promise<void> {
  const settings = readSettings({ flags, environment: surroundings.environment });
  const registration = await loadOrMakeRegistration({ ...settings, open: false });
  const key = registration.kind === 'key' ? registration.key : null;
  if (json) surroundings.print(JSON.stringify({ registration: registration.kind, key }));
  else if (key !== null) surroundings.print(key);
  else surroundings.complain('caravan-relay: registration is open: workspaces are attached without a key.');
}

/** Rule RE41: damage at the start ends it with what to do about it. */
function withHint(error: unknown, data: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'damaged') return error;
  return new AppError(
    'damaged',
    `${error.message}\nThe relay was not started. See what is wrong: caravan-relay verify --data ${data}\nMend it, with the original kept: caravan-relay repair --data ${data}`,
    { cause: error },
  );
}

function toCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('this is a whole number.');
  return Number(text);
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}
