// Brings a workspace's attachments to its relay, and asks it for those that are fetched: small pieces, text first. It judges no bytes itself.
import { toWireError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { BlobStore } from '../../../shared/hub/blob-store.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { BlobClient, type GetOutcome, type RelayDoor } from './blob-client.ts';
import { BlobFetcher, type Wanted } from './blob-fetcher.ts';
import type { BlobAt, BlobRow, BlobRows } from './blob-rows.ts';
import type { BlobSource } from './blob-source.ts';
import {
  GONE,
  laterThan,
  LONG_WAIT,
  nextTrouble,
  ROTTEN,
  waitAfter,
  type Outcome,
  type Trouble,
} from './blob-trouble.ts';

/** Text goes first; but in a team that types all day files come as well. */
const POLITE = 1_500;

/** What the exchange needs of its workspace. */
export interface ExchangePlace {
  readonly workspace: string;
  /** Null while there is no way to the relay, or one that keeps no attachments. */
  door(): Promise<(RelayDoor & { readonly shelf: string }) | null>;
  /** Whether text is on its way, either way. */
  isBusy(): boolean;
  mayWrite(space: string): boolean;
  /** Whether it is for somebody else to bring it to the relay, for now. */
  isLeft(row: BlobRow): boolean;
  mayRead(space: string): boolean;
  /** What documents here refer to and is not here. */
  wanted(): Iterable<Wanted>;
  /** Whether one is not to be fetched any further for now. */
  isPaused(at: BlobAt): boolean;
}

export interface ExchangeParts {
  readonly place: ExchangePlace;
  readonly blobs: BlobStore;
  readonly rows: BlobRows;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something became different about a blob. */
  readonly onChange: (at: BlobAt) => void;
}

type Door = RelayDoor & { readonly shelf: string };

export class BlobExchange {
  readonly #parts: ExchangeParts;
  readonly #fetcher: BlobFetcher;
  readonly #troubles = new Map<string, Trouble>();
  /** What the relay said when it was asked last. */
  readonly #atRelay = new Map<string, boolean>();
  #waker: (() => void) | null = null;
  #idle = false;
  /** How often it was woken: what comes while a turn looks is not slept through. */
  #wakes = 0;
  #bringing: Promise<unknown> = Promise.resolve();
  readonly #ending = new AbortController();
  #closed = false;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    const { place } = parts;
    this.#fetcher = new BlobFetcher({
      ...parts,
      onChange: (at) => {
        parts.onChange(at);
        // It came from a computer nearby: whether the relay has it is not known, nor whether anybody else brings it there.
        if (parts.rows.get(at)?.shelf === null) this.#wakeBringing();
      },
      place: {
        workspace: place.workspace,
        wanted: () => place.wanted(),
        mayRead: (space) => place.mayRead(space),
        isPaused: (at) => place.isPaused(at),
        polite: () => this.#polite(),
      },
    });
  }

  start(): void {
    this.#bringing = this.#run();
    this.#fetcher.add(this.#relay());
  }

  /** Somebody else who has attachments, until it is disposed. */
  addSource(source: BlobSource): Disposable {
    return this.#fetcher.add(source);
  }

  /** Something may be there to do. `anew`: what was refused or absent is asked again at once. */
  wake(anew = false): void {
    if (anew) for (const [key, trouble] of this.#troubles) this.#troubles.set(key, { ...trouble, tries: 0, until: 0 });
    this.#wakeBringing();
    this.#fetcher.wake(anew);
  }

  /** Bytes that have come of a blob that is being fetched. */
  received(at: BlobAt): number {
    return this.#fetcher.received(at);
  }

  /** Whether the relay has one that is not here, as it said last; null: it was not asked, or did not say. */
  atRelay({ space, blob }: BlobAt): 'held' | 'absent' | null {
    const said = this.#atRelay.get(`${space}/${blob}`);
    if (said === undefined) return null;
    return said ? 'held' : 'absent';
  }

  /** Why it did not go up, or come down, as people can read it; null where nothing is known against it. */
  trouble(direction: 'up' | 'down', at: BlobAt): string | null {
    return direction === 'down' ? this.#fetcher.trouble(at) : (this.#troubles.get(keyOf(at))?.words ?? null);
  }

  /** Whether a source gave something else under that name. */
  isBlamed(source: string, blob: string): boolean {
    return this.#fetcher.isBlamed(source, blob);
  }

  /** Whether nothing can be done at this moment: all is there, or waits for something. */
  get isIdle(): boolean {
    return this.#idle && this.#fetcher.isIdle;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ending.abort();
    this.wake();
    await Promise.all([this.#bringing, this.#fetcher.close()]);
  }

  #wakeBringing(): void {
    this.#wakes += 1;
    this.#idle = false;
    this.#waker?.();
  }

  /** The relay as one of those that have attachments. */
  #relay(): BlobSource {
    let door: Door | null = null;
    return {
      id: 'relay',
      isNear: false,
      get shelf() {
        return door?.shelf ?? null;
      },
      ready: async () => {
        door = await this.#door();
        return door !== null;
      },
      // What it lacked a while ago it may have got since: it is asked again.
      has: ({ space, blob }) => this.#atRelay.get(`${space}/${blob}`) || null,
      get: async (at, start) => {
        if (!door) return { kind: 'later', words: null, isFull: false };
        const got = await new BlobClient(door, this.#ending.signal).get(at, start);
        this.#heard(at, got);
        return got;
      },
    };
  }

  #heard({ space, blob }: BlobAt, { kind }: GetOutcome): void {
    const key = `${space}/${blob}`;
    if (kind === 'bytes') this.#atRelay.set(key, true);
    else if (kind === 'absent') this.#atRelay.set(key, false);
    else if (kind !== 'beyond') this.#atRelay.delete(key);
  }

  async #door(): Promise<Door | null> {
    const { place, rows } = this.#parts;
    const door = await unlessAborted(place.door(), this.#ending.signal);
    if (door) await rows.setShelf(place.workspace, door.shelf);
    return door;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#closed) {
      const since = this.#wakes;
      let wait: number | null | undefined;
      try {
        wait = await this.#turn();
        failures = 0;
      } catch (error) {
        // One connection that broke says nothing of the next; where nobody is, waking comes with the link.
        this.#parts.logger.log('info', 'attachments-wait', { direction: 'up', code: toWireError(error).code });
        wait = waitAfter(++failures);
      }
      if (wait !== undefined && since === this.#wakes) await this.#rest(wait);
    }
  }

  /** One blob, or as far as it gets. The milliseconds to rest, null: until it is woken, undefined: not at all. */
  async #turn(): Promise<number | null | undefined> {
    const door = await this.#door();
    if (!door) return null;
    const now = this.#parts.clock.now();
    let next: (Wanted & BlobRow) | null = null;
    let soonest = Infinity;
    for (const job of this.#toBring(door.shelf)) {
      const until = this.#troubles.get(keyOf(job))?.until ?? 0;
      if (until > now) soonest = Math.min(soonest, until);
      // The smallest first: many pictures are seen before one film.
      else if (!next || job.size < next.size) next = job;
    }
    if (!next) return soonest === Infinity ? null : soonest - now;
    this.#idle = false;
    this.#note(next, await this.#bring(new BlobClient(door, this.#ending.signal), next, door.shelf));
    return undefined;
  }

  #toBring(shelf: string): (Wanted & BlobRow)[] {
    const { rows, place } = this.#parts;
    return [...rows.of(place.workspace)].filter((row) => row.shelf !== shelf && place.mayWrite(row.space));
  }

  #note(job: Wanted, outcome: Outcome): void {
    const key = keyOf(job);
    if (outcome === 'done') this.#troubles.delete(key);
    else if (outcome !== 'paused') {
      this.#troubles.set(key, nextTrouble(this.#troubles.get(key), outcome, this.#parts.clock.now()));
    }
    this.#parts.onChange(job);
  }

  async #bring(client: BlobClient, job: Wanted, shelf: string): Promise<Outcome> {
    const { rows, blobs } = this.#parts;
    const row = rows.get(job);
    if (!row) return 'done';
    const asked = await client.head(job);
    if (asked.kind === 'held') return this.#isThere(job, row, shelf);
    if (asked.kind !== 'absent') return laterThan(asked);
    if (this.#parts.place.isLeft(row)) return { wait: null, words: null };
    if (row.from !== undefined) {
      const taken = await client.take(job, row.from);
      if (taken.kind === 'held') return this.#isThere(job, row, shelf);
    }
    const size = await blobs.size(job.workspace, job.blob);
    if (size === null) return { wait: LONG_WAIT, words: GONE };
    // Asked of the end: a piece that was whole and not taken into its name is begun anew.
    let offset = asked.offset < size ? asked.offset : 0;
    for (let rounds = 0; !this.#closed; rounds += 1) {
      await this.#polite();
      const bytes = await this.#piece(job, offset, Math.min(size, offset + LIMITS.blobChunk));
      const put = await client.put(job, bytes, offset, size);
      switch (put.kind) {
        case 'held':
          return this.#isThere(job, row, shelf);
        case 'more':
          if (put.offset >= size || rounds > 2 + size / LIMITS.blobChunk) return { wait: null, words: null };
          offset = put.offset;
          break;
        case 'differs':
          return (await blobs.verify(job.workspace, job.blob))
            ? { wait: null, words: null }
            : { wait: LONG_WAIT, words: ROTTEN };
        case 'too-large':
          return { wait: LONG_WAIT, words: put.words ?? 'The relay takes no attachment as large as this one.' };
        case 'absent':
          return { wait: null, words: null };
        default:
          return laterThan(put);
      }
    }
    return { wait: null, words: null };
  }

  async #isThere(job: BlobAt, row: BlobRow, shelf: string): Promise<Outcome> {
    const { size, at, added, by } = row;
    const more = { ...(added ? { added } : {}), ...(by === undefined ? {} : { by }) };
    await this.#parts.rows.put(job, { size, at, shelf, ...more });
    return 'done';
  }

  async #piece({ workspace, blob }: BlobAt, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(end - start);
    let at = 0;
    for await (const part of this.#parts.blobs.read(workspace, blob, start, end)) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** Lets text go first, for a while. */
  async #polite(): Promise<void> {
    const { place, clock } = this.#parts;
    const until = clock.now() + POLITE;
    while (!this.#closed && place.isBusy() && clock.now() < until) {
      await new Promise<void>((resolve) => clock.after(50, resolve));
    }
  }

  /** Until it is woken, or after `wait` milliseconds. */
  #rest(wait: number | null): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#idle = true;
    return new Promise<void>((resolve) => {
      let timer: Disposable | null = null;
      this.#waker = () => {
        timer?.dispose();
        this.#waker = null;
        resolve();
      };
      if (wait !== null) timer = this.#parts.clock.after(Math.max(0, wait), this.#waker);
    });
  }
}

/** What was asked may go on; nobody waits for it any more. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => resolve(null);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}

function keyOf({ space, blob }: BlobAt): string {
  return `${space}/${blob}`;
}
