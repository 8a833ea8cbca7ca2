// One other device of a workspace: the one link to it, or the way to the next: where it was seen, when it is dialed, why not. It reads no log and keeps no socket open.
import { AppError, toWireError } from '../../../shared/base/app-error.ts';
import { Backoff } from '../../../shared/base/backoff.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { waitAwake } from '../../../shared/link/wakeful-wait.ts';
import { CLOSE, isFinalClose } from '../../../shared/protocol/close-codes.ts';
import type { PeerAddress, PeerConnection } from './peer-connection.ts';
import type { PeerLink, PeerLinkPlace } from './peer-link.ts';

/** `seen`: somebody said where it is, and it is not dialed: links are off, or it was given up. */
export type PeerState = 'linked' | 'connecting' | 'seen' | 'refused';

/** What a link tells whoever made it, and waits for. */
export type LinkEnds = Pick<PeerLinkPlace, 'onEnd' | 'onUp' | 'after'>;

export interface PeerWayOptions {
  /** This device and the other one. */
  readonly own: string;
  readonly device: string;
  readonly clock: Clock;
  /** Replaced by tests. */
  readonly random?: () => number;
  /** Whether links to it may be now. */
  readonly mayLink: () => boolean;
  readonly dial: (address: PeerAddress) => Promise<PeerConnection>;
  readonly open: (connection: PeerConnection, ends: LinkEnds) => PeerLink;
  readonly onChange: () => void;
}

/** Milliseconds: between tries; the longest keeps a laptop that comes into the room from waiting. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;
/** The device with the greater id lets the other one dial first: the two seldom meet half-way. */
const POLITE = 700;
/** Who said no for good is asked again this late, in case it changed its mind without a word; and where somebody typed that it is. */
const REFUSED_WAIT = 60_000;
/** Tries at an address that nobody answered at, before it is given up until it is found again. */
const MOST_TRIES = 40;

type Step =
  | { readonly kind: 'idle' }
  | { readonly kind: 'dialing' }
  | { readonly kind: 'waiting'; readonly timer: Disposable }
  | { readonly kind: 'refused'; readonly timer: Disposable };

export class PeerWay {
  readonly #options: PeerWayOptions;
  readonly #backoff: Backoff;
  /** Where it was found, by address; the newest last. */
  readonly #addresses = new Map<string, PeerAddress>();
  /** Where somebody said that it is: nothing is announced of that, so nobody would find it again. */
  #told: PeerAddress | null = null;
  #step: Step = { kind: 'idle' };
  #link: PeerLink | null = null;
  #since: number;
  #why: string | null = null;
  #ending: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: PeerWayOptions) {
    this.#options = options;
    const { random } = options;
    this.#backoff = new Backoff({ first: FIRST_WAIT, longest: LONGEST_WAIT, ...(random ? { random } : {}) });
    this.#since = options.clock.now();
  }

  get link(): PeerLink | null {
    return this.#link;
  }

  get address(): PeerAddress | null {
    return this.#link?.connection.address ?? [...this.#addresses.values()].at(-1) ?? null;
  }

  get dialed(): boolean {
    return this.#link?.connection.dialed ?? false;
  }

  get state(): PeerState {
    if (this.#link) return this.#link.isUp ? 'linked' : 'connecting';
    if (this.#step.kind === 'refused') return 'refused';
    return this.#step.kind === 'idle' || this.#isGivenUp ? 'seen' : 'connecting';
  }

  /** Since when it is in this state (milliseconds since the epoch). */
  get since(): number {
    return this.#since;
  }

  /** What went wrong last, for people; null while it is linked. */
  get why(): string | null {
    return this.#why;
  }

  /** Nothing is known of it that would lead there. */
  get isLost(): boolean {
    return !this.#link && this.#addresses.size === 0 && this.#step.kind !== 'dialing';
  }

  /** @param told by somebody, and not announced: it is dialed there for as long as this host runs, in the end once a minute. */
  found(address: PeerAddress, told = false): void {
    if (told) this.#told = address;
    const key = keyOf(address);
    const isNew = !this.#addresses.has(key);
    // Behind the others: what was heard last is tried first.
    this.#addresses.delete(key);
    this.#addresses.set(key, address);
    const { kind } = this.#step;
    const isDue = kind === 'idle' || (kind === 'waiting' && this.#isGivenUp) || (isNew && kind === 'refused');
    if (!this.#link && isDue) this.#soon(0);
    if (isNew) this.#options.onChange();
  }

  /** It is there no more; a link that stands is left alone. */
  lost(address: PeerAddress): void {
    const key = keyOf(address);
    // It was told in another way, and that holds.
    if (this.#told && keyOf(this.#told) === key) return;
    if (!this.#addresses.delete(key)) return;
    if (this.#addresses.size === 0 && this.#step.kind === 'waiting') this.#rest();
    this.#options.onChange();
  }

  /** A connection to it stands, by whichever end; of two the one stays that the device with the smaller id dialed. */
  take(connection: PeerConnection): void {
    const { mayLink } = this.#options;
    if (this.#closed || !mayLink()) {
      connection.transport.close(CLOSE.stopping, 'This end keeps no links now.');
      return;
    }
    const present = this.#link;
    const again = present?.connection.dialed === connection.dialed;
    if (present && !again && this.#bySmaller(present.connection)) {
      connection.transport.close(CLOSE.stopping, 'There is a link already.');
      // Whoever dials has none, unless both dialed at once: where this one is dead, it is found out now.
      present.ask();
      return;
    }
    this.#forget();
    // Somebody is there: where it is lost soon, that is not the last of many tries.
    if (this.#isGivenUp) this.#backoff.reset();
    // Not this end's link any more before it ends: nothing was lost that would be dialed again.
    this.#link = null;
    if (present) this.#drop(present, CLOSE.stopping, 'There is another link.');
    const link: PeerLink = this.#options.open(connection, {
      after: this.#ending,
      onUp: () => this.#changed(),
      onEnd: (code, reason) => {
        if (this.#link === link) this.#lost(link, code, reason);
      },
    });
    this.#link = link;
    this.#why = null;
    this.#changed();
  }

  /** Dials at once, if there is anything to dial and no link: also after a refusal. */
  retry(): void {
    if (this.#link || this.#step.kind === 'dialing') return;
    this.#backoff.reset();
    this.#forget();
    this.#soon(0);
  }

  /** The network is another one: a link proves itself, a wait ends. */
  networkChanged(): void {
    if (this.#link) this.#link.ask();
    else if (this.#step.kind !== 'refused') this.retry();
  }

  /** Ends what there is; found() and take() begin anew. */
  stop(code: number, reason: string): void {
    this.#forget();
    const link = this.#link;
    this.#link = null;
    if (link) this.#drop(link, code, reason);
    this.#changed();
  }

  /** Resolves when what the links learned that are over is stored. */
  ended(): Promise<void> {
    return this.#ending;
  }

  /** Resolves when what the links learned is stored. */
  async close(code: number = CLOSE.stopping, reason = 'This end is stopping.'): Promise<void> {
    this.#closed = true;
    this.stop(code, reason);
    await this.#ending;
  }

  get #isGivenUp(): boolean {
    return this.#backoff.failures >= MOST_TRIES;
  }

  /** Whether the device with the smaller id dialed it. */
  #bySmaller({ dialed }: PeerConnection): boolean {
    const { own, device } = this.#options;
    return dialed === own < device;
  }

  #drop(link: PeerLink, code: number, reason: string): void {
    const ended = link.end(code, reason);
    this.#ending = this.#ending.then(() => ended);
  }

  #lost(link: PeerLink, code: number, reason: string): void {
    const { clock } = this.#options;
    // A link that stood is tried again soon, whatever was before.
    if (clock.now() - this.#since > LONGEST_WAIT) this.#backoff.reset();
    this.#link = null;
    this.#drop(link, code, reason);
    this.#failed(code, reason === '' ? `The connection was lost (${code}).` : reason);
  }

  #failed(code: number, reason: string): void {
    const { clock } = this.#options;
    this.#why = reason;
    if (this.#closed) return;
    if (isFinalClose(code)) {
      this.#step = { kind: 'refused', timer: clock.after(REFUSED_WAIT, () => this.#due()) };
      this.#changed();
      return;
    }
    if (this.#isGivenUp) {
      this.#addresses.clear();
      this.#forget();
      if (this.#told) {
        this.#addresses.set(keyOf(this.#told), this.#told);
        this.#soon(REFUSED_WAIT);
      }
    } else {
      this.#soon(this.#backoff.next());
    }
    this.#changed();
  }

  #soon(milliseconds: number): void {
    const { own, device, clock, mayLink } = this.#options;
    this.#forget();
    if (this.#closed || this.#addresses.size === 0 || !mayLink()) return;
    const wait = milliseconds + (own < device ? 0 : POLITE);
    this.#step = { kind: 'waiting', timer: waitAwake(clock, wait, () => this.#due()) };
  }

  #due(): void {
    this.#forget();
    const address = [...this.#addresses.values()].at(-1);
    if (!address || this.#link || this.#closed || !this.#options.mayLink()) return this.#changed();
    const step: Step = { kind: 'dialing' };
    this.#step = step;
    this.#changed();
    this.#options.dial(address).then(
      (connection) => {
        if (this.#step === step) this.#step = { kind: 'idle' };
        this.take(connection);
      },
      (error: unknown) => {
        if (this.#step !== step) return;
        this.#step = { kind: 'idle' };
        // The next try is made where it was heard before that.
        if (this.#addresses.delete(keyOf(address))) {
          const others = [...this.#addresses];
          this.#addresses.clear();
          for (const [key, other] of [[keyOf(address), address] as const, ...others]) this.#addresses.set(key, other);
        }
        const code = error instanceof AppError ? error.details['closeCode'] : undefined;
        this.#failed(typeof code === 'number' ? code : 0, toWireError(error).message);
      },
    );
  }

  #rest(): void {
    this.#forget();
    this.#changed();
  }

  /** Whatever is waited for; a dial that is under way is judged when it ends. */
  #forget(): void {
    if (this.#step.kind === 'waiting' || this.#step.kind === 'refused') this.#step.timer.dispose();
    this.#step = { kind: 'idle' };
  }

  #shown: PeerState | null = null;

  #changed(): void {
    const { state } = this;
    if (state !== this.#shown) {
      this.#shown = state;
      this.#since = this.#options.clock.now();
    }
    this.#options.onChange();
  }
}

function keyOf({ host, port }: PeerAddress): string {
  return `${host} ${port}`;
}
