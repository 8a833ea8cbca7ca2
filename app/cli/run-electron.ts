// Runs the Electron shell as a child and ends with it; the host lives in there, not here.
import { spawn } from 'node:child_process';
import { mkdirSync, watch } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../shared/base/app-error.ts';
import type { DataFolder } from '../host/data-folder.ts';
import { findRunningHost } from '../host/running-host.ts';
import type { CliEnvironment } from './environment.ts';

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
    if (run.json) sayWhenReady(environment, run.folder, ended.signal);
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

/** The host says where it is by writing its file: that is watched for, until it answers or Electron has ended. */
function sayWhenReady(environment: CliEnvironment, folder: DataFolder, ended: AbortSignal): void {
  mkdirSync(folder.root, { recursive: true, mode: 0o700 });
  let looking = Promise.resolve();
  const look = (): void => {
    looking = looking.then(async () => {
      if (!ended.aborted && (await saidReady(environment, folder))) watcher.close();
    });
  };
  // Watched before the first look, so that no host is missed between the two.
  const watcher = watch(folder.root, (_event, name) => {
    if (name === null || name === path.basename(folder.hostFile)) look();
  });
  ended.addEventListener('abort', () => watcher.close());
  look();
}

async function saidReady(environment: CliEnvironment, folder: DataFolder): Promise<boolean> {
  try {
    const running = await findRunningHost(folder);
    if (!running) return false;
    const url = await running.newWindowUrl();
    environment.out(JSON.stringify({ event: 'ready', url, pid: running.file.pid }));
    await running.close();
    return true;
  } catch (error) {
    environment.err(`The window program does not say yet where it is: ${String(error)}`);
    return false;
  }
}
