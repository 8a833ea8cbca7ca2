// Runs the Electron shell as a child and ends with it; the host lives in there, not here.
import { spawn } from 'node:child_process';
import { AppError } from '../../shared/base/app-error.ts';
import type { CliEnvironment } from './environment.ts';

/** Resolves when the app was quit. SIGTERM is handed on, and the app stores everything before it ends. */
export function runElectron(environment: CliEnvironment, executable: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, args, { stdio: 'inherit', env: { ...environment.env } });
    const stop = (): void => void child.kill('SIGTERM');
    environment.stop.addEventListener('abort', stop);
    child.once('error', (error) =>
      reject(
        new AppError(
          'unsupported',
          `Electron could not be started (${error.message}). Nothing was changed. Use --shell browser.`,
          {
            cause: error,
          },
        ),
      ),
    );
    child.once('exit', (code, signal) => {
      environment.stop.removeEventListener('abort', stop);
      if (code === 0 || environment.stop.aborted) return resolve();
      reject(
        new AppError(
          'internal',
          `The window program ended unexpectedly (${signal ?? `code ${code}`}). What was stored is kept. Start it again, or use --shell browser.`,
        ),
      );
    });
  });
}
