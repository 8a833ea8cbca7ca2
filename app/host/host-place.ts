// Where one host stands for another: windows and commands stay with it while the host behind is closed and started anew. It decides nothing.
import { AppError } from '../../shared/base/app-error.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { Transport } from '../../shared/link/transport.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import type { Announcement, CallName, CallParams, CallResult } from '../contract/calls.ts';
import type { OpenBlob } from './attachments/attachments.ts';
import type { Caller } from './caller.ts';
import { startHost, type Host, type HostOptions } from './host.ts';

export class HostPlace {
  readonly #options: HostOptions;
  readonly #announced = new Emitter<Announcement>();
  readonly #quit = new Emitter<void>();
  /** Said to who asks meanwhile. */
  readonly #meanwhile: string;
  /** Null while the one becomes the other, and when that failed. */
  #host: Host | null;
  #heard: readonly Disposable[];
  #work: Promise<unknown> | null = null;
  #closed = false;

  constructor(options: HostOptions, host: Host, meanwhile: string) {
    this.#options = options;
    this.#meanwhile = meanwhile;
    this.#host = host;
    this.#heard = this.#listen(host);
  }

  readonly onAnnouncement = this.#announced.event;
  readonly onQuit = this.#quit.event;

  get host(): Host | null {
    return this.#host;
  }

  async call<N extends CallName>(name: N, params: CallParams<N>, caller?: Caller): Promise<CallResult<N>> {
    if (!this.#host) throw new AppError('closed', `${this.#meanwhile} Nothing was changed; try again then.`);
    return this.#host.call(name, params, caller);
  }

  serveRoom(room: string, ack: boolean, transport: Transport): void {
    if (this.#host) this.#host.serveRoom(room, ack, transport);
    else transport.close(CLOSE.cannotStore, this.#meanwhile);
  }

  async openBlob(workspace: string, space: string, blob: string): Promise<OpenBlob | null> {
    return this.#host ? this.#host.openBlob(workspace, space, blob) : null;
  }

  /** One work at a time; a second is refused with `already-exists`. close() waits for it. */
  once<T>(work: () => Promise<T>): Promise<T> {
    if (this.#work) {
      return Promise.reject(new AppError('already-exists', `${this.#meanwhile} Wait until it is done.`));
    }
    const running = work().finally(() => (this.#work = null));
    this.#work = running;
    return running;
  }

  /** Closes the host, does `between` on its folder, and starts one there; also where `between` failed. */
  async replace(between: () => Promise<void>): Promise<void> {
    const host = this.#host;
    this.#host = null;
    for (const one of this.#heard) one.dispose();
    await host?.close();
    try {
      await between();
    } finally {
      await this.#start();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#work?.catch(() => undefined); // Whoever asked for it hears of its failure.
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

  async #start(): Promise<void> {
    const host = await startHost(this.#options);
    if (this.#closed) return host.close();
    this.#host = host;
    this.#heard = this.#listen(host);
    this.#announced.fire({ event: 'recovered' });
  }
}
