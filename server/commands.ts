// The commands of `caravan-relay`, from arguments to an exit code; it touches the process only through what it is given.
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { AppError } from '../shared/base/app-error.ts';
import { stderrLogger } from './pino-logger.ts';
import { startRelay } from './relay.ts';
import { readSettings } from './settings.ts';

export interface CommandSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  print(line: string): void;
  complain(line: string): void;
  /** Resolves when the process is asked to end. */
  stopRequested(): Promise<void>;
}

export const EXIT = Object.freeze({ done: 0, failed: 1, usage: 2 });

interface ServeFlags {
  readonly data?: string;
  readonly host?: string;
  readonly port?: number;
  readonly config?: string;
  readonly open?: boolean;
}

/** @param args what follows the program's name. */
export async function runCommand(args: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  const program = new Command('caravan-relay')
    .description('Keeps what a team writes and passes it on.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.print(text.trimEnd()),
      writeErr: (text) => surroundings.complain(text.trimEnd()),
    });
  program
    .command('serve', { isDefault: true })
    .description('serve until it is told to stop')
    .option('--data <folder>', 'where everything is kept')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 for a free one (default: 4680)', toPort)
    .option('--config <file>', 'settings as JSON')
    .option('--open', 'serve everybody who can connect: this computer only')
    .action((flags: ServeFlags) => serve(flags, surroundings));
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof AppError)) throw error;
    surroundings.complain(`caravan-relay: ${error.message}`);
    return error.code === 'bad-input' ? EXIT.usage : EXIT.failed;
  }
}

async function serve(flags: ServeFlags, surroundings: CommandSurroundings): Promise<void> {
  const settings = readSettings({ flags, environment: surroundings.environment });
  const relay = await startRelay(settings, { logger: stderrLogger(settings.logLevel) });
  surroundings.print(JSON.stringify({ event: 'listening', url: relay.url, pid: surroundings.pid }));
  await surroundings.stopRequested();
  await relay.close();
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}
