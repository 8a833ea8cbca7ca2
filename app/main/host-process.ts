// Keeps the host's process running: starts it, starts it again after a crash, and ends it only after its flush.
// It knows Electron by one function that forks; no document byte passes here.
import { fromWireError, type AppError } from '../../shared/base/app-error.ts';
import type { Backoff } from '../../shared/base/backoff.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import type { OnlyHere } from '../contract/only-here.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import {
  readFromHost,
  type FromHost,
  type ToHost,
  type VaultAnswer,
  type VaultAsk,
} from '../contract/host-messages.ts';

/** How long the host may take to store everything before quitting goes on without it, in milliseconds. */
export const FLUSH_LIMIT = 10_000;
/** A host that ran this long counts as well: the next crash waits the short time again. */
const STABLE = 60_000;

/** What this file needs of Electron's UtilityProcess; `Port` is a MessagePortMain. */
export interface HostChild<Port> {
  postMessage(message: ToHost, transfer?: Port[]): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}

export type HostState =
  | { readonly state: 'starting' }
  | { readonly state: 'ready' }
  /** It crashed and is started again at `retryAt`. */
  | { readonly state: 'crashed'; readonly code: number; readonly retryAt: number }
  /** It said why it cannot run; it is not started again by itself. */
  | { readonly state: 'failed'; readonly error: AppError }
  /** Another process serves the folder; it is not started again by itself. */
  | { readonly state: 'elsewhere'; readonly pid: number; readonly shell: string; readonly url: string }
  | { readonly state: 'stopping' }
  | { readonly state: 'stopped' };

/** `flushed`: everything is stored. `late`: it did not say so in time and was ended. `crashed`: it ended without saying so. */
export type StopOutcome = 'flushed' | 'late' | 'crashed' | 'not-running';

/** What the host wants shown outside its windows. */
export type HostWish = Extract<FromHost, { readonly type: 'notice' | 'count' | 'stay' }>;

export interface HostProcessOptions<Port> {
  readonly fork: () => HostChild<Port>;
  readonly clock: Clock;
  readonly backoff: Backoff;
  /** The system's keyring, which the host asks through here. */
  readonly keyring: (ask: VaultAsk) => VaultAnswer;
}

export class HostProcess<Port> {
  readonly #options: HostProcessOptions<Port>;
  readonly #changes = new Emitter<HostState>();
  readonly #quitAsked = new Emitter<void>();
  readonly #wishes = new Emitter<HostWish>();
  readonly #onlyHere = new Emitter<OnlyHere>();
  #state: HostState = { state: 'stopped' };
  #child: HostChild<Port> | null = null;
  #flushed = false;
  #waiting: Port[] = [];
  #timer: Disposable | null = null;
  #stop: { promise: Promise<StopOutcome>; resolve: (outcome: StopOutcome) => void } | null = null;

  constructor(options: HostProcessOptions<Port>) {
    this.#options = options;
  }

  readonly onState = this.#changes.event;
  /** A command asked the program to end. */
  readonly onQuitAsked = this.#quitAsked.event;
  readonly onWish = this.#wishes.event;
  /** What would be left on this computer alone became different. */
  readonly onOnlyHere = this.#onlyHere.event;

  get state(): HostState {
    return this.#state;
  }

  start(): void {
    if (this.#child || this.#stop) return;
    this.#timer?.dispose();
    this.#timer = null;
    const { clock, fork } = this.#options;
    const began = clock.now();
    this.#flushed = false;
    const child = fork();
    this.#child = child;
    child.on('message', (message) => {
      if (child === this.#child) this.#heard(message);
    });
    child.on('exit', (code) => {
      if (child === this.#child) this.#ended(code, clock.now() - began);
    });
    this.#become({ state: 'starting' });
  }

  /** Hands a window's port to the host, as soon as there is one. */
  givePort(port: Port): void {
    if (this.#state.state === 'ready') this.#child?.postMessage({ type: 'window-port' }, [port]);
    else this.#waiting.push(port);
  }

  /** Asks the host to store everything and end; resolves at the latest after FLUSH_LIMIT. Later calls give the same answer. */
  stop(): Promise<StopOutcome> {
    if (this.#stop) return this.#stop.promise;
    this.#timer?.dispose();
    this.#timer = null;
    this.#waiting = [];
    let resolve: (outcome: StopOutcome) => void = () => undefined;
    const promise = new Promise<StopOutcome>((done) => (resolve = done));
    this.#stop = { promise, resolve };
    const child = this.#child;
    if (!child || this.#holdsNothing) {
      // A host that did not open its folder has nothing to store, and ends by itself.
      this.#child = null;
      child?.kill();
      this.#become({ state: 'stopped' });
      resolve('not-running');
      return promise;
    }
    this.#become({ state: 'stopping' });
    child.postMessage({ type: 'flush-and-exit' });
    this.#timer = this.#options.clock.after(FLUSH_LIMIT, () => {
      this.#child = null;
      child.kill();
      this.#become({ state: 'stopped' });
      resolve(this.#flushed ? 'flushed' : 'late');
    });
    return promise;
  }

  get #holdsNothing(): boolean {
    return this.#state.state === 'failed' || this.#state.state === 'elsewhere';
  }

  #heard(data: unknown): void {
    const message = readFromHost(data);
    if (message?.type === 'flushed') this.#flushed = true;
    if (message?.type === 'quit-asked') this.#quitAsked.fire();
    if (message?.type === 'only-here') this.#onlyHere.fire(message);
    if (message?.type === 'notice' || message?.type === 'count' || message?.type === 'stay') this.#wishes.fire(message);
    if (message?.type === 'vault-ask') {
      const answer = this.#options.keyring(message.ask);
      this.#child?.postMessage({ type: 'vault-answer', id: message.id, answer });
    }
    if (message?.type === 'failed') this.#become({ state: 'failed', error: fromWireError(message.error) });
    if (message?.type === 'elsewhere') {
      const { pid, shell, url } = message;
      this.#become({ state: 'elsewhere', pid, shell, url });
    }
    if (message?.type !== 'ready' || this.#state.state !== 'starting') return;
    this.#become({ state: 'ready' });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const port of waiting) this.givePort(port);
  }

  #ended(code: number, ranFor: number): void {
    this.#child = null;
    this.#timer?.dispose();
    this.#timer = null;
    if (this.#stop) {
      this.#become({ state: 'stopped' });
      // Its last message may be lost with its end; it ends with 0 only after everything was stored.
      this.#stop.resolve(this.#flushed || code === 0 ? 'flushed' : 'crashed');
      return;
    }
    if (this.#holdsNothing) return;
    const { backoff, clock } = this.#options;
    if (ranFor >= STABLE) backoff.reset();
    const wait = backoff.next();
    this.#become({ state: 'crashed', code, retryAt: clock.now() + wait });
    this.#timer = clock.after(wait, () => this.start());
  }

  #become(state: HostState): void {
    this.#state = state;
    this.#changes.fire(state);
  }
}
