// The program `caravan-relay`: the only file of the server that touches arguments, signals and the exit code.
import path from 'node:path';
import { runCommand } from './commands.ts';
import { keepYoungGenerationSmall } from './young-generation.ts';

/** Storing everything may take this long; then the process ends all the same, and says so. */
const LONGEST_STOP = 9_000;

keepYoungGenerationSmall();
const code = await runCommand(process.argv.slice(2), {
  environment: process.env,
  pid: process.pid,
  mergeThread: path.join(import.meta.dirname, 'merge.cjs'),
  print: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  stopRequested: () =>
    new Promise((resolve) => {
      const stop = (): void => {
        setTimeout(() => {
          process.stderr.write('caravan-relay: stopping took too long; what was acknowledged is stored.\n');
          process.exit(1);
        }, LONGEST_STOP).unref();
        resolve();
      };
      process.once('SIGTERM', stop);
      process.once('SIGINT', stop);
    }),
});
// Not process.exit(): whatever still holds the process open would be a leak, and is to be seen as one by the timer above.
process.exitCode = code;
