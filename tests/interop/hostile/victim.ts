// A relay or host, as it was built, as a process of its own that tells its memory, its longest turn and its prototypes.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const DIST = join(import.meta.dirname, '../../../dist');
const PRELOAD = join(import.meta.dirname, 'report-state.js');

export interface VictimState extends NodeJS.MemoryUsage {
  readonly timers: number;
  /** Milliseconds of processor time of the longest turn of its event loop. */
  readonly longest: number;
  /** Prototypes that are not what they were when it began. */
  readonly changed: readonly string[];
}

export interface Victim {
  /** `http://127.0.0.1:<port>`, and what follows it in the line that the program printed. */
  readonly url: URL;
  readonly port: number;
  readonly pid: number;
  readonly alive: boolean;
  readonly log: string;
  /** Bytes in use after a collection: the heap, and what buffers hold outside it. */
  memory(): Promise<number>;
  /** Since it was asked for its memory or state last. */
  state(): Promise<VictimState>;
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
  /** One that asks for tickets. */
  startClosedRelay(data: string): Promise<Victim>;
  startHost(data: string): Promise<Victim>;
  dispose(): void;
}

/** The programs as `npm run build` made them. */
export function builtPrograms(): Programs {
  const folder = mkdtempSync(join(tmpdir(), 'caravan-hostile-'));
  const started = new Set<ChildProcess>();
  const windows = join(folder, 'windows');
  const starter = join(folder, 'host.mjs');
  writeFileSync(
    starter,
    `import { main } from ${JSON.stringify(pathToFileURL(join(DIST, 'cli.js')).href)};
     await main({ root: ${JSON.stringify(folder)}, windows: ${JSON.stringify(windows)}, electron: () => null });`,
  );
  return {
    startRelay: (data, settings = {}) =>
      start(started, [join(DIST, 'relay.js'), '--data', data, '--port', '0', '--open'], settings),
    startClosedRelay: (data) => start(started, [join(DIST, 'relay.js'), '--data', data, '--port', '0']),
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
  const state = async (): Promise<VictimState> => {
    const answer = once(child, 'message');
    child.send('state');
    const [told] = (await answer) as [VictimState];
    return told;
  };
  const url = new URL((JSON.parse(line) as { url: string }).url);
  return {
    url,
    port: Number(url.port),
    pid: child.pid ?? 0,
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
    get log() {
      return log;
    },
    async memory() {
      const { heapUsed, external } = await state();
      return heapUsed + external;
    },
    state,
    timers: async () => (await state()).timers,
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
