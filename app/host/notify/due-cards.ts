// The due projection: cards of mine, and those that I watch, of which the inbox reminds when their time has come; fed by room changes and by the clock. It judges no rights and shows nothing.
import type { Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { readWishes } from '../../../shared/model/personal/notifications.ts';
import { personalRoom } from '../../../shared/model/personal/personal.ts';
import { readWatched } from '../../../shared/model/personal/watched.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { ProjectionFeed, type FeedParts, type Pace } from '../projection-feed.ts';
import { ProjectionStore, type StoredProjection } from '../projection-store.ts';
import type { RoomDocuments } from '../room-documents.ts';
import type { Found } from '../inbox/found.ts';
import type { InboxSource } from '../inbox/inbox.ts';
import { RowsBySpace } from '../rows-by-space.ts';
import { DUE_VERSION, dueRow, readDueRow, type DueCard, type DueRow } from './due-row.ts';
import { dueInWords, reminderOf } from './due-times.ts';
import type { WallClock } from './wall-clock.ts';

export interface DueParts extends FeedParts {
  readonly values: ValueStore;
  readonly documents: Pick<RoomDocuments, 'readHead' | 'readStored'>;
  /** The member that this computer is in a workspace. */
  readonly memberOf: (workspace: string) => string | null;
  /** Spaces that can be read here. */
  readonly spacesOf: (workspace: string) => readonly string[];
  readonly wall: () => WallClock;
}

/** Nobody waits for it. */
const PACE: Pace = { shortestWait: 400, share: 20, pause: 2 };
/**
 * How often the clock is looked at. One timer to the next reminder would be late by as long as the computer slept, since timers count the time that it
 * was awake.
 */
const LOOK_EVERY = 30_000;
const HOUR = 3_600_000;
const MATTERS: ReadonlySet<string> = new Set(['notifications', 'watched']);

export class DueCards implements InboxSource {
  readonly #parts: DueParts;
  readonly #feed: ProjectionFeed;
  readonly #rows: RowsBySpace<DueRow>;
  readonly #changed = new Emitter<string>();
  readonly #untold = new Set<string>();
  readonly #found = new Map<string, readonly Found[]>();
  /** Of each workspace when the clock was looked at, and when the next reminder begins or ends. */
  readonly #moments = new Map<string, { readonly asked: number; readonly next: number }>();
  #looking: Promise<void> = Promise.resolve();
  #timer: Disposable | null = null;
  /** Fires with a workspace where others may be due now. */
  readonly onChange = this.#changed.event;

  private constructor(parts: DueParts, store: ProjectionStore<DueRow>, stored: StoredProjection<DueRow>) {
    this.#parts = parts;
    this.#rows = new RowsBySpace(store, stored.rows);
    this.#feed = new ProjectionFeed(
      parts,
      {
        name: 'due',
        read: (room) => this.#readRoom(room),
        tell: () => this.#tell(),
        save: (reached) => this.#rows.save(reached),
      },
      stored.reached,
      PACE,
    );
    this.#tick();
  }

  static async open(parts: DueParts): Promise<DueCards> {
    const store = new ProjectionStore(parts.values, { area: 'due', version: DUE_VERSION, row: dueRow });
    return new DueCards(parts, store, await store.load());
  }

  async watch(workspace: string): Promise<void> {
    await this.#feed.watch(workspace);
    await this.look(workspace);
  }

  async refresh(room: string): Promise<void> {
    await this.#feed.refresh(room);
    await this.#looking;
  }

  async settled(): Promise<void> {
    await this.#feed.settled();
    await this.#looking;
  }

  /** Of the spaces that can be read here, as it was when the clock was looked at last. */
  found(workspace: string): Iterable<Found> {
    return this.#found.get(workspace) ?? [];
  }

  /** Looks anew, now; resolves when found() says what is so. */
  look(workspace: string): Promise<void> {
    const next = this.#looking
      .then(() => this.#lookAt(workspace))
      .catch((error: unknown) => {
        // What was found before stays; the clock is looked at again soon.
        this.#parts.logger.log('warn', 'due-not-looked', { workspace, error: String(error) });
      });
    this.#looking = next;
    return next;
  }

  /** Throws away everything of a workspace that is on this computer no more. */
  async forget(workspace: string): Promise<void> {
    await this.settled();
    this.#feed.forget(workspace);
    this.#moments.delete(workspace);
    this.#found.delete(workspace);
    await this.#rows.forget(workspace);
  }

  async close(): Promise<void> {
    this.#timer?.dispose();
    await this.#feed.close();
    await this.#looking;
    this.#changed.clear();
  }

  #tick(): void {
    const now = this.#parts.clock.now();
    for (const [workspace, { asked, next }] of this.#moments) {
      // And after an hour, or when the clock was set back: the computer may be in another time zone by then.
      if (now >= Math.min(next, asked + HOUR) || now < asked) void this.look(workspace);
    }
    this.#timer = this.#parts.clock.after(LOOK_EVERY, () => this.#tick());
  }

  async #lookAt(workspace: string): Promise<void> {
    const { documents, memberOf, spacesOf, wall, clock } = this.#parts;
    const me = memberOf(workspace);
    if (me === null) return;
    const rows = spacesOf(workspace).flatMap((space) => [...this.#rows.in(workspace, space)]);
    const [wishes, watched] = await Promise.all([
      documents.readStored(personalRoom(workspace, me, 'notifications'), readWishes),
      documents.readStored(
        personalRoom(workspace, me, 'watched'),
        (doc) => new Map(rows.map(({ room }) => [room, readWatched(doc, documentOf(room))])),
      ),
    ]);
    const [here, now] = [wall(), clock.now()];
    let next = Number.POSITIVE_INFINITY;
    const found: Found[] = [];
    for (const { room, cards } of rows) {
      const mine = watched.get(room);
      for (const card of cards) {
        const isWatched = mine && (mine.board || mine.cards.has(card.id) || mine.columns.has(card.column ?? ''));
        if (!isWatched && !card.members.includes(me)) continue;
        const reminder = reminderOf(card.due, wishes, here);
        if (!reminder || reminder.until <= now) continue;
        next = Math.min(next, reminder.at > now ? reminder.at : reminder.until);
        if (reminder.at <= now) found.push(foundFor(room, card, reminder.at));
      }
    }
    this.#moments.set(workspace, { asked: now, next });
    if (JSON.stringify(found) === JSON.stringify(this.#found.get(workspace) ?? [])) return;
    this.#found.set(workspace, found);
    this.#changed.fire(workspace);
  }

  #tell(): void {
    const untold = [...this.#untold];
    this.#untold.clear();
    for (const workspace of untold) void this.look(workspace);
  }

  async #readRoom(room: string): Promise<void> {
    const address = parseRoomName(room);
    if (!address || address.space.startsWith('@')) return;
    const { workspace, space, document } = address;
    if (space.startsWith('~')) {
      if (MATTERS.has(document)) this.#untold.add(workspace);
      return;
    }
    const { documents } = this.#parts;
    const isBoard = await documents.readHead(room, (doc) => readMeta(doc)?.kind === 'board');
    if (!isBoard && this.#rows.get(room) === null) return;
    const row = await documents.readStored(room, (doc) => readDueRow(room, doc));
    if (row === null && this.#rows.get(room) === null) return;
    this.#rows.set(room, row);
    this.#untold.add(workspace);
  }
}

/** One for each due date, so that another one reminds anew. */
function foundFor(room: string, { id, title, due }: DueCard, at: number): Found {
  const [board, space] = [documentOf(room), parseRoomName(room)?.space ?? ''];
  const piece = { key: '', start: 0, end: 1, visited: false, by: null, at, place: {}, excerpt: dueInWords(due) };
  const place = { board, card: id };
  return {
    thing: `due:${id}:${due}`,
    reason: 'due',
    space,
    document: id,
    kind: 'card',
    title,
    place,
    pieces: [piece],
    many: false,
  };
}

function documentOf(room: string): string {
  return parseRoomName(room)?.document ?? '';
}
