// Fetches what a workspace's documents refer to from whoever has it: each blob from one source at a time, going on where another ended. It opens no connection.
import { AppError, toWireError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { BlobStore } from '../../../shared/hub/blob-store.ts';
import type { GetOutcome } from './blob-client.ts';
import { FULL, laterThan, LONG_WAIT, nextTrouble, waitAfter, type Outcome, type Trouble } from './blob-trouble.ts';
import type { BlobAt, BlobRows } from './blob-rows.ts';
import type { BlobSource } from './blob-source.ts';

/** Under which parts of what is fetched are kept. All sources share them; the name is older than the other sources. */
export const WRITER = 'relay';
/** Who brought the bytes that an earlier run of the program left. */
const EARLIER = '';

export interface Wanted extends BlobAt {
  readonly size: number;
  /** Before all that are not. */
  readonly first?: boolean;
}

export interface FetchPlace {
  readonly workspace: string;
  /** What documents here refer to, this device may read, and is not here. */
  wanted(): Iterable<Wanted>;
  mayRead(space: string): boolean;
  /** Whether one is not to be fetched any further for now. */
  isPaused(at: BlobAt): boolean;
  /** Resolves when text that goes the way to the relay has gone first, or long enough. */
  polite(): Promise<void>;
}

export interface FetcherParts {
  readonly place: FetchPlace;
  readonly blobs: BlobStore;
  readonly rows: BlobRows;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: (at: BlobAt) => void;
}

/** One source's work: a file after the other. */
interface Lane {
  readonly source: BlobSource;
  wake: (() => void) | null;
  idle: boolean;
  ended: boolean;
  work: Promise<void>;
}

export class BlobFetcher {
  readonly #parts: FetcherParts;
  readonly #lanes = new Set<Lane>();
  /** By source and blob of a space. */
  readonly #troubles = new Map<string, Trouble>();
  readonly #received = new Map<string, number>();
  /** Blobs that a lane is at: nobody else fetches them, in whatever space. */
  readonly #busy = new Set<string>();
  /** Who brought some of the unfinished bytes of a blob. */
  readonly #givers = new Map<string, Set<string>>();
  /** Several brought what was wrong together: from one alone now, so that it shows who. */
  readonly #alone = new Set<string>();
  /** Source and blob: it handed out something else under that name, and is asked for it no more. */
  readonly #blamed = new Set<string>();
  /** How often it was woken: what comes while a turn looks is not slept through. */
  #wakes = 0;
  #closed = false;

  constructor(parts: FetcherParts) {
    this.#parts = parts;
  }

  /** From now on until it is disposed; what was fetched of a file by then stays. */
  add(source: BlobSource): Disposable {
    const lane: Lane = { source, wake: null, idle: false, ended: this.#closed, work: Promise.resolve() };
    this.#lanes.add(lane);
    lane.work = this.#run(lane).finally(() => this.#lanes.delete(lane));
    return {
      dispose: () => {
        lane.ended = true;
        this.wake();
      },
    };
  }

  /** Something may be there to do. `anew`: what was refused or absent is asked for again at once. */
  wake(anew = false): void {
    if (anew) for (const [key, trouble] of this.#troubles) this.#troubles.set(key, { ...trouble, tries: 0, until: 0 });
    this.#wakes += 1;
    for (const lane of this.#lanes) {
      lane.idle = false;
      lane.wake?.();
    }
  }

  /** Bytes that have come of a blob that is being fetched. */
  received({ space, blob }: BlobAt): number {
    return this.#received.get(`${space}/${blob}`) ?? 0;
  }

  /** Why it does not come, as people can read it; null where it is coming, or nothing is known against it. */
  trouble(at: BlobAt): string | null {
    if (this.#busy.has(at.blob)) return null;
    for (const { source } of this.#lanes) {
      const words = this.#troubles.get(keyOf(source, at))?.words ?? null;
      if (words !== null) return words;
    }
    return null;
  }

  /** Whether a source gave something else under that name. */
  isBlamed(source: string, blob: string): boolean {
    return this.#blamed.has(`${source} ${blob}`);
  }

  get isIdle(): boolean {
    for (const { idle } of this.#lanes) if (!idle) return false;
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const lane of this.#lanes) lane.ended = true;
    this.wake();
    await Promise.all([...this.#lanes].map((lane) => lane.work));
  }

  async #run(lane: Lane): Promise<void> {
    let failures = 0;
    while (!lane.ended) {
      const since = this.#wakes;
      let wait: number | null | undefined;
      try {
        wait = await this.#turn(lane);
        failures = 0;
      } catch (error) {
        this.#parts.logger.log('info', 'attachments-wait', { direction: 'down', code: toWireError(error).code });
        wait = waitAfter(++failures);
      }
      if (wait !== undefined && since === this.#wakes) await this.#rest(lane, wait);
    }
  }

  /** One blob, or as far as it gets. The milliseconds to rest, null: until it is woken, undefined: not at all. */
  async #turn(lane: Lane): Promise<number | null | undefined> {
    if (!(await lane.source.ready()) || lane.ended) return null;
    const now = this.#parts.clock.now();
    let next: Wanted | null = null;
    let soonest = Infinity;
    for (const job of this.#jobs(lane)) {
      const until = this.#troubles.get(keyOf(lane.source, job))?.until ?? 0;
      if (until > now) soonest = Math.min(soonest, until);
      else if (!next || isBefore(job, next)) next = job;
    }
    if (!next) return soonest === Infinity ? null : soonest - now;
    lane.idle = false;
    this.#busy.add(next.blob);
    let outcome: Outcome;
    try {
      outcome = await this.#fetch(lane, next);
    } catch (error) {
      // One connection that broke says nothing of the next; where nobody is, waking comes with the link.
      this.#parts.logger.log('info', 'attachments-wait', { direction: 'down', code: toWireError(error).code });
      outcome = { wait: null, words: null };
    } finally {
      this.#busy.delete(next.blob);
      this.#received.delete(`${next.space}/${next.blob}`);
      // Others may go on with it, or with what they left for this one.
      this.wake();
    }
    this.#note(lane.source, next, outcome);
    return undefined;
  }

  /** What this lane may fetch, now or later. */
  *#jobs({ source }: Lane): Generator<Wanted> {
    for (const job of this.#parts.place.wanted()) {
      if (this.#busy.has(job.blob) || this.isBlamed(source.id, job.blob)) continue;
      const has = source.has(job);
      if (source.isNear ? has === true : has !== false && !this.#isNear(job)) yield job;
    }
  }

  /** Whether somebody here on this network can give it now. */
  #isNear(job: Wanted): boolean {
    const now = this.#parts.clock.now();
    for (const { source, ended } of this.#lanes) {
      if (!source.isNear || ended || source.has(job) !== true) continue;
      if (this.isBlamed(source.id, job.blob)) continue;
      if ((this.#troubles.get(keyOf(source, job))?.until ?? 0) <= now) return true;
    }
    return false;
  }

  /** Whether it is left where it is: for a smaller one, or to who is nearer. */
  #gives(lane: Lane, job: Wanted): boolean {
    if (!lane.source.isNear && this.#isNear(job)) return true;
    const now = this.#parts.clock.now();
    for (const other of this.#jobs(lane)) {
      if (isBefore(other, job) && (this.#troubles.get(keyOf(lane.source, other))?.until ?? 0) <= now) return true;
    }
    return false;
  }

  #note(source: BlobSource, job: Wanted, outcome: Outcome): void {
    const key = keyOf(source, job);
    if (outcome === 'done') {
      for (const known of [...this.#troubles.keys()])
        if (known.endsWith(` ${job.space}/${job.blob}`)) this.#troubles.delete(known);
    } else if (outcome !== 'paused') {
      this.#troubles.set(key, nextTrouble(this.#troubles.get(key), outcome, this.#parts.clock.now()));
    }
    this.#parts.onChange(job);
  }

  async #fetch(lane: Lane, job: Wanted): Promise<Outcome> {
    const { blobs, place } = this.#parts;
    const { source } = lane;
    const { workspace, blob } = job;
    try {
      let offset = await this.#begun(source, job);
      for (let seen = this.#wakes; ;) {
        if (!source.isNear) await place.polite();
        if (seen !== this.#wakes) {
          seen = this.#wakes;
          if (this.#gives(lane, job)) return 'paused';
        }
        const isAllowed = place.mayRead(job.space) && (!source.isNear || source.has(job) === true);
        if (lane.ended || !isAllowed) return { wait: null, words: null };
        if (place.isPaused(job)) return 'paused';
        const got = await source.get(job, offset);
        // Rights may have gone meanwhile: nothing is kept of what came then.
        if (!place.mayRead(job.space)) return { wait: null, words: null };
        if (got.kind === 'bytes') {
          const next = await this.#take(source, job, offset, got);
          if (typeof next !== 'number') return next;
          offset = next;
        } else {
          if (got.kind === 'beyond') await blobs.discard(workspace, blob, WRITER);
          return got.kind === 'absent' || got.kind === 'beyond' ? { wait: null, words: null } : laterThan(got);
        }
      }
    } catch (error) {
      if (!(error instanceof AppError) || !['disk-full', 'read-only', 'bad-input', 'too-large'].includes(error.code))
        throw error;
      return { wait: LONG_WAIT, words: error.code === 'disk-full' ? FULL : error.message };
    }
  }

  /** How much of it is here already that this source may go on with. */
  async #begun(source: BlobSource, { workspace, blob }: BlobAt): Promise<number> {
    const { blobs } = this.#parts;
    const offset = await blobs.partial(workspace, blob, WRITER);
    if (offset === 0) this.#givers.delete(blob);
    else if (!this.#givers.has(blob)) this.#givers.set(blob, new Set([EARLIER]));
    const others = [...(this.#givers.get(blob) ?? [])].some((giver) => giver !== source.id);
    if (!others || !this.#alone.has(blob)) return offset;
    await blobs.discard(workspace, blob, WRITER);
    this.#givers.delete(blob);
    return 0;
  }

  /** Where to go on, or how it ended. */
  async #take(
    source: BlobSource,
    job: Wanted,
    offset: number,
    { bytes, size }: Extract<GetOutcome, { kind: 'bytes' }>,
  ): Promise<number | Outcome> {
    const { blobs } = this.#parts;
    const { workspace, space, blob } = job;
    // Here already for another space of the workspace: that it is in this one was the source's to say.
    const known = await blobs.size(workspace, blob);
    if (known !== null && known === size) {
      await blobs.discard(workspace, blob, WRITER);
      return this.#keep(source, job, known);
    }
    const next = await blobs.append(workspace, blob, WRITER, offset, one(bytes), size);
    this.#givers.set(blob, (this.#givers.get(blob) ?? new Set()).add(source.id));
    this.#received.set(`${space}/${blob}`, next);
    this.#parts.onChange(job);
    if (next < size && bytes.length > 0) return next;
    if (next < size || (await blobs.finish(workspace, blob, WRITER)) === 'differs') {
      await blobs.discard(workspace, blob, WRITER);
      return this.#differs(source, job);
    }
    return this.#keep(source, job, size);
  }

  async #keep(source: BlobSource, job: Wanted, size: number): Promise<Outcome> {
    const { rows, clock } = this.#parts;
    this.#givers.delete(job.blob);
    this.#alone.delete(job.blob);
    const by = source.isNear ? { by: source.id } : {};
    await rows.put(job, { size, at: clock.now(), shelf: source.shelf, ...by });
    return 'done';
  }

  /** Who brought all of them is not asked again; of several it is found out who it was. */
  #differs(source: BlobSource, { blob }: Wanted): Outcome {
    const givers = this.#givers.get(blob);
    this.#givers.delete(blob);
    if (givers && givers.size > 1) {
      this.#alone.add(blob);
      return { wait: 0, words: null };
    }
    this.#parts.logger.log('warn', 'attachment-differs', { from: source.id, blob });
    if (source.isNear) this.#blamed.add(`${source.id} ${blob}`);
    return { wait: LONG_WAIT, words: source.isNear ? WRONG_NEAR : WRONG_RELAY };
  }

  /** Until it is woken, or after `wait` milliseconds. */
  #rest(lane: Lane, wait: number | null): Promise<void> {
    if (lane.ended) return Promise.resolve();
    lane.idle = true;
    return new Promise<void>((resolve) => {
      let timer: Disposable | null = null;
      lane.wake = () => {
        timer?.dispose();
        lane.wake = null;
        resolve();
      };
      if (wait !== null) timer = this.#parts.clock.after(Math.max(0, wait), lane.wake);
    });
  }
}

const WRONG_RELAY = 'What the relay sent is not this file. It was not kept, and is asked for again.';
const WRONG_NEAR =
  'What a computer here on this network sent is not this file. It was not kept, and that computer is not asked for it again.';

/** What somebody asked for, then the smallest: many pictures are seen before one film. */
function isBefore(one: Wanted, other: Wanted): boolean {
  const [first, second] = [one.first === true, other.first === true];
  return first === second ? one.size < other.size : first;
}

function keyOf({ id }: BlobSource, { space, blob }: BlobAt): string {
  return `${id} ${space}/${blob}`;
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
