// A host that had nothing when it started: it can still become the host of a backup. With a workspace in it, it is a plain host.
import { mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from '../../shared/base/logger.ts';
import type { Transport } from '../../shared/link/transport.ts';
import type { CallName, CallParams, CallResult } from '../contract/calls.ts';
import type { OpenBlob } from './attachments/attachments.ts';
import type { Caller } from './caller.ts';
import { dataFolderAt, type DataFolder } from './data-folder.ts';
import { fileError } from './file-error.ts';
import { hasWorkspaces, restoreHost } from './host-backup.ts';
import { HostPlace } from './host-place.ts';
import type { Host, HostOptions } from './host.ts';
import type { WindowHost } from './window-host.ts';

export class RestorableHost implements WindowHost {
  readonly logger: Logger;
  readonly folder: DataFolder;
  readonly #place: HostPlace;

  constructor(options: HostOptions, host: Host) {
    this.logger = host.logger;
    this.folder = host.folder;
    this.#place = new HostPlace(options, host, 'A backup is being restored.');
  }

  get onAnnouncement(): WindowHost['onAnnouncement'] {
    return this.#place.onAnnouncement;
  }

  get onQuit(): WindowHost['onQuit'] {
    return this.#place.onQuit;
  }

  async call<N extends CallName>(name: N, params: CallParams<N>, caller?: Caller): Promise<CallResult<N>> {
    if (name !== 'restore') return this.#place.call(name, params, caller);
    const { directory } = params as CallParams<'restore'>;
    // The compiler cannot follow that this is the answer of the one call that the name says.
    return (await this.#place.once(() => this.#restore(directory))) as CallResult<N>;
  }

  serveRoom(room: string, ack: boolean, transport: Transport): void {
    this.#place.serveRoom(room, ack, transport);
  }

  openBlob(workspace: string, space: string, blob: string): Promise<OpenBlob | null> {
    return this.#place.openBlob(workspace, space, blob);
  }

  close(): Promise<void> {
    return this.#place.close();
  }

  async #restore(directory: string): Promise<CallResult<'restore'>> {
    const { host } = this.#place;
    if (!host || host.parts.workspaces.entries().length > 0) throw hasWorkspaces();
    const { root } = this.folder;
    // Beside this folder and checked as a whole before anything here is touched: a bad backup changes nothing.
    const beside = await besideOf(root);
    try {
      const { report } = await restoreHost(dataFolderAt(beside), directory, new Date());
      if (host.parts.workspaces.entries().length > 0) throw hasWorkspaces();
      await this.#place.replace(() => moveInto(root, beside));
      return { report: [...report] };
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
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
