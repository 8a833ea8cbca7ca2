// The one connection of a window to its host: calls, announcements, reconnecting. What the answers mean is not known here.
import { AppError } from '../../../shared/base/app-error.ts';
import { Backoff } from '../../../shared/base/backoff.ts';
import { systemClock, type Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import { CallClient } from '../../contract/call-messages.ts';
import type { Announcement, CallName, CallParams, CallResult } from '../../contract/calls.ts';
import type { PipeEnd, Shell } from './shell.ts';

export type ConnectionStatus =
  /** Never answered yet. */
  | { readonly state: 'connecting'; readonly since: number }
  | { readonly state: 'online'; readonly since: number }
  /** It answered before and does not now; it is tried again by itself. */
  | { readonly state: 'away'; readonly since: number }
  /** It will not have this window; trying again does not help. */
  | { readonly state: 'refused'; readonly since: number; readonly reason: string };

const GONE = "Caravan's background part is not answering. Nothing was changed; try again when it is back.";

export class HostConnection implements Disposable {
  readonly #shell: Shell;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  readonly #status = new Emitter<ConnectionStatus>();
  readonly #announcements = new Emitter<Announcement>();
  #current: ConnectionStatus;
  #client: CallClient | null = null;
  #pipe: Disposable | null = null;
  #retry: Disposable | null = null;
  #disposed = false;

  constructor(shell: Shell, options: { clock?: Clock; backoff?: Backoff } = {}) {
    this.#shell = shell;
    this.#clock = options.clock ?? systemClock;
    this.#backoff = options.backoff ?? new Backoff({ first: 300, longest: 5_000 });
    this.#current = { state: 'connecting', since: this.#clock.now() };
  }

  readonly onStatus = this.#status.event;
  /** Only while online; after each reconnect the caller reads everything anew. */
  readonly onAnnouncement = this.#announcements.event;

  get status(): ConnectionStatus {
    return this.#current;
  }

  get rooms(): Shell['rooms'] {
    return this.#shell.rooms;
  }

  get shell(): Shell['kind'] {
    return this.#shell.kind;
  }

  start(): void {
    if (this.#disposed || this.#pipe) return;
    this.#dial();
  }

  /** Rejects with the host's AppError; with `unreachable` while there is no host. */
  async call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> {
    if (!this.#client) throw new AppError('unreachable', GONE);
    try {
      return await this.#client.call(name, params);
    } catch (error) {
      if (error instanceof AppError && error.code === 'closed') {
        throw new AppError(
          'unreachable',
          "Caravan's background part stopped answering before it said whether this was done. Look, and try again if it was not.",
          { cause: error },
        );
      }
      throw error;
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#retry?.dispose();
    this.#pipe?.dispose();
    this.#client?.close(GONE);
    this.#client = null;
    this.#status.clear();
    this.#announcements.clear();
  }

  #dial(): void {
    this.#retry = null;
    this.#pipe = this.#shell.dial({
      onOpen: (pipe) => {
        this.#client = new CallClient(pipe, (announcement) => this.#announcements.fire(announcement));
        this.#backoff.reset();
        this.#become({ state: 'online', since: this.#clock.now() });
      },
      onText: (text) => this.#client?.receive(text),
      onEnd: (end) => this.#ended(end),
    });
  }

  #ended(end: PipeEnd): void {
    if (this.#disposed) return;
    const client = this.#client;
    this.#client = null;
    this.#pipe = null;
    client?.close(end.reason);
    if (end.kind === 'refused') {
      this.#become({ state: 'refused', since: this.#clock.now(), reason: end.reason });
      return;
    }
    if (this.#current.state === 'online') this.#become({ state: 'away', since: this.#clock.now() });
    this.#retry = this.#clock.after(this.#backoff.next(), () => this.#dial());
  }

  #become(status: ConnectionStatus): void {
    this.#current = status;
    this.#status.fire(status);
  }
}
