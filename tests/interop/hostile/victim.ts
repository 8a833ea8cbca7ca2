// A relay or host as a process of its own that tells its memory; bundled from the sources, so that no build is needed.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { bundleProgram } from '../../../build/scripts/bundle-program.js';

const CACHE = join(import.meta.dirname, '../../../node_modules/.cache');
const PRELOAD = join(import.meta.dirname, 'report-memory.js');

export interface Victim {
  /** `http://127.0.0.1:<port>`, and what follows it in the line that the program printed. */
  readonly url: URL;
  readonly port: number;
  readonly alive: boolean;
  readonly log: string;
  /** Bytes in use after a collection: the heap, and what buffers hold outside it. */
  memory(): Promise<number>;
  /** Timers that are set. */
  timers(): Promise<number>;
  /** Files and sockets that it has open. */
  readonly files: number;
  signal(signal: NodeJS.Signals): void;
  /** Ends it, and resolves with its exit code or signal. */
  end(signal?: NodeJS.Signals): Promise<number | string>;
}

export interface Programs {
  /** @param settings CARAVAN_RELAY_* variables. */
  startRelay(data: string, settings?: Readonly<Record<string, string>>): Promise<Victim>;
  startHost(data: string): Promise<Victim>;
  dispose(): void;
}

/** Bundles into node_modules/.cache, so that the packages that they import are found. */
export async function bundlePrograms(): Promise<Programs> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'hostile-'));
  const program = { format: 'es', packagesInside: false } as const;
  await bundleProgram({ ...program, name: 'relay', entry: 'server/main.ts', output: 'relay.js' }, folder, []);
  await bundleProgram({ ...program, name: 'host', entry: 'app/cli/main.ts', output: 'cli.js' }, folder, []);
  const started = new Set<ChildProcess>();
  const windows = join(folder, 'windows');
  const starter = join(folder, 'host.js');
  writeFileSync(
    starter,
    `import { main } from './cli.js';
     await main({ root: ${JSON.stringify(folder)}, windows: ${JSON.stringify(windows)}, electron: () => null });`,
  );
  return {
    startRelay: (data, settings = {}) =>
      start(started, [join(folder, 'relay.js'), '--data', data, '--port', '0', '--open'], settings),
    startHost: (data) => start(started, [starter, 'open', '--shell', 'none', '--json', '--data', data]),
    dispose() {
      for (const child of started) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(
  started: Set<ChildProcess>,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Victim> {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, CARAVAN_DATA: _data, ...env } = process.env;
  const child = spawn(process.execPath, ['--expose-gc', '--import', PRELOAD, ...args], {
    env: { ...env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  started.add(child);
  let log = '';
  let out = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      started.delete(child);
      resolve(code ?? signal ?? 'unknown');
    });
  });
  const line = await new Promise<string>((resolve, reject) => {
    void ended.then((code) => reject(new Error(`it ended with ${code}: ${log}`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')));
    });
  });
  const asked = async (): Promise<NodeJS.MemoryUsage & { readonly timers: number }> => {
    const answer = once(child, 'message');
    child.send('memory');
    const [told] = (await answer) as [NodeJS.MemoryUsage & { readonly timers: number }];
    return told;
  };
  const url = new URL((JSON.parse(line) as { url: string }).url);
  return {
    url,
    port: Number(url.port),
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
    get log() {
      return log;
    },
    async memory() {
      const { heapUsed, external } = await asked();
      return heapUsed + external;
    },
    timers: async () => (await asked()).timers,
    get files() {
      return readdirSync(`/proc/${child.pid}/fd`).length;
    },
    signal: (signal) => void child.kill(signal),
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}
