// Tells the other end of a link what changed here, space by space in rising order; it opens no room.
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { LinkFrame, SpaceCursor } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import { parseRoomName } from '../protocol/room-name.ts';
import type { FollowFrame } from './peer.ts';
import type { Change, Principal, RoomSource, SourceChange } from './room-source.ts';

/** Milliseconds for which changes are collected before they are announced; open rooms do not wait for it. */
const COLLECT = 20;
/** Milliseconds for which a host keeps what came over a link to itself: by then others have it from where it came from. */
const FORWARD = 100;

export interface AnnouncerOptions {
  readonly source: RoomSource;
  readonly workspace: string;
  readonly principal: Principal;
  readonly clock: Clock;
  /** Whether the other end reads digests; lists after a reset carry them, and all lists once it asked for them. */
  readonly digests: boolean;
  /** Between hosts: whether a room is left to a relay. Nothing of it is announced until resume(). */
  readonly rests?: (room: string) => boolean;
  readonly send: (frame: Exclude<LinkFrame, { kind: 'unknown' }>) => void;
  /** A list could not be read; the link cannot go on. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The lists come from the source's own numbered changes and never from its events, so that nothing is announced out of
 * order and no number is passed over. Events only say when to look.
 */
export class ChangeAnnouncer implements Disposable {
  readonly #options: AnnouncerOptions;
  readonly #cursors: SpaceCursor[] = [];
  /** Number announced last, by space; a space is here once it was listed. */
  readonly #told = new Map<string, number>();
  /** Spaces with changes that are not announced yet. */
  readonly #due = new Set<string>();
  /** Spaces that the other end could read when it was looked at last; null: before the first list. */
  #readable: ReadonlySet<string> | null = null;
  /** Spaces in which only rooms changed that are left to a relay. */
  readonly #resting = new Set<string>();
  #frames = 0;
  #requests = 0;
  #digestsAsked = false;
  #listening: readonly Disposable[] | null = null;
  #timer: Disposable | null = null;
  #timerAt = 0;
  /** Work goes one after the other: listings and announcements never cross. */
  #queue: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** A `follow` frame. The answer is false when too many frames belong to one request, or too many requests wait. */
  follow({ request, cursors, more, digests }: FollowFrame): boolean {
    this.#digestsAsked ||= digests;
    this.#frames += 1;
    if (this.#frames > LIMITS.followFrames) return false;
    this.#cursors.push(...cursors);
    if (more) return true;
    this.#frames = 0;
    this.#requests += 1;
    if (this.#requests > LIMITS.followRequests) return false;
    const asked = this.#cursors.splice(0);
    const { source } = this.#options;
    this.#listening ??= [
      source.onChange((changes) => this.#changed(changes)),
      source.onRights(() => this.#announceIn(COLLECT)),
    ];
    this.#enqueue(async () => {
      await this.#list(asked);
      this.#requests -= 1;
      this.#options.send({ kind: 'listed', request });
    });
    return true;
  }

  /** What was left to a relay is announced now, as far as it rests no more. */
  resume(): void {
    for (const space of this.#resting) this.#due.add(space);
    this.#resting.clear();
    if (this.#due.size > 0) this.#announceIn(0);
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    for (const one of this.#listening ?? []) one.dispose();
  }

  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#disposed) return;
      try {
        await work();
      } catch (error) {
        if (!this.#disposed) this.#options.onFailure(error);
      }
    });
  }

  #changed(changes: readonly SourceChange[]): void {
    const { workspace, rests } = this.#options;
    let soon = false;
    for (const change of changes) {
      if (change.workspace !== workspace) continue;
      if (rests?.(change.room)) {
        this.#resting.add(change.space);
        continue;
      }
      this.#due.add(change.space);
      soon ||= !rests || !change.forwarded;
    }
    if (this.#due.size > 0) this.#announceIn(soon ? COLLECT : FORWARD);
  }

  #announceIn(milliseconds: number): void {
    const { clock } = this.#options;
    const at = clock.now() + milliseconds;
    if (this.#timer && this.#timerAt <= at) return;
    this.#timer?.dispose();
    this.#timerAt = at;
    this.#timer = clock.after(milliseconds, () => {
      this.#timer = null;
      this.#enqueue(() => this.#announce());
    });
  }

  /** Everything after the cursors, for every space that the other end may read or has asked about. */
  async #list(cursors: readonly SpaceCursor[]): Promise<void> {
    const { source, workspace, principal } = this.#options;
    const readable = new Set((await source.heads(workspace, principal)).map((head) => head.space));
    for (const { space, epoch, after, heard } of cursors) {
      if (this.#told.has(space) || this.#disposed) continue;
      const known = readable.has(space) && (await source.knowsCursor(epoch, workspace, space, heard));
      if (known) await this.#tell(space, after, false);
      else if (readable.has(space)) await this.#tell(space, 0, true);
      else this.#options.send({ kind: 'changes', space, reset: true, upTo: 0, entries: [] });
    }
    for (const space of readable) if (!this.#told.has(space)) await this.#tell(space, 0, false);
    this.#readable ??= readable;
    await this.#announce(readable);
  }

  /** What is due, of spaces that may be read now. */
  async #announce(known?: ReadonlySet<string>): Promise<void> {
    const { source, workspace, principal } = this.#options;
    const due = new Set(this.#due);
    this.#due.clear();
    const readable = known ?? new Set((await source.heads(workspace, principal)).map((head) => head.space));
    // What may be read only now is told from the beginning, or from where it was told before.
    for (const space of readable) if (this.#readable?.has(space) === false) due.add(space);
    this.#readable = readable;
    for (const space of due) {
      if (readable.has(space)) await this.#tell(space, this.#told.get(space) ?? 0, false);
    }
  }

  /** The changes of one space after `after`, in frames. The first frame is sent even when there is none. */
  async #tell(space: string, after: number, reset: boolean): Promise<void> {
    const { source, workspace, principal, send } = this.#options;
    let from = after;
    for (let first = true; !this.#disposed; first = false) {
      const changes = await source.changes(workspace, space, from, LIMITS.changesPerFrame);
      const last = changes.at(-1);
      if (!last && !first) break;
      if (!last && !reset && this.#told.has(space)) break;
      const upTo = last?.number ?? from;
      const digests = this.#options.digests && (reset || this.#digestsAsked) ? await this.#digests(changes) : [];
      const entries = changes.flatMap(({ room, number }, at) => {
        const address = parseRoomName(room);
        const digest = digests[at];
        return address && source.may('list', room, principal)
          ? [{ document: address.document, number, ...(digest ? { digest } : {}) }]
          : [];
      });
      // It ended while this was read. Asked in the turn in which the entries were judged, or it might be back between the two.
      if (entries.length < changes.length && !source.mayIn('list', workspace, space, principal)) {
        this.#interrupted(space, from, reset && first);
        return;
      }
      send({ kind: 'changes', space, reset: reset && first, upTo, entries });
      this.#told.set(space, upTo);
      from = upTo;
      if (changes.length < LIMITS.changesPerFrame) break;
    }
  }

  /** Nothing more may be told of a space, for now: what comes of it later begins at `from`. */
  #interrupted(space: string, from: number, reset: boolean): void {
    // The other end's cursor is void all the same.
    if (reset) this.#options.send({ kind: 'changes', space, reset: true, upTo: 0, entries: [] });
    else this.#told.set(space, from);
    // The next look finds that it is not readable, or that the right is back already.
    this.#due.add(space);
  }

  /** Made after the numbers were read: a digest is of a state that holds at least its entry's number. */
  async #digests(changes: readonly Change[]): Promise<readonly (Uint8Array | undefined)[]> {
    const digests = await this.#options.source.digests(changes.map(({ room }) => room));
    return digests.map((one, at) => (one && one.number >= (changes[at]?.number ?? 0) ? one.digest : undefined));
  }
}
