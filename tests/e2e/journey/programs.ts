// Real programs for the journeys: a relay and hosts as processes of their own, started, asked, killed and started again.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../../..');
export const CARAVAN = join(ROOT, 'build/bin/caravan.js');
export const RELAY = join(ROOT, 'build/bin/caravan-relay.js');
const run = promisify(execFile);

/** A program must have ended so soon after it was asked to; what it logged says what it waits for. */
const LONGEST_END = 15_000;

/** A program that printed its line of readiness. */
export interface Program {
  readonly url: string;
  readonly pid: number;
  /** Asks it to end, and gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

async function start(script: string, args: readonly string[], event: string, clock = 0): Promise<Program> {
  // Another time, and real timers.
  const shift = `const now = Date.now; Date.now = () => now() + ${String(clock)};`;
  const node = clock === 0 ? [] : ['--import', `data:text/javascript,${encodeURIComponent(shift)}`];
  const child: ChildProcess = spawn(process.execPath, [...node, script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaints: string[] = [];
  child.stderr?.on('data', (bytes: Buffer) => complaints.push(bytes.toString()));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  if (!child.stdout) throw new Error('no standard output');
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<{ url: string }>((done) => {
    lines.on('line', (line) => {
      try {
        const said = JSON.parse(line) as { event?: string; url?: string };
        if (said.event === event && said.url !== undefined) done({ url: said.url });
      } catch {
        complaints.push(line);
      }
    });
  });
  const { url } = await Promise.race([
    ready,
    ended.then(([code]) => {
      throw new Error(`${script} ended with ${String(code)}: ${complaints.join('')}`);
    }),
  ]);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, LONGEST_END);
    const [code] = await ended;
    clearTimeout(late);
    // One that a test killed before is no late one.
    if (isLate) {
      throw new Error(`${script} did not end in ${LONGEST_END / 1_000} s: ${complaints.slice(-5).join('')}`);
    }
    return code;
  };
  return {
    url,
    pid: child.pid ?? 0,
    stop: () => end('SIGTERM'),
    kill: async () => {
      await end('SIGKILL');
    },
  };
}

/** A relay on a loopback port; with `port` 0 any free one. */
export function startRelay(data: string, port: number): Promise<Program> {
  return start(RELAY, ['serve', '--open', '--data', data, '--port', String(port)], 'listening');
}

/** A relay that lets in only whom a membership log names, and takes workspaces from who knows its key. */
export function startClosedRelay(data: string, port: number): Promise<Program> {
  return start(RELAY, ['serve', '--data', data, '--port', String(port)], 'listening');
}

/** The key with which a workspace is attached to the relay of that folder. */
export async function registrationKey(data: string): Promise<string> {
  const { stdout } = await run(process.execPath, [RELAY, 'key', '--data', data]);
  return stdout.trim();
}

/** A host without a window of its own; its `url` lets one browser in. `clock`: milliseconds by which its clock is ahead. */
export function startHost(data: string, clock = 0): Promise<Program> {
  return start(CARAVAN, ['open', '--shell', 'none', '--json', '--data', data], 'ready', clock);
}

/** Runs one command and gives what it printed as JSON. */
export async function caravan(data: string, ...args: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [CARAVAN, ...args, '--data', data, '--json'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trim() === '' ? null : JSON.parse(stdout);
}

/** Runs one command that must end with 1, and gives what it said. */
export async function caravanFails(data: string, ...args: string[]): Promise<string> {
  const failure: unknown = await run(process.execPath, [CARAVAN, ...args, '--data', data]).catch(
    (error: unknown) => error,
  );
  if (failure instanceof Error && 'code' in failure && failure.code === 1 && 'stderr' in failure) {
    return String(failure.stderr);
  }
  throw new Error(`not refused: ${JSON.stringify(failure)}`);
}

/** Folders that are removed at the end. */
export class Folders {
  readonly #made: string[] = [];

  async make(name: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), `caravan-${name}-`));
    this.#made.push(folder);
    return folder;
  }

  async remove(): Promise<void> {
    for (const folder of this.#made.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}
