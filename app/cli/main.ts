// The process of the `caravan` command: arguments in, lines out, signals, exit codes. The only place that ends the process.
import os from 'node:os';
import manifest from '../../package.json' with { type: 'json' };
import type { ProgramFiles } from './environment.ts';
import { runCli } from './run-cli.ts';

/** What is still open after a command came to its end (a socket that lingers) is not waited for longer than this. */
const LINGER = 2_000;
/** Storing everything may take this long after a signal; then the process ends all the same, and says so. */
const LONGEST_STOP = 9_000;

export async function main(files: ProgramFiles): Promise<void> {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) return;
    setTimeout(() => {
      process.stderr.write('Ending took too long. What was shown as saved is stored.\n');
      process.exit(1);
    }, LONGEST_STOP).unref();
    stopping.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // `caravan doc list | head` closes the pipe early; that is no failure of ours.
  process.stdout.on('error', () => process.exit(0));
  const code = await runCli(process.argv.slice(2), {
    files,
    version: manifest.version,
    platform: process.platform,
    home: os.homedir(),
    env: process.env,
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    stop: stopping.signal,
  });
  process.exitCode = code;
  setTimeout(() => process.exit(code), LINGER).unref();
}
