// The host as Electron's utility process: opens the data folder that main names, serves windows by their ports, and ends
// only after everything is stored. It draws nothing and knows main by messages alone.
import path from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };
import { AppError, toWireError } from '../../shared/base/app-error.ts';
import { systemClock } from '../../shared/base/clock.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { MessagePortLike } from '../../shared/link/message-port.ts';
import { readToHost, type FromHost, type ToHost } from '../contract/host-messages.ts';
import { BrokeredVault } from './brokered-vault.ts';
import { dataFolderAt } from './data-folder.ts';
import { ElectronNotifier } from './notify/notifier.ts';
import { followOnlyHere } from './receipts/only-here.ts';
import { OpenPorts } from './open-ports.ts';
import { openMulticast } from './peers/discovery/multicast.ts';
import { ALL_ADDRESSES } from './peers/door.ts';
import { reachHost } from './reach-host.ts';
import { withReading } from './reading-copy.ts';
import { serveHost } from './serve-host.ts';
import { serveWindowPort } from './window-port.ts';

/** What Electron gives a utility process to speak to main. */
interface ParentPort {
  postMessage(message: FromHost): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: MessagePortLike[] }) => void,
  ): unknown;
}

interface Heard {
  readonly message: ToHost | null;
  readonly ports: readonly MessagePortLike[];
}

/** How long closing windows may take to hand over what they had sent, in milliseconds. */
const WINDOWS_LIMIT = 2_000;

function stderrLogger(scope: string): Logger {
  return {
    log(level, event, fields = {}) {
      if (level === 'debug' || level === 'info') return;
      process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, scope, event, ...fields })}\n`);
    },
    child: (inner) => stderrLogger(`${scope}.${inner}`),
  };
}

/** Main ends this process when it has shown the reason; without main there is nobody to wait for. */
function endWithoutHost(): void {
  process.exitCode = 1;
  setTimeout(() => process.exit(1), WINDOWS_LIMIT);
}

async function run(parent: ParentPort): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' } }, strict: false });
  if (typeof values.data !== 'string') throw new AppError('bad-input', 'The host was started without a data folder.');
  const windows = new OpenPorts(systemClock);
  const logger = stderrLogger('host');
  const dataFolder = path.resolve(values.data);
  const vault = new BrokeredVault((message) => parent.postMessage(message));
  /** What main said before the folder was open. */
  const early: Heard[] = [];
  let hear = (heard: Heard): void => void early.push(heard);
  parent.on('message', ({ data, ports }) => {
    const message = readToHost(data);
    if (message?.type === 'vault-answer') vault.answered(message.id, message.answer);
    else hear({ message, ports });
  });
  const reached = await reachHost(dataFolderAt(dataFolder), {
    dataFolder,
    version: manifest.version,
    logger,
    recovery: true,
    vault,
    searchThread: path.resolve(import.meta.dirname, '../search.cjs'),
    peers: { listen: ALL_ADDRESSES },
    multicast: openMulticast,
    notifier: new ElectronNotifier((message) => parent.postMessage(message)),
  }).catch((error: unknown) => {
    throw withReading(error, dataFolderAt(dataFolder));
  });
  if (reached.kind === 'running') {
    const { pid, shell } = reached.host.file;
    const url = await reached.host.newWindowUrl();
    await reached.host.close();
    parent.postMessage({ type: 'elsewhere', pid, shell, url });
    return endWithoutHost();
  }
  const { host } = reached;
  // The loopback server lets the command line reach the running program; windows do not use it.
  const served = await serveHost(host, {
    windows: path.resolve(import.meta.dirname, '../renderer'),
    shell: 'electron',
  });
  host.onQuit(() => parent.postMessage({ type: 'quit-asked' }));
  followOnlyHere(host, (now) => parent.postMessage({ type: 'only-here', ...now }));

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    try {
      if ((await windows.ended(WINDOWS_LIMIT)) === 'late') logger.log('warn', 'windows-still-open');
      await served.close();
      await host.close();
      parent.postMessage({ type: 'flushed' });
      process.exit(0);
    } catch (error) {
      logger.log('error', 'flush-failed', { reason: error instanceof Error ? error.message : String(error) });
      process.exit(1);
    }
  };
  hear = ({ message, ports }) => {
    if (message?.type === 'flush-and-exit') void end();
    for (const port of ports) {
      if (message?.type === 'window-port' && !ending) serveWindowPort(host, port, windows);
      else port.close();
    }
  };
  early.forEach(hear);
  parent.postMessage({ type: 'ready' });
}

const { parentPort } = process as typeof process & { parentPort?: ParentPort };
if (parentPort) {
  // Ctrl+C in a terminal reaches every process of the program; main then asks for the flush, and this one waits for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  run(parentPort).catch((error: unknown) => {
    parentPort.postMessage({ type: 'failed', error: toWireError(error) });
    endWithoutHost();
  });
} else {
  process.stderr.write('This is the host of the Electron program. Start Caravan with: npx caravan\n');
  process.exitCode = 1;
}
