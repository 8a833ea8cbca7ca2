// Runs the Electron shell as a child and ends with it; the host lives in there, not here.
import { spawn } from 'node:child_process';
import { AppError } from '../../shared/base/app-error.ts';
import type { DataFolder } from '../host/data-folder.ts';
import { findRunningHost } from '../host/running-host.ts';
import type { CliEnvironment } from './environment.ts';

/** Between two looks for the host that Electron starts, in milliseconds. */
const BETWEEN = 100;

export interface ElectronRun {
  readonly executable: string;
  readonly arguments: readonly string[];
  readonly folder: DataFolder;
  /** Print the line of JSON that says that it is ready; then nothing else goes to stdout. */
  readonly json: boolean;
}

/** Resolves when the app was quit. SIGTERM is handed on, and the app stores everything before it ends. */
export function runElectron(environment: CliEnvironment, run: ElectronRun): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(run.executable, run.arguments, {
      // What Electron and Chromium print is no result: with --json it goes where logs go.
      stdio: ['inherit', run.json ? 2 : 'inherit', 'inherit'],
      env: { ...environment.env },
    });
    const stop = (): void => void child.kill('SIGTERM');
    environment.stop.addEventListener('abort', stop);
    const ended = new AbortController();
    if (run.json) void sayWhenReady(environment, run.folder, ended.signal);
    child.once('error', (error) => {
      ended.abort();
      environment.stop.removeEventListener('abort', stop);
      reject(
        new AppError(
          'unsupported',
          `Electron could not be started (${error.message}). Nothing was changed. Use --shell browser.`,
          { cause: error },
        ),
      );
    });
    child.once('exit', (code, signal) => {
      ended.abort();
      environment.stop.removeEventListener('abort', stop);
      if (code === 0 || environment.stop.aborted) return resolve();
      reject(
        new AppError(
          'unsupported',
          `Electron ended with ${signal ?? `code ${code}`}; if it said why, that stands above. What was stored is kept. Start it again, or use --shell browser.`,
        ),
      );
    });
  });
}

/** Asks until the host answers or Electron has ended. */
async function sayWhenReady(environment: CliEnvironment, folder: DataFolder, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    try {
      const running = await findRunningHost(folder);
      if (running) {
        const url = await running.newWindowUrl();
        environment.out(JSON.stringify({ event: 'ready', url, pid: running.file.pid }));
        return await running.close();
      }
    } catch (error) {
      environment.err(`The window program does not say yet where it is: ${String(error)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
}
