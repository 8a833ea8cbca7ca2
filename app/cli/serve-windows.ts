// The browser shell and the shell without windows: a host with its loopback server, from ready to everything stored.
import { systemClock } from '../../shared/base/clock.ts';
import type { Logger } from '../../shared/base/logger.ts';
import { onlyHereWords } from '../contract/only-here.ts';
import { onlyHereAtEnd } from '../host/receipts/only-here.ts';
import type { WindowHost } from '../host/window-host.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { DataFolder } from '../host/data-folder.ts';
import { openMulticast } from '../host/peers/discovery/multicast.ts';
import { ALL_ADDRESSES } from '../host/peers/door.ts';
import { reachHost } from '../host/reach-host.ts';
import { withReading } from '../host/reading-copy.ts';
import type { RunningHost } from '../host/running-host.ts';
import { serveHost } from '../host/serve-host.ts';
import { NO_SCREEN, whereItRuns } from './choose-shell.ts';
import type { CliEnvironment } from './environment.ts';
import { lineLogger } from './line-logger.ts';
import { openBrowser, type Opened } from './open-browser.ts';

export interface ServeOptions {
  readonly shell: 'browser' | 'none';
  readonly json: boolean;
  readonly port?: number;
  /** False: this computer neither says that it is here nor looks for others, whatever the settings say. */
  readonly discovery: boolean;
}

export async function serveWindows(
  environment: CliEnvironment,
  folder: DataFolder,
  options: ServeOptions,
): Promise<void> {
  const logger = lineLogger(environment, options.json);
  const reached = await reachHost(
    folder,
    {
      dataFolder: folder.root,
      version: environment.version,
      links: true,
      recovery: true,
      logger,
      searchThread: environment.files.search,
      peers: { listen: ALL_ADDRESSES },
      ...(options.discovery ? { multicast: openMulticast } : {}),
    },
    environment.stop,
  ).catch((error: unknown) => {
    throw withReading(error, folder);
  });
  if (reached.kind === 'running') return joinRunning(environment, reached.host, options);
  const { host } = reached;
  const quit = new Promise<void>((resolve) => {
    host.onQuit(() => resolve());
    environment.stop.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    const served = await serveHost(host, {
      windows: environment.files.windows,
      shell: options.shell,
      ...(options.port === undefined ? {} : { port: options.port }),
    });
    try {
      await announce(environment, options, served.newWindowUrl(), process.pid, folder.root);
      if (!environment.stop.aborted) await quit;
      await sayWhatStays(environment, host, logger);
    } finally {
      await served.close();
    }
  } finally {
    await host.close();
  }
}

/** Nobody can be asked here: the program ends, and what is only here leaves the next time. */
async function sayWhatStays(environment: CliEnvironment, host: WindowHost, logger: Logger): Promise<void> {
  const left = await onlyHereAtEnd(host, systemClock);
  if (left.count === 0) return;
  logger.log('info', 'only-here', { count: left.count });
  environment.err(onlyHereWords(left));
}

/** Another window of the host that runs already; this process is then not needed any more. */
async function joinRunning(environment: CliEnvironment, running: RunningHost, options: ServeOptions): Promise<void> {
  try {
    if (options.port !== undefined && options.port !== running.file.port) {
      throw new AppError(
        'already-exists',
        `Caravan runs on this folder already, on port ${running.file.port}. Nothing was changed. Leave --port out, or end it first.`,
      );
    }
    const url = await running.newWindowUrl();
    const { pid, shell } = running.file;
    if (!options.json) environment.err(`Caravan runs on this folder already (process ${pid}), ${whereItRuns(shell)}.`);
    await announce(environment, options, url, running.file.pid, null);
  } finally {
    await running.close();
  }
}

const WORDS: Readonly<Record<Opened | 'not-asked', string>> = {
  window: 'Caravan is open in a window of its own.',
  tab: 'No Chromium was found that opens a window of its own; Caravan is open in your default browser.',
  'no-screen': `${NO_SCREEN}, so no window was opened.`,
  'no-browser': 'No browser could be opened from here.',
  'not-asked': 'Caravan runs without a window.',
};

async function announce(
  environment: CliEnvironment,
  options: ServeOptions,
  url: string,
  pid: number,
  folder: string | null,
): Promise<void> {
  if (options.json) environment.out(JSON.stringify({ event: 'ready', url, pid }));
  const opened = options.shell === 'browser' ? await openBrowser(environment, url) : 'not-asked';
  if (options.json) return;
  environment.err(WORDS[opened]);
  if (opened !== 'window' && opened !== 'tab') {
    environment.err('Open this address in a browser on this computer; it works once:');
    environment.out(url);
  }
  if (folder !== null)
    environment.err(`Everything is kept in ${folder}. Ctrl+C ends Caravan after it has stored what is under way.`);
}
