// A host whose key could not be opened: it can go on with a new one, and then starts anew. Else it is a plain host, which reads.
import type { Logger } from '../../shared/base/logger.ts';
import type { Transport } from '../../shared/link/transport.ts';
import type { CallName, CallParams, CallResult } from '../contract/calls.ts';
import type { OpenBlob } from './attachments/attachments.ts';
import type { Caller } from './caller.ts';
import type { DataFolder } from './data-folder.ts';
import { HostPlace } from './host-place.ts';
import type { Host, HostOptions } from './host.ts';
import type { WindowHost } from './window-host.ts';

export class RenewableHost implements WindowHost {
  readonly logger: Logger;
  readonly folder: DataFolder;
  readonly #place: HostPlace;

  constructor(options: HostOptions, host: Host) {
    this.logger = host.logger;
    this.folder = host.folder;
    this.#place = new HostPlace(options, host, 'This computer gets a new key.');
  }

  get onAnnouncement(): WindowHost['onAnnouncement'] {
    return this.#place.onAnnouncement;
  }

  get onQuit(): WindowHost['onQuit'] {
    return this.#place.onQuit;
  }

  async call<N extends CallName>(name: N, params: CallParams<N>, caller?: Caller): Promise<CallResult<N>> {
    if (name !== 'keys.renew') return this.#place.call(name, params, caller);
    return this.#place.once(async () => {
      const answer = await this.#place.call(name, params);
      await this.#place.replace(async () => undefined);
      return answer;
    });
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
}
