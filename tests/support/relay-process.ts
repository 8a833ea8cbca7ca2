// A real relay process of the built program, for tests that kill it.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface RelayProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything written to stderr so far. */
  readonly log: string;
  /** Ends it and resolves with its exit code, or the signal that ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<number | string>;
}

export interface RelayBundle {
  readonly program: string;
  dispose(): void;
}

/** The relay as `npm run build` made it; fails where it was not built. */
export function bundleRelay(): Promise<RelayBundle> {
  const program = join(import.meta.dirname, '../../dist/relay.js');
  if (!existsSync(program)) throw new Error('dist/relay.js is missing: run "npm run build" first.');
  return Promise.resolve({ program, dispose: () => undefined });
}

/** Resolves when it listens; rejects with its log when it ends before. Killed with the test at the latest. */
export async function startRelayProcess(bundle: RelayBundle, args: readonly string[]): Promise<RelayProcess> {
  const started = runRelay(bundle, args);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  const line = await Promise.race([
    started.firstLine,
    started.ended.then((code) => {
      throw new Error(`the relay ended with ${code}: ${started.log()}`);
    }),
  ]);
  const ready = JSON.parse(line) as { event: string; url: string; pid: number };
  if (ready.event !== 'listening' || ready.pid !== started.child.pid) throw new Error(`not the line expected: ${line}`);
  return {
    url: ready.url,
    child: started.child,
    get log() {
      return started.log();
    },
    end(signal) {
      started.child.kill(signal);
      return started.ended;
    },
  };
}

/** Runs it to its end. */
export async function runRelayToEnd(
  bundle: RelayBundle,
  args: readonly string[],
): Promise<{ readonly code: number | string; readonly log: string }> {
  const started = runRelay(bundle, args);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return { code: await started.ended, log: started.log() };
}

function runRelay(bundle: RelayBundle, args: readonly string[]) {
  const child = spawn(process.execPath, [bundle.program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (part: Buffer) => (log += part.toString()));
  const firstLine = new Promise<string>((resolve) => {
    let text = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
      const [line, rest] = text.split('\n', 2);
      if (line !== undefined && rest !== undefined) resolve(line);
    });
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { child, firstLine, ended, log: () => log };
}
