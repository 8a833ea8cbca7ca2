// A host that had nothing when it started: it can still become the host of a backup. With a workspace in it, it is a plain host.
import { mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/base/app-error.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { Transport } from '../../shared/link/transport.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import type { Announcement, CallName, CallParams, CallResult } from '../contract/calls.ts';
import { dataFolderAt, type DataFolder } from './data-folder.ts';
import { fileError } from './file-error.ts';
import { hasWorkspaces, restoreHost } from './host-backup.ts';
import { startHost, type Host, type HostOptions } from './host.ts';
import type { WindowHost } from './window-host.ts';

export class RestorableHost implements WindowHost {
  readonly logger: Logger;
  readonly folder: DataFolder;
  readonly #options: HostOptions;
  readonly #announced = new Emitter<Announcement>();
  readonly #quit = new Emitter<void>();
  /** Null while the one becomes the other, and when that failed. */
  #host: Host | null;
  #heard: readonly Disposable[];
  #restoring: Promise<unknown> | null = null;
  #closed = false;

  constructor(options: HostOptions, host: Host) {
    this.logger = host.logger;
    this.folder = host.folder;
    this.#options = options;
    this.#host = host;
    this.#heard = this.#listen(host);
  }

  readonly onAnnouncement = this.#announced.event;
  readonly onQuit = this.#quit.event;

  async call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> {
    if (name === 'restore') {
      const { directory } = params as CallParams<'restore'>;
      // The compiler cannot follow that this is the answer of the one call that the name says.
      return (await this.#restoreOnce(directory)) as CallResult<N>;
    }
    if (!this.#host) throw new AppError('closed', 'A backup is being restored. Nothing was changed; try again then.');
    return this.#host.call(name, params);
  }

  serveRoom(room: string, ack: boolean, transport: Transport): void {
    if (this.#host) this.#host.serveRoom(room, ack, transport);
    else transport.close(CLOSE.cannotStore, 'A backup is being restored.');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#restoring?.catch(() => undefined); // Whoever asked for it hears of its failure.
    await this.#host?.close();
    this.#announced.clear();
    this.#quit.clear();
  }

  #listen(host: Host): readonly Disposable[] {
    return [
      host.onAnnouncement((announcement) => this.#announced.fire(announcement)),
      host.onQuit(() => this.#quit.fire()),
    ];
  }

  #restoreOnce(directory: string): Promise<CallResult<'restore'>> {
    if (this.#restoring) {
      return Promise.reject(
        new AppError('already-exists', 'A backup is being restored already. Wait until it is done.'),
      );
    }
    const work = this.#restore(directory).finally(() => (this.#restoring = null));
    this.#restoring = work;
    return work;
  }

  async #restore(directory: string): Promise<CallResult<'restore'>> {
    const host = this.#host;
    if (!host || host.parts.workspaces.entries().length > 0) throw hasWorkspaces();
    const { root } = this.folder;
    // Beside this folder and checked as a whole before anything here is touched: a bad backup changes nothing.
    const beside = await besideOf(root);
    try {
      const { report } = await restoreHost(dataFolderAt(beside), directory, new Date());
      if (host.parts.workspaces.entries().length > 0) throw hasWorkspaces();
      this.#host = null;
      for (const one of this.#heard) one.dispose();
      await host.close();
      try {
        await moveInto(root, beside);
      } finally {
        await this.#start();
      }
      return { report: [...report] };
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  }

  async #start(): Promise<void> {
    const host = await startHost(this.#options);
    if (this.#closed) return host.close();
    this.#host = host;
    this.#heard = this.#listen(host);
    this.#announced.fire({ event: 'recovered' });
  }
}

async function besideOf(root: string): Promise<string> {
  try {
    const made = await mkdtemp(`${root}.restoring-`);
    await rmdir(made); // Restoring makes its folder itself, for its owner alone.
    return made;
  } catch (error) {
    throw fileError(error, `Nothing can be written beside ${root}.`);
  }
}

/** Workspaces last: until they are there, this folder has nothing, and restoring can begin anew. */
async function moveInto(root: string, beside: string): Promise<void> {
  const names = await readdir(beside);
  for (const name of [...names.filter((one) => one !== 'workspaces'), ...names.filter((one) => one === 'workspaces')]) {
    await rm(path.join(root, name), { recursive: true, force: true });
    await rename(path.join(beside, name), path.join(root, name));
  }
}
