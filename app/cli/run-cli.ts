// One run of the command line: parses, runs a command, and turns what was thrown into a sentence and an exit code.
import { CommanderError } from 'commander';
import { AppError, toWireError } from '../../shared/base/app-error.ts';
import type { CliEnvironment } from './environment.ts';
import { buildProgram } from './program.ts';
import { QuietFailure } from './quiet-failure.ts';

/** 0 done, 1 failed with a reason, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

export async function runCli(args: readonly string[], environment: CliEnvironment): Promise<ExitCode> {
  try {
    await buildProgram(environment).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end with 0; commander has printed everything else already.
      return error.exitCode === 0 ? 0 : 2;
    }
    if (error instanceof QuietFailure) return 1;
    const said = toWireError(error);
    const known = error instanceof AppError && error.code !== 'internal';
    environment.err(
      known ? said.message : `Something went wrong inside Caravan: ${said.message}. What was stored is kept.`,
    );
    if (!known && environment.env['CARAVAN_DEBUG'] && error instanceof Error) environment.err(error.stack ?? '');
    return 1;
  }
}
