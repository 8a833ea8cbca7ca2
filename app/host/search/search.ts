// Search on this computer: opens the index behind everything else, starts it again when it stops, takes out of it what may not be read any more, makes it anew. It judges rights by the log alone.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError, toWireError } from '../../../shared/base/app-error.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { DocStore } from '../../../shared/hub/doc-store.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { writeFileAtomic } from '../../../shared/node/atomic-file.ts';
import type { SearchProgress } from '../../contract/search.ts';
import type { JobContext } from '../jobs.ts';
import type { FeedParts } from '../projection-feed.ts';
import type { Workspace } from '../workspace.ts';
import type { Workspaces } from '../workspaces.ts';
import type { Answer, Question } from './question.ts';
import { FEW, SearchIndex } from './search-index.ts';

export interface SearchParts extends FeedParts {
  readonly store: Pick<DocStore, 'load' | 'epoch' | 'knowsCursor'>;
  readonly workspaces: Pick<Workspaces, 'all' | 'find' | 'onAdded'>;
  /** In the data folder; it may be deleted at any time that no host runs. */
  readonly folder: string;
  /** The built thread; null: none, and it opens when somebody asks. */
  readonly thread: string | null;
  /** Whether it opens by itself, a while after the start. */
  readonly early: boolean;
}

/** Milliseconds after the start in which windows are shown first. */
const LATER = 2_000;
const [AGAIN, AGAIN_AT_MOST] = [1_000, 60_000];
/** A room that ended the thread so often is read no more until it changes. */
const MOST_ENDINGS = 2;
/** Rooms are removed in numbers: what is left of them goes from the disk together. */
const TIDY_AFTER = 1_000;
const PROGRESS_EVERY = 200;
const FOLDERS = ['a', 'b'] as const;
type FolderName = (typeof FOLDERS)[number];

export class Search {
  readonly #parts: SearchParts;
  readonly #held = new DisposableStore();
  readonly #changed = new Emitter<string>();
  /** Spaces of each workspace that could be read when last looked: `<space>`, or `@` and a member. */
  readonly #readable = new Map<string, ReadonlySet<string>>();
  readonly #endings = new Map<string, number>();
  #folder: FolderName = 'a';
  #index: SearchIndex | null = null;
  #opening: Promise<SearchIndex> | null = null;
  #timer: Disposable | null = null;
  #tidying: Disposable | null = null;
  #failures = 0;
  readonly #ending = new AbortController();
  /** Fires with a workspace in which something else is found from now on, or in which more is read. */
  readonly onChange = this.#changed.event;

  constructor(parts: SearchParts) {
    this.#parts = parts;
    const add = (workspace: Workspace): void => {
      this.#readable.set(workspace.id, this.#spacesOf(workspace));
      this.#held.add(workspace.onReach(() => this.#look(workspace)));
      this.#held.add(
        workspace.onChange((part) => {
          if (part === 'members' || part === 'spaces') this.#look(workspace);
        }),
      );
      if (this.#index) this.#background(this.#index.watch(workspace.id));
    };
    for (const workspace of parts.workspaces.all) add(workspace);
    this.#held.add(parts.workspaces.onAdded(add));
    if (parts.early) this.#openIn(LATER);
  }

  async find(question: Question): Promise<Answer> {
    const index = await this.#open();
    try {
      return await index.find(question);
    } catch (error) {
      if (toWireError(error).code === 'damaged') await this.#restart(index, true);
      throw error;
    }
  }

  /** Beside an answer, which knows how many rooms there are. */
  progressWith({ rooms }: Pick<Answer, 'rooms'>): SearchProgress {
    const waiting = this.#index?.waiting ?? 0;
    return { state: waiting > FEW ? 'reading' : 'ready', read: rooms, total: rooms + waiting };
  }

  /** As far as it is known without opening it. */
  async progress(): Promise<SearchProgress & { readonly bytes: number; readonly words: number }> {
    const index = this.#index;
    const nothing = { read: 0, total: 0, bytes: 0, words: 0 };
    if (!index) return { state: this.#failures > 0 ? 'off' : 'opening', ...nothing };
    try {
      const { rooms, disk, words } = await index.size();
      const { waiting } = index;
      return { state: waiting > FEW ? 'reading' : 'ready', read: rooms, total: rooms + waiting, bytes: disk, words };
    } catch {
      return { state: 'off', ...nothing }; // It stopped at this moment, and says so itself.
    }
  }

  /** Spaces of a workspace in which something may be found here now. */
  spaces(workspace: string): ReadonlySet<string> {
    const known = this.#parts.workspaces.find(workspace);
    return known ? this.#spacesOf(known) : new Set();
  }

  /** Opens it, where it is not, and resolves when everything known is read. */
  async settled(): Promise<void> {
    const index = await this.#open();
    await index.settled();
  }

  /** Reads one room now: whoever changed it finds it. Nothing where the index is not open. */
  async refresh(room: string): Promise<void> {
    await this.#index?.refresh(room);
  }

  /** A room was removed for good: nothing of it is left on the disk in a moment. An index that is closed is opened for it. */
  async remove(room: string): Promise<void> {
    if (!this.#index && !existsSync(this.#parts.folder)) return;
    const index = await this.#open();
    await index.refresh(room);
    this.#tidying ??= this.#parts.clock.after(TIDY_AFTER, () => this.#background(this.#tidy()));
  }

  /** Throws away everything of a workspace that is on this computer no more. */
  async forget(workspace: string): Promise<void> {
    this.#readable.delete(workspace);
    if (!this.#index && !existsSync(this.#parts.folder)) return;
    const index = await this.#open();
    await index.settled();
    await index.forget(`${workspace}/`);
    await index.compact();
  }

  /** Makes it anew beside the one that answers meanwhile. Cancelled, it leaves that one as it is. */
  async rebuild({ signal, progress, commit }: Pick<JobContext, 'signal' | 'progress' | 'commit'>): Promise<void> {
    const before = await this.#open();
    const name = this.#folder === 'a' ? 'b' : 'a';
    await rm(this.#at(name), { recursive: true, force: true });
    const next = await this.#start(name);
    const cancel = (): void => this.#background(next.abandon());
    signal.addEventListener('abort', cancel, { once: true });
    let telling: Disposable | null = null;
    let total = 1;
    const tell = (): void => {
      total = Math.max(total, next.waiting);
      progress(total - next.waiting, total, 'Reading documents');
      telling = this.#parts.clock.after(PROGRESS_EVERY, tell);
    };
    try {
      await Promise.all(this.#parts.workspaces.all.map(({ id }) => next.watch(id)));
      tell();
      await next.settled();
      if (signal.aborted) throw new AppError('cancelled', 'It was cancelled. The index is the one of before.');
      commit();
      await this.#remember(name);
    } catch (error) {
      await next.abandon();
      await rm(this.#at(name), { recursive: true, force: true });
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      (telling as Disposable | null)?.dispose();
    }
    const old = this.#folder;
    this.#folder = name;
    this.#adopt(next);
    await before.abandon();
    await rm(this.#at(old), { recursive: true, force: true });
    for (const { id } of this.#parts.workspaces.all) this.#changed.fire(id);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#held.dispose();
    this.#timer?.dispose();
    this.#tidying?.dispose();
    const index = await this.#opening?.catch(() => null);
    await (index ?? this.#index)?.close(this.#tidying !== null);
    this.#changed.clear();
  }

  /** Rooms that were removed leave their words in the files until then. */
  async #tidy(): Promise<void> {
    this.#tidying?.dispose();
    this.#tidying = null;
    await this.#index?.compact();
  }

  #open(): Promise<SearchIndex> {
    if (this.#index) return Promise.resolve(this.#index);
    if (this.#ending.signal.aborted) return Promise.reject(new AppError('closed', 'Caravan is closing.'));
    this.#opening ??= this.#openNow().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #openNow(): Promise<SearchIndex> {
    this.#timer?.dispose();
    this.#timer = null;
    try {
      this.#folder = await this.#remembered();
      for (const other of FOLDERS) {
        if (other !== this.#folder) await rm(this.#at(other), { recursive: true, force: true });
      }
      const index = await this.#start(this.#folder);
      this.#adopt(index);
      await Promise.all(this.#parts.workspaces.all.map(({ id }) => index.watch(id)));
      return index;
    } catch (error) {
      this.#failures += 1;
      this.#parts.logger.log('warn', 'search-not-opened', { error: String(error) });
      if (this.#parts.early) this.#openIn(this.#wait());
      throw new AppError(
        'internal',
        'Search cannot be opened now. Your documents are not touched by it. Try again in a while.',
        {
          cause: error,
        },
      );
    }
  }

  async #start(name: FolderName): Promise<SearchIndex> {
    const { folder } = this.#parts;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return SearchIndex.open({
      ...this.#parts,
      folder: this.#at(name),
      mayFind: (room) => this.#mayFind(room),
      avoided: (room) => (this.#endings.get(room) ?? 0) >= MOST_ENDINGS,
      ending: this.#ending.signal,
    });
  }

  #adopt(index: SearchIndex): void {
    this.#index = index;
    index.onChange((workspaces) => {
      this.#failures = 0;
      for (const workspace of workspaces) this.#changed.fire(workspace);
    });
    index.onLost((room) => {
      if (room !== null) this.#endings.set(room, (this.#endings.get(room) ?? 0) + 1);
      this.#background(this.#restart(index, false));
    });
  }

  /** @param anew what is on the disk is not to be used again. */
  async #restart(index: SearchIndex, anew: boolean): Promise<void> {
    if (this.#index !== index || this.#ending.signal.aborted) return;
    this.#index = null;
    this.#failures += 1;
    await index.abandon();
    if (anew) await rm(this.#at(this.#folder), { recursive: true, force: true });
    this.#openIn(anew ? 0 : this.#wait());
  }

  #wait(): number {
    return Math.min(AGAIN * 2 ** (this.#failures - 1), AGAIN_AT_MOST);
  }

  #openIn(wait: number): void {
    if (this.#ending.signal.aborted || this.#timer) return;
    this.#timer = this.#parts.clock.after(wait, () => {
      this.#timer = null;
      this.#background(this.#open());
    });
  }

  /** What could not be read here a moment ago is read; what cannot be read any more is taken out. */
  #look(workspace: Workspace): void {
    const before = this.#readable.get(workspace.id) ?? new Set<string>();
    const now = this.#spacesOf(workspace);
    this.#readable.set(workspace.id, now);
    const index = this.#index;
    if (!index) return; // What is on the disk is looked through when it opens.
    for (const space of before) {
      if (!now.has(space)) this.#background(index.forget(`${workspace.id}/${space}/`));
    }
    for (const space of now) {
      if (!before.has(space)) this.#background(index.reread(`${workspace.id}/${space}`));
    }
  }

  #spacesOf(workspace: Workspace): ReadonlySet<string> {
    const { membership } = workspace.log;
    const people = [...membership.members.keys()].map((member) => `@${member}`);
    return new Set([...membership.spaces.keys(), ...people].filter((space) => workspace.mayRead(space)));
  }

  #mayFind(room: string): boolean {
    const [id = '', space = ''] = room.split('/');
    const workspace = this.#parts.workspaces.find(id);
    if (!workspace || space.startsWith('~') || space === '@workspace' || space === '@teams') return false;
    const address = parseRoomName(room);
    const isPurged = address !== null && workspace.log.membership.purged.has(`${space}/${address.document}`);
    return !isPurged && workspace.mayRead(space);
  }

  #background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.#ending.signal.aborted) this.#parts.logger.log('warn', 'search-failed', { error: String(error) });
    });
  }

  #at(name: FolderName): string {
    return path.join(this.#parts.folder, name);
  }

  async #remembered(): Promise<FolderName> {
    try {
      const said = (await readFile(path.join(this.#parts.folder, 'current'), 'utf8')).trim();
      return FOLDERS.find((name) => name === said) ?? 'a';
    } catch {
      return 'a';
    }
  }

  async #remember(name: FolderName): Promise<void> {
    await writeFileAtomic(path.join(this.#parts.folder, 'current'), name);
  }
}
