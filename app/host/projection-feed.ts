// Keeps a projection in step with the rooms: what is to be read again, when, how far each space is read. It knows nothing of what is read.
import type { Clock } from '../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../shared/base/disposable.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { Principal, RoomSource } from '../../shared/link/room-source.ts';
import { Breath } from './breath.ts';
import { UnreadRooms, type UnreadRoom } from './unread-rooms.ts';

/** What a projection does with rooms; the feed says when. */
export interface ProjectionWork {
  /** Begins the names of its log events. */
  readonly name: string;
  /** Takes a room as it is durable now. Rejects for one that cannot be read; what was made of it before stays. */
  read(room: string): Promise<void>;
  /** Announces what the rooms read since the last time made different. */
  tell(): void;
  /** Stores what is not stored yet, and with it how far spaces are read: then nothing of them is read again. */
  save(reached: ReadonlyMap<string, number>): Promise<void>;
}

export interface FeedParts {
  readonly source: Pick<RoomSource, 'heads' | 'changes' | 'onChange'>;
  readonly principal: Principal;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Pace {
  /** Milliseconds between a change and the reading of its room. */
  readonly shortestWait: number;
  /** Of the time at most one part in so many is spent on reading what changes all the time. */
  readonly share: number;
  /** While more waits than one batch, each batch is followed by a pause of so many times its own length. */
  readonly pause: number;
}

/** Typing in a page must not read it again for each key; longer documents are read less often still. */
const USUAL: Pace = { shortestWait: 120, share: 10, pause: 0 };
const LONGEST_WAIT = 5_000;
/** Rooms whose rows are stored together: each write waits for the disk, as a first sync's own writes do. */
const PER_WRITE = 256;

export class ProjectionFeed {
  readonly #parts: FeedParts;
  readonly #work: ProjectionWork;
  readonly #pace: Pace;
  readonly #subscriptions = new DisposableStore();
  /** Rooms to read again. */
  readonly #dirty = new UnreadRooms();
  /** By space, the change up to which what is stored is complete. */
  readonly #reached: Map<string, number>;
  readonly #looking = new Set<Promise<void>>();
  #timer: Disposable | null = null;
  #wait: number;
  #working: Promise<void> | null = null;
  #closed = false;
  /** The last try to store failed. */
  #stalled = false;

  constructor(parts: FeedParts, work: ProjectionWork, reached: ReadonlyMap<string, number>, pace: Pace = USUAL) {
    this.#parts = parts;
    this.#work = work;
    this.#pace = pace;
    this.#wait = pace.shortestWait;
    this.#reached = new Map(reached);
    this.#subscriptions.add(
      parts.source.onChange((changes) => {
        for (const change of changes) this.#dirty.add(change.room, change.number);
        this.#schedule();
      }),
    );
  }

  /** Rooms that are known to have changed and are not read yet. */
  get waiting(): number {
    return this.#dirty.size;
  }

  /** Looks for what changed in a workspace since it was read, and reads it in the background. */
  watch(workspace: string): Promise<void> {
    const looking = this.#look(workspace).finally(() => this.#looking.delete(looking));
    this.#looking.add(looking);
    return looking;
  }

  /** Reads one room now, so that whoever changed it finds the change in the next answer. */
  async refresh(room: string): Promise<void> {
    try {
      await this.#read([room]);
    } catch (error) {
      // The document is stored and what was made of it is right in memory; that is stored with the next ones.
      this.#notStored(error);
    }
  }

  /** Resolves when nothing waits to be read, or when nothing can be stored now. */
  async settled(): Promise<void> {
    await Promise.all(this.#looking);
    while (!this.#closed && (this.#dirty.size > 0 || this.#working)) {
      this.#timer?.dispose();
      this.#timer = null;
      await (this.#working ?? this.#begin());
      if (this.#stalled) return;
    }
  }

  /** Lets go of how far a workspace was read that is on this computer no more. */
  forget(workspace: string): void {
    for (const space of [...this.#reached.keys()]) if (space.startsWith(`${workspace}/`)) this.#reached.delete(space);
  }

  /** The same of one space (`<workspace>/<space>`): where it can be read again, watch() reads all of it. */
  forgetSpace(space: string): void {
    this.#reached.delete(space);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#subscriptions.dispose();
    this.#timer?.dispose();
    this.#timer = null;
    await this.#working;
  }

  async #look(workspace: string): Promise<void> {
    const { source, principal } = this.#parts;
    for (const head of await source.heads(workspace, principal)) {
      let after = this.#reached.get(`${workspace}/${head.space}`) ?? 0;
      while (after < head.number && !this.#closed) {
        const changes = await source.changes(workspace, head.space, after, 500);
        const last = changes.at(-1);
        if (!last) break;
        for (const change of changes) this.#dirty.add(change.room, change.number);
        after = last.number;
      }
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#closed || this.#timer || this.#working || this.#dirty.size === 0) return;
    this.#timer = this.#parts.clock.after(this.#wait, () => {
      this.#timer = null;
      void this.#begin();
    });
  }

  #begin(): Promise<void> {
    this.#working ??= this.#drain().finally(() => {
      this.#working = null;
      this.#schedule();
    });
    return this.#working;
  }

  async #drain(): Promise<void> {
    const batch = this.#dirty.first(PER_WRITE);
    const started = performance.now();
    try {
      await this.#read(
        batch.map(([room]) => room),
        batch,
      );
      this.#stalled = false;
      const { shortestWait, share, pause } = this.#pace;
      const [least, times] = this.#dirty.size > 0 ? [0, pause] : [shortestWait, share];
      this.#wait = Math.min(LONGEST_WAIT, Math.max(least, (performance.now() - started) * times));
    } catch (error) {
      // It could not be stored; it is right in memory and is written with what comes next.
      this.#stalled = true;
      this.#wait = LONGEST_WAIT;
      this.#notStored(error);
    }
  }

  /** @param done what of the unread rooms is read by it. */
  async #read(rooms: readonly string[], done: readonly UnreadRoom[] = []): Promise<void> {
    const breath = new Breath();
    for (const room of rooms) {
      if (this.#closed) return;
      try {
        await this.#work.read(room);
      } catch (error) {
        // One room that cannot be read (damaged) must not hold up the others.
        this.#parts.logger.log('warn', `${this.#work.name}-room-not-read`, { room, error: String(error) });
      }
      if (breath.isDue) await breath.take();
    }
    this.#work.tell();
    this.#dirty.done(done);
    try {
      await this.#save();
    } catch (error) {
      this.#dirty.restore(done);
      throw error;
    }
  }

  async #save(): Promise<void> {
    const reached = [...this.#dirty.readUpTo()].filter(([space, number]) => number > (this.#reached.get(space) ?? 0));
    await this.#work.save(new Map(reached));
    for (const [space, number] of reached) this.#reached.set(space, number);
  }

  #notStored(error: unknown): void {
    this.#parts.logger.log('warn', `${this.#work.name}-not-stored`, { error: String(error) });
  }
}
