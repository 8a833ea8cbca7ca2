// Whether this hub can store now, for people to see; while it cannot, it tries again by itself. It stores no content.
import { AppError, toWireError, type ErrorCode } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import type { DocStore } from './doc-store.ts';

export type StorageState =
  | { readonly state: 'ok' }
  | { readonly state: 'failing'; readonly code: ErrorCode; readonly message: string; readonly since: number };

export class StorageWatch implements Disposable {
  readonly #store: DocStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #probeEvery: number;
  readonly #changed = new Emitter<StorageState>();
  #state: StorageState = { state: 'ok' };
  #probe: Disposable | null = null;
  #disposed = false;

  constructor(options: { store: DocStore; clock: Clock; logger: Logger; probeEvery: number }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#probeEvery = options.probeEvery;
  }

  get current(): StorageState {
    return this.#state;
  }

  get onChange(): Event<StorageState> {
    return this.#changed.event;
  }

  worked(): void {
    if (this.#state.state === 'ok') return;
    this.#state = { state: 'ok' };
    this.#probe?.dispose();
    this.#probe = null;
    this.#logger.log('info', 'store-works-again');
    this.#changed.fire(this.#state);
  }

  failed(error: unknown): void {
    // A closed store is no failure, and a refused call says nothing about the disk.
    if (error instanceof AppError && (error.code === 'closed' || error.code === 'bad-input')) return;
    const { code, message } = toWireError(error);
    const since = this.#state.state === 'failing' ? this.#state.since : this.#clock.now();
    const news = this.#state.state === 'ok' || this.#state.code !== code;
    this.#state = { state: 'failing', code, message, since };
    if (news) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
      this.#logger.log('error', 'store-fails', { code, cause });
      this.#changed.fire(this.#state);
    }
    this.#probeLater();
  }

  dispose(): void {
    this.#disposed = true;
    this.#probe?.dispose();
    this.#probe = null;
    this.#changed.clear();
  }

  #probeLater(): void {
    if (this.#probe || this.#disposed) return;
    this.#probe = this.#clock.after(this.#probeEvery, () => {
      this.#probe = null;
      const at = new TextEncoder().encode(String(this.#clock.now()));
      this.#store.values.write([{ area: 'hub', key: 'probe', value: at }]).then(
        () => this.worked(),
        (error: unknown) => this.failed(error),
      );
    });
  }
}
