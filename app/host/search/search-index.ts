// One index that keeps in step with the rooms: its thread, and the feed that tells it what changed. What may be found here is asked of whoever made it; it answers no window.
import { AppError } from '../../../shared/base/app-error.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { DocStore } from '../../../shared/hub/doc-store.ts';
import { ProjectionFeed, type FeedParts, type Pace } from '../projection-feed.ts';
import type { IndexSize } from './index-engine.ts';
import { IndexThread } from './index-thread.ts';
import type { Answer, Question } from './question.ts';

export interface SearchIndexParts extends FeedParts {
  readonly store: Pick<DocStore, 'load' | 'epoch' | 'knowsCursor'>;
  /** The built thread, or null for the same in this one. */
  readonly thread: string | null;
  readonly folder: string;
  /** Whether what stands in a room may be found on this computer. */
  readonly mayFind: (room: string) => boolean;
  /** Rooms that ended a thread while it read them. */
  readonly avoided: (room: string) => boolean;
  /** Nobody waits for an index that is being opened any more. */
  readonly ending: AbortSignal;
}

/** Reading is done in another thread, so little of this one's time is needed; still nobody waits for it as for a title. */
const PACE: Pace = { shortestWait: 300, share: 12, pause: 0 };
/** Rooms that are on their way to the thread at a time. */
const TOGETHER = 4;
/** So many rooms wait for a moment while people write: that is no reading that anybody waits for. */
export const FEW = 20;
/** Milliseconds after which a room that is being read is given up. */
const LONGEST_READ = 60_000;
/** Milliseconds that the thread may take to keep what it has at the end; what it did not keep is read again. */
const CLOSING = 1_000;

export class SearchIndex {
  readonly #parts: SearchIndexParts;
  readonly #thread: IndexThread;
  readonly #feed: ProjectionFeed;
  readonly #reached: Map<string, number>;
  readonly #reading = new Set<Promise<void>>();
  readonly #names = new Set<string>();
  readonly #untold = new Set<string>();
  readonly #changed = new Emitter<ReadonlySet<string>>();
  readonly #lost = new Emitter<string | null>();
  #problem: unknown = null;
  #isBusy = false;
  /** Fires with the workspaces in which something else is found from now on. */
  readonly onChange = this.#changed.event;
  /** Fires once where the thread ended by itself, with the room that it was reading. */
  readonly onLost = this.#lost.event;

  private constructor(parts: SearchIndexParts, thread: IndexThread, reached: ReadonlyMap<string, number>) {
    this.#parts = parts;
    this.#thread = thread;
    this.#reached = new Map(reached);
    this.#feed = new ProjectionFeed(
      parts,
      {
        name: 'search',
        read: (room) => this.#read(room),
        tell: () => undefined, // When the thread has them.
        save: (now) => this.#save(now),
      },
      reached,
      PACE,
    );
    thread.onEnded((reason) => {
      parts.logger.log('warn', 'search-thread-ended', { reason });
      this.#lost.fire([...this.#names][0] ?? null);
    });
  }

  /** Opens what is in the folder, or begins there. */
  static async open(parts: SearchIndexParts): Promise<SearchIndex> {
    const thread = await IndexThread.start(parts.thread);
    const giveUp = (): void => void thread.terminate();
    parts.ending.addEventListener('abort', giveUp, { once: true });
    try {
      if (parts.ending.aborted) giveUp();
      const { reached, epoch } = await thread.call('open', { folder: parts.folder });
      const known = new Map<string, number>();
      for (const [key, number] of Object.entries(reached)) {
        const [workspace = '', space = ''] = key.split('/');
        const isSame = await parts.store.knowsCursor(epoch, workspace, space, number);
        if (isSame && parts.mayFind(`${key}/*`)) known.set(key, number);
        else await thread.call('drop', { prefix: `${key}/` });
      }
      return new SearchIndex(parts, thread, known);
    } catch (error) {
      await thread.terminate();
      throw error;
    } finally {
      parts.ending.removeEventListener('abort', giveUp);
    }
  }

  /** Rooms that are known to have changed and are not read yet. */
  get waiting(): number {
    return this.#feed.waiting;
  }

  watch(workspace: string): Promise<void> {
    return this.#feed.watch(workspace);
  }

  refresh(room: string): Promise<void> {
    return this.#feed.refresh(room);
  }

  settled(): Promise<void> {
    return this.#feed.settled();
  }

  find(question: Question): Promise<Answer> {
    return this.#thread.call('find', question);
  }

  size(): Promise<IndexSize> {
    return this.#thread.call('size', null);
  }

  /** Nothing of a workspace (`<id>/`) or space (`<id>/<space>/`) is found any more. */
  async forget(prefix: string): Promise<void> {
    const parts = prefix.split('/');
    if (parts.length > 2) this.#feed.forgetSpace(prefix.slice(0, -1));
    else this.#feed.forget(parts[0] ?? '');
    for (const space of [...this.#reached.keys()]) if (`${space}/`.startsWith(prefix)) this.#reached.delete(space);
    const { changed } = await this.#thread.call('drop', { prefix });
    await this.#thread.call('state', this.#state());
    if (changed) this.#changed.fire(new Set([parts[0] ?? '']));
  }

  /** What stands in a space (`<workspace>/<space>`) can be found from now on: all of it is read. */
  async reread(space: string): Promise<void> {
    this.#feed.forgetSpace(space);
    this.#reached.delete(space);
    await this.#feed.watch(space.slice(0, space.indexOf('/')));
  }

  /** Takes from the disk what was taken out. */
  async compact(): Promise<void> {
    await this.#thread.call('compact', null);
  }

  /** @param tidy what was taken out leaves the disk as well. A thread that does not answer in time is ended. */
  async close(tidy: boolean): Promise<void> {
    this.#changed.clear();
    this.#lost.clear();
    const late = this.#parts.clock.after(CLOSING, () => void this.#thread.terminate());
    await this.#feed.close();
    try {
      if (tidy) await this.#thread.call('compact', null);
      await this.#thread.call('close', null);
    } catch (error) {
      this.#parts.logger.log('warn', 'search-not-closed', { error: String(error) });
    }
    late.dispose();
    await this.#thread.terminate();
  }

  /** Without a last word to the thread: it is gone, or what it has is not wanted. */
  async abandon(): Promise<void> {
    this.#changed.clear();
    this.#lost.clear();
    await this.#thread.terminate();
    await this.#feed.close();
  }

  async #read(room: string): Promise<void> {
    const { store, mayFind, avoided } = this.#parts;
    const isFound = mayFind(room) && !avoided(room);
    const stored = isFound ? await store.load(room) : null;
    const updates = stored ? [...(stored.state ? [stored.state.update] : []), ...stored.tail] : [];
    while (this.#reading.size >= TOGETHER) await Promise.race(this.#reading);
    const reading = this.#put(room, updates).finally(() => {
      this.#reading.delete(reading);
      this.#names.delete(room);
    });
    this.#reading.add(reading);
    this.#names.add(room);
  }

  async #put(room: string, updates: readonly Uint8Array[]): Promise<void> {
    let tooLong: Disposable | null = null;
    try {
      tooLong = this.#parts.clock.after(LONGEST_READ, () => {
        this.#parts.logger.log('warn', 'search-room-too-slow', { room });
        void this.#thread.terminate().then(() => this.#lost.fire(room));
      });
      const { changed } = await this.#thread.call('put', { room, updates });
      if (changed) this.#untold.add(room.slice(0, room.indexOf('/')));
    } catch (error) {
      this.#problem = error;
    } finally {
      tooLong?.dispose();
    }
  }

  async #save(reached: ReadonlyMap<string, number>): Promise<void> {
    await Promise.all(this.#reading);
    const problem = this.#problem;
    this.#problem = null;
    if (problem !== null) {
      throw problem instanceof Error ? problem : new AppError('internal', 'The search index does not answer.');
    }
    const untold = new Set(this.#untold);
    for (const [space, number] of reached) this.#reached.set(space, number);
    if (untold.size === 0 && reached.size === 0) return;
    await this.#thread.call('state', this.#state());
    this.#untold.clear();
    // The end of a long reading is told, too, whatever its last rooms were.
    const isBusy = this.waiting > FEW;
    if (this.#isBusy && !isBusy) for (const space of reached.keys()) untold.add(space.slice(0, space.indexOf('/')));
    this.#isBusy = isBusy;
    if (untold.size > 0) this.#changed.fire(untold);
  }

  #state(): { readonly reached: Record<string, number>; readonly epoch: string } {
    return { reached: Object.fromEntries(this.#reached), epoch: this.#parts.store.epoch };
  }
}
