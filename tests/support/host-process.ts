// The built `caravan` program as processes: one command with its output, or a host that runs until it is ended.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PROGRAM = path.join(ROOT, 'build/bin/caravan.js');

function environment(): NodeJS.ProcessEnv {
  if (!existsSync(path.join(ROOT, 'dist/cli.js')))
    throw new Error('dist/cli.js is missing: run "npm run build" first.');
  // Neither the screen nor the folder of whoever runs the tests.
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, CARAVAN_DATA: _data, ...rest } = process.env;
  return rest;
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  json(): unknown;
}

/** Runs one command to its end. */
export function caravan(...args: string[]): Promise<Ran> {
  return caravanIn({}, ...args);
}

/** The same with more of an environment. */
export function caravanIn(more: NodeJS.ProcessEnv, ...args: string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...environment(), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err, json: () => JSON.parse(out) as unknown }));
  });
}

export interface HostProcess {
  readonly url: string;
  readonly port: number;
  /** Of the host, which is another process when one ran already. */
  readonly pid: number;
  readonly child: ChildProcess;
  /** Sends the signal and resolves with the exit code once the process is gone. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Everything written to stderr so far. */
  readonly err: string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

const started = new Set<ChildProcess>();

/** `caravan open --shell none --json`, resolved at its ready line. */
export function openHost(data: string, ...args: string[]): Promise<HostProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, 'open', '--shell', 'none', '--json', '--data', data, ...args], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.add(child);
    let out = '';
    let err = '';
    const ended = new Promise<number | null>((done) => {
      child.once('close', (code) => {
        started.delete(child);
        done(code);
        reject(new Error(`The host ended with ${code} before it was ready: ${err}`));
      });
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const [line] = out.split('\n');
      if (!out.includes('\n') || !line) return;
      const ready = JSON.parse(line) as { event: string; url: string; pid: number };
      const end = (signal: NodeJS.Signals): Promise<number | null> => {
        child.kill(signal);
        return ended;
      };
      const { url, pid } = ready;
      resolve({
        url,
        port: Number(new URL(url).port),
        pid,
        child,
        end,
        ended,
        get err() {
          return err;
        },
      });
    });
  });
}

/** Ends what a failed test left running; only processes that openHost() started. */
export function killLeftovers(): void {
  for (const child of started) child.kill('SIGKILL');
}
