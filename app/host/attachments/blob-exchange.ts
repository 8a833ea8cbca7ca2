// Brings a workspace's attachments to its relay and fetches those that its documents refer to: small pieces, text first. It judges no bytes itself.
import { AppError, toWireError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { BlobStore } from '../../../shared/hub/blob-store.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { BlobClient, type NotNow, type RelayDoor } from './blob-client.ts';
import type { BlobAt, BlobRow, BlobRows } from './blob-rows.ts';

/** Waits after a try that failed: somebody who adds a file brings it soon after its text, or next week. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
/** What is refused, or full, becomes better when somebody does something about it. */
const LONG_WAIT = 120_000;
/** Text goes first; but in a team that types all day files come as well. */
const POLITE = 1_500;
/** Under which parts of what it fetches are kept. */
export const WRITER = 'relay';

export interface Wanted extends BlobAt {
  readonly size: number;
  /** Before all that are not. */
  readonly first?: boolean;
}

/** What the exchange needs of its workspace. */
export interface ExchangePlace {
  readonly workspace: string;
  /** Null while there is no way to the relay, or one that keeps no attachments. */
  door(): Promise<(RelayDoor & { readonly shelf: string }) | null>;
  /** Whether text is on its way, either way. */
  isBusy(): boolean;
  mayWrite(space: string): boolean;
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

type Direction = 'up' | 'down';

interface Trouble {
  readonly tries: number;
  readonly until: number;
  readonly words: string | null;
}

type Outcome = 'done' | { readonly wait: number | null; readonly words: string | null };

export class BlobExchange {
  readonly #parts: ExchangeParts;
  readonly #troubles = new Map<string, Trouble>();
  readonly #received = new Map<string, number>();
  /** What the relay said when it was asked last. */
  readonly #atRelay = new Map<string, 'held' | 'absent'>();
  readonly #wakers = new Map<Direction, () => void>();
  readonly #idle = new Map<Direction, boolean>();
  /** How often it was woken: what comes while a turn looks is not slept through. */
  #wakes = 0;
  #loops: Promise<unknown> = Promise.resolve();
  readonly #ending = new AbortController();
  #closed = false;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loops = Promise.all([this.#run('up'), this.#run('down')]);
  }

  /** Something may be there to do. `anew`: what was refused or absent is asked again at once. */
  wake(anew = false): void {
    if (anew) for (const [key, trouble] of this.#troubles) this.#troubles.set(key, { ...trouble, tries: 0, until: 0 });
    this.#wakes += 1;
    this.#idle.clear();
    for (const waker of [...this.#wakers.values()]) waker();
  }

  /** Bytes that have come of a blob that is being fetched. */
  received({ space, blob }: BlobAt): number {
    return this.#received.get(`${space}/${blob}`) ?? 0;
  }

  /** Whether the relay has one that is not here, as it said last; null: it was not asked, or did not say. */
  atRelay({ space, blob }: BlobAt): 'held' | 'absent' | null {
    return this.#atRelay.get(`${space}/${blob}`) ?? null;
  }

  /** Why it did not go up, or come down, as people can read it; null where nothing is known against it. */
  trouble(direction: Direction, { space, blob }: BlobAt): string | null {
    return this.#troubles.get(`${direction} ${space}/${blob}`)?.words ?? null;
  }

  /** Whether nothing can be done at this moment: all is there, or waits for something. */
  get isIdle(): boolean {
    return this.#idle.get('up') === true && this.#idle.get('down') === true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ending.abort();
    this.wake();
    await this.#loops;
  }

  async #run(direction: Direction): Promise<void> {
    while (!this.#closed) {
      const since = this.#wakes;
      let wait: number | null | undefined;
      try {
        wait = await this.#turn(direction);
      } catch (error) {
        // Nobody answers: the link's own status says so, and waking comes with it.
        this.#parts.logger.log('info', 'attachments-wait', { direction, code: toWireError(error).code });
        wait = LONGEST_WAIT;
      }
      if (wait !== undefined && since === this.#wakes) await this.#rest(direction, wait);
    }
  }

  /** One blob, or as far as it gets. The milliseconds to rest, null: until it is woken, undefined: not at all. */
  async #turn(direction: Direction): Promise<number | null | undefined> {
    const { place, rows, clock } = this.#parts;
    const door = await unlessAborted(place.door(), this.#ending.signal);
    if (!door) return null;
    await rows.setShelf(place.workspace, door.shelf);
    const now = clock.now();
    const jobs = direction === 'up' ? this.#toBring(door.shelf) : [...place.wanted()];
    const ready = jobs.filter((job) => (this.#troubles.get(keyOf(direction, job))?.until ?? 0) <= now);
    const next = ready.reduce<Wanted | null>((best, job) => (best && !isBefore(job, best) ? best : job), null);
    if (!next) {
      const soonest = jobs.reduce(
        (least, job) => Math.min(least, this.#troubles.get(keyOf(direction, job))?.until ?? Infinity),
        Infinity,
      );
      return soonest === Infinity ? null : soonest - now;
    }
    this.#idle.set(direction, false);
    const client = new BlobClient(door, this.#ending.signal);
    const outcome =
      direction === 'up' ? await this.#bring(client, next, door.shelf) : await this.#fetch(client, next, door.shelf);
    this.#note(direction, next, outcome);
    return undefined;
  }

  #toBring(shelf: string): (Wanted & BlobRow)[] {
    const { rows, place } = this.#parts;
    return [...rows.of(place.workspace)].filter((row) => row.shelf !== shelf && place.mayWrite(row.space));
  }

  #note(direction: Direction, job: Wanted, outcome: Outcome): void {
    const key = keyOf(direction, job);
    if (outcome === 'done') this.#troubles.delete(key);
    else {
      const tries = (this.#troubles.get(key)?.tries ?? 0) + 1;
      const wait = outcome.wait ?? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(tries - 1, 10));
      this.#troubles.set(key, { tries, until: this.#parts.clock.now() + wait, words: outcome.words });
    }
    this.#parts.onChange(job);
  }

  async #bring(client: BlobClient, job: Wanted, shelf: string): Promise<Outcome> {
    const { rows, blobs } = this.#parts;
    const row = rows.get(job);
    if (!row) return 'done';
    const asked = await client.head(job);
    if (asked.kind === 'held') return this.#isThere(job, row, shelf);
    if (asked.kind !== 'absent') return later(asked);
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
          return later(put);
      }
    }
    return { wait: null, words: null };
  }

  async #isThere(job: BlobAt, row: BlobRow, shelf: string): Promise<Outcome> {
    const { size, at } = row;
    await this.#parts.rows.put(job, { size, at, shelf });
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

  async #fetch(client: BlobClient, job: Wanted, shelf: string): Promise<Outcome> {
    const { blobs, rows, clock } = this.#parts;
    const { workspace, space, blob } = job;
    // Here already for another space of the workspace: that it is in this one is still the relay's to say.
    let offset = await blobs.partial(workspace, blob, WRITER);
    const key = `${space}/${blob}`;
    try {
      while (!this.#closed && !this.#parts.place.isPaused(job)) {
        await this.#polite();
        const got = await client.get(job, offset);
        if (got.kind === 'absent') {
          this.#atRelay.set(key, 'absent');
          return { wait: null, words: null };
        }
        if (got.kind === 'beyond') {
          await blobs.discard(workspace, blob, WRITER);
          return { wait: null, words: null };
        }
        if (got.kind !== 'bytes') {
          this.#atRelay.delete(key);
          return later(got);
        }
        this.#atRelay.set(key, 'held');
        const known = await blobs.size(workspace, blob);
        if (known !== null && known === got.size) {
          await blobs.discard(workspace, blob, WRITER);
          await rows.put(job, { size: known, at: clock.now(), shelf });
          return 'done';
        }
        offset = await blobs.append(workspace, blob, WRITER, offset, one(got.bytes), got.size);
        this.#received.set(key, offset);
        this.#parts.onChange(job);
        if (offset < got.size && got.bytes.length > 0) continue;
        if (offset < got.size || (await blobs.finish(workspace, blob, WRITER)) === 'differs') {
          return {
            wait: LONG_WAIT,
            words: 'What the relay sent is not this file. It was not kept, and is asked for again.',
          };
        }
        await rows.put(job, { size: got.size, at: clock.now(), shelf });
        return 'done';
      }
    } catch (error) {
      if (!(error instanceof AppError) || !['disk-full', 'read-only', 'bad-input', 'too-large'].includes(error.code))
        throw error;
      return { wait: LONG_WAIT, words: error.code === 'disk-full' ? FULL : error.message };
    } finally {
      this.#received.delete(key);
    }
    return { wait: null, words: null };
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
  #rest(direction: Direction, wait: number | null): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#idle.set(direction, true);
    return new Promise<void>((resolve) => {
      let timer: Disposable | null = null;
      const wake = (): void => {
        timer?.dispose();
        this.#wakers.delete(direction);
        resolve();
      };
      this.#wakers.set(direction, wake);
      if (wait !== null) timer = this.#parts.clock.after(Math.max(0, wait), wake);
    });
  }
}

const FULL =
  'The disk of this computer is full. What is here is kept; free some space, and the file is fetched by itself.';
const GONE = 'The bytes of this file are not on this computer any more. The page is kept; add the file again.';
const ROTTEN = 'The bytes of this file were damaged on the disk. The page is kept; add the file again.';

function later(answer: NotNow): Outcome {
  if (answer.kind === 'refused') return { wait: LONG_WAIT, words: null };
  return { wait: answer.isFull ? LONG_WAIT : null, words: answer.words };
}

/** What somebody asked for, then the smallest: many pictures are seen before one film. */
function isBefore(one: Wanted, other: Wanted): boolean {
  if (one.first !== other.first) return one.first === true;
  return one.size < other.size;
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

function keyOf(direction: Direction, { space, blob }: BlobAt): string {
  return `${direction} ${space}/${blob}`;
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
