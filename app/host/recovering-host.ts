// A host whose store is damaged: it serves windows one screen with the ways out, and becomes a whole host when one was gone.
import { existsSync } from 'node:fs';
import { AppError } from '../../shared/base/app-error.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { silentLogger, type Logger } from '../../shared/base/logger.ts';
import type { Transport } from '../../shared/link/transport.ts';
import { verifyStore, type StoreReport } from '../../shared/node/store-verify.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import type { Announcement, CallName, CallParams, CallResult } from '../contract/calls.ts';
import type { RecoveryState } from '../contract/recovery.ts';
import type { OpenBlob } from './attachments/attachments.ts';
import type { Caller } from './caller.ts';
import { dataFolderAt, type DataFolder } from './data-folder.ts';
import { deviceIdOf } from './device.ts';
import { startHost, type Host, type HostOptions } from './host.ts';
import { goWay, soundAlready, type Way } from './recovery-ways.ts';
import { RenewableHost } from './renewable-host.ts';
import { RestorableHost } from './restorable-host.ts';
import { listSnapshots } from './snapshots.ts';
import type { WindowHost } from './window-host.ts';
import { readWorkspaces } from './workspace-folder.ts';

/** Findings that are shown; all of them are in `caravan doctor --json`. */
const MOST = 50;

type Looked = { readonly report: StoreReport } | { readonly message: string };

/** Whether the store is what is damaged, and not a file beside it that has a way of its own. */
export function isStoreDamage(error: unknown, folder: DataFolder): error is AppError {
  if (!(error instanceof AppError) || error.code !== 'damaged') return false;
  const { directory, key } = error.details;
  return typeof key === 'string' || (typeof directory === 'string' && directory.startsWith(folder.store));
}

/** As startHost, but a damaged store gives a host in recovery instead of an error. */
export async function startOrRecover(options: HostOptions): Promise<WindowHost> {
  try {
    const host = await startHost(options);
    if (host.parts.keeper.closed !== null) return new RenewableHost(options, host);
    // Whoever has nothing yet may have a backup.
    return host.parts.workspaces.entries().length === 0 ? new RestorableHost(options, host) : host;
  } catch (error) {
    const folder = dataFolderAt(options.dataFolder);
    if (!isStoreDamage(error, folder)) throw error;
    return new RecoveringHost(folder, options, error);
  }
}

export class RecoveringHost implements WindowHost {
  readonly folder: DataFolder;
  readonly logger: Logger;
  readonly #options: HostOptions;
  readonly #announced = new Emitter<Announcement>();
  readonly #quit = new Emitter<void>();
  #reason: AppError;
  /** Null while the store is being read. */
  #looked: Looked | null = null;
  #looking: Promise<void>;
  #working = false;
  #host: Host | null = null;
  #closed = false;

  constructor(folder: DataFolder, options: HostOptions, reason: AppError) {
    this.folder = folder;
    this.logger = options.logger ?? silentLogger;
    this.#options = options;
    this.#reason = reason;
    this.#looking = this.#look();
    this.logger.log('error', 'store-damaged', { reason: reason.message });
  }

  readonly onAnnouncement = this.#announced.event;
  readonly onQuit = this.#quit.event;

  async call<N extends CallName>(name: N, params: CallParams<N>, caller?: Caller): Promise<CallResult<N>> {
    if (this.#host) return this.#host.call(name, params, caller);
    // The compiler cannot follow that each case answers its own call; the contract checks the answer at the border.
    return (await this.#answer(name, params)) as CallResult<N>;
  }

  serveRoom(room: string, ack: boolean, transport: Transport): void {
    if (this.#host) this.#host.serveRoom(room, ack, transport);
    else transport.close(CLOSE.cannotStore, 'The stored data is being recovered.');
  }

  async openBlob(workspace: string, space: string, blob: string): Promise<OpenBlob | null> {
    return this.#host ? this.#host.openBlob(workspace, space, blob) : null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#looking;
    await this.#host?.close();
    this.#announced.clear();
    this.#quit.clear();
  }

  async #answer(name: CallName, params: unknown): Promise<unknown> {
    switch (name) {
      case 'hello': {
        const id = await deviceIdOf(this.folder);
        return {
          version: this.#options.version,
          device: id,
          workspaces: [],
          recovery: await this.#state(),
          notices: [],
        };
      }
      case 'snapshot.list':
        return [...(await listSnapshots(this.folder))];
      case 'doctor':
        return this.#doctor();
      case 'recovery.repair':
        return this.#go({ kind: 'repair' });
      case 'recovery.refill':
        return this.#go({ kind: 'refill' });
      case 'recovery.restore':
        return this.#go({ kind: 'restore', snapshot: (params as CallParams<'recovery.restore'>).snapshot });
      case 'quit':
        this.#quit.fire();
        return {};
      default:
        throw new AppError(
          'damaged',
          `${this.#reason.message} Caravan shows how to recover in its window; or run: caravan repair --data ${this.folder.root}`,
        );
    }
  }

  async #state(): Promise<RecoveryState> {
    const looked = this.#looked;
    const report = looked && 'report' in looked ? looked.report : null;
    const found = report
      ? report.problems.map(({ what }) => what)
      : looked && 'message' in looked
        ? [looked.message]
        : [];
    const rooms = report?.rooms ?? 0;
    return {
      reason: this.#reason.message,
      store: this.folder.store,
      found: looked && found.slice(0, MOST),
      more: Math.max(0, found.length - MOST),
      readable: report && rooms > 0 ? { rooms, bytes: report.bytes, changes: report.changes } : null,
      snapshots: [...(await listSnapshots(this.folder))],
      workspaces: (await readWorkspaces(this.folder)).map(({ about: { title, relay } }) => ({ title, relay })),
      working: this.#working,
    };
  }

  async #look(): Promise<void> {
    this.#looked = null;
    this.#looked = await lookAt(this.folder.store, this.#reason.message);
    this.#announced.fire({ event: 'recovered' });
  }

  async #doctor(): Promise<CallResult<'doctor'>> {
    await this.#looking;
    const { found, more } = await this.#state();
    const detail = [this.#reason.message, ...(found ?? []), ...(more > 0 ? [`and ${more} more`] : [])].join(' ');
    return [{ check: 'store', ok: false, detail: detail.slice(0, 9_000) }];
  }

  /** One at a time; afterwards this is a whole host, or in recovery still, with the reason. */
  async #go(way: Way): Promise<{ report: string[] }> {
    if (this.#working)
      throw new AppError('already-exists', 'Another way is being gone already. Wait until it is done.');
    if (this.#host) throw soundAlready();
    this.#working = true;
    try {
      await this.#looking;
      const { report } = await goWay(this.folder, way, new Date());
      await this.#become();
      return { report: [...report] };
    } finally {
      this.#working = false;
    }
  }

  async #become(): Promise<void> {
    let host: Host;
    try {
      host = await startHost(this.#options);
    } catch (error) {
      if (isStoreDamage(error, this.folder)) this.#reason = error;
      this.#looking = this.#look();
      throw error;
    }
    if (this.#closed) return host.close();
    this.#host = host;
    const held: Disposable[] = [
      host.onAnnouncement((announcement) => this.#announced.fire(announcement)),
      host.onQuit(() => this.#quit.fire()),
    ];
    host.onClosing({ part: 'recovery', end: () => held.forEach((one) => one.dispose()) });
    this.#announced.fire({ event: 'recovered' });
  }
}

async function lookAt(store: string, reason: string): Promise<Looked> {
  try {
    return existsSync(store) ? { report: await verifyStore(store) } : { message: reason };
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
}
