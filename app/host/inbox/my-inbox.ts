// What calls on one member in one workspace, space by space, kept until something of a space is different. It judges who may read; what was done about it is not its matter.
import type * as Y from 'yjs';
import { lineOf } from '../../../shared/model/board/stored.ts';
import { shownMap } from '../../../shared/model/board/whereabouts.ts';
import { cardsOf } from '../../../shared/model/document/roots.ts';
import type { InboxMarks } from '../../../shared/model/personal/inbox.ts';
import type { ReadPosts } from '../../../shared/model/personal/read-posts.ts';
import { profileRoom } from '../../../shared/model/profile/profile.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { CatalogueRow } from '../catalogue-row.ts';
import type { Catalogue } from '../catalogue.ts';
import { cameInto } from '../communities/came-into.ts';
import { questionsFor } from '../people/queue.ts';
import type { People } from '../people/people.ts';
import type { RoomDocuments } from '../room-documents.ts';
import type { RowsBySpace } from '../rows-by-space.ts';
import type { ThreadRow } from '../threads/thread-row.ts';
import type { Threads } from '../threads/threads.ts';
import type { Workspace } from '../workspace.ts';
import type { CallRow } from './call-row.ts';
import { findCalls } from './find-calls.ts';
import type { Found } from './found.ts';
import { MyMatters } from './my-matters.ts';
import { MyWatched, type Writers } from './my-watched.ts';

interface Parts {
  readonly rows: RowsBySpace<CallRow>;
  readonly threads: Threads;
  readonly people: People;
  readonly catalogue: Catalogue;
}

export class MyInbox {
  readonly member: string;
  readonly #parts: Parts;
  readonly #workspace: Workspace;
  readonly #documents: Pick<RoomDocuments, 'readStored'>;
  readonly #matters: MyMatters;
  readonly #watched: MyWatched;
  /** By space, as long as nothing of it changed. */
  readonly #found = new Map<string, readonly Found[]>();
  /** Whether a question is in my topics, by its row. */
  #topical = new WeakMap<ThreadRow, boolean>();
  /** By board and card. */
  readonly #cardTitles = new Map<string, Map<string, string>>();
  #came: { readonly head: string; readonly by: Map<string, number> } = { head: '', by: new Map() };

  constructor(parts: Parts, workspace: Workspace, documents: Pick<RoomDocuments, 'readStored'>, writers: Writers) {
    this.member = workspace.about.member;
    this.#parts = parts;
    this.#workspace = workspace;
    this.#documents = documents;
    this.#matters = new MyMatters(documents, workspace.id, this.member);
    this.#watched = new MyWatched(documents, this.#matters, writers);
  }

  spaceChanged(space: string): void {
    this.#found.delete(space);
  }

  /** A document is put away, comes back or goes elsewhere. Whether anything may be different by it. */
  placeChanged({ room, kind }: CatalogueRow): boolean {
    const address = parseRoomName(room);
    if (!address || (kind !== 'board' && !this.#watched.roomChanged(room))) return false;
    this.spaceChanged(address.space);
    return true;
  }

  everythingChanged(): void {
    this.#found.clear();
  }

  topicsChanged(): void {
    this.#topical = new WeakMap();
    this.#found.clear();
  }

  /** A document of mine changed. */
  matterChanged(matter: string): void {
    this.#matters.changed(matter);
    if (matter === 'inbox' || matter === 'drafts' || matter === 'favourites' || matter === 'bookmarks') return;
    if (matter === 'seen' || matter === 'watched' || matter.startsWith('cards_')) this.#watched.everythingChanged();
    if (matter === 'follows') this.topicsChanged();
    else this.everythingChanged();
  }

  /** A document of a space was read; titles of cards that are asked for are in boards. */
  documentRead(room: string, doc: Y.Doc): void {
    if (this.#watched.roomChanged(room)) this.spaceChanged(parseRoomName(room)?.space ?? '');
    const board = parseRoomName(room)?.document ?? '';
    const titles = this.#cardTitles.get(board);
    if (!titles) return;
    for (const card of titles.keys()) titles.set(card, titleIn(doc, card));
    this.spaceChanged(parseRoomName(room)?.space ?? '');
  }

  marks(): Promise<InboxMarks> {
    return this.#matters.marks();
  }

  nameOf(member: string): string {
    return this.#parts.catalogue.row(profileRoom(this.#workspace.id, member))?.title ?? '';
  }

  /** Of the spaces that can be read here. */
  async found(): Promise<readonly Found[]> {
    const all: Found[] = [];
    for (const { id, archived } of this.#workspace.spaces()) {
      if (archived || !this.#workspace.mayRead(id)) continue;
      const known = this.#found.get(id) ?? (await this.#foundIn(id));
      this.#found.set(id, known);
      all.push(...known);
    }
    return all;
  }

  async #foundIn(space: string): Promise<readonly Found[]> {
    const { rows, threads, catalogue } = this.#parts;
    const workspace = this.#workspace.id;
    const mine = [...rows.in(workspace, space)];
    const written = mine.filter(({ kind }) => kind === 'page' || kind === 'card');
    const seen = await this.#matters.seen(new Set(written.map(({ room }) => documentIn(room))));
    const boards = mine.filter(({ kind }) => kind === 'board').map(({ room }) => documentIn(room));
    const cards = new Map(
      await Promise.all(boards.map(async (board) => [board, await this.#matters.cards(board)] as const)),
    );
    const isMine = await this.#topicality();
    await this.#titlesOf(space, mine);
    const inSpace = [...threads.in(workspace, space)];
    const level = await this.#matters.levels();
    const room = (document: string): string | null => {
      const entry = catalogue.entry(workspace, document);
      return entry?.space === space && !entry.archived ? entry.room : null;
    };
    const watched = await this.#watched.foundIn(space, room);
    const told = watched.filter(({ document, place }) => {
      const levels = [document, place.board ?? document, space].map(level);
      return (levels[0] ?? levels[1] ?? levels[2]) !== 'mute';
    });
    const calls = findCalls(mine, inSpace, {
      me: this.member,
      space,
      since: this.#since(space),
      read: await this.#readIn(space, inSpace),
      seen,
      cards: (board) => cards.get(board) ?? null,
      level,
      isMine,
      isHere: (board) => room(board) !== null,
      cardTitle: (board, card) => this.#cardTitles.get(board)?.get(card) ?? '',
    });
    return [...calls, ...told];
  }

  /** With what was read of threads in the spaces that they came from (PS6). */
  async #readIn(space: string, rows: readonly ThreadRow[]): Promise<ReadonlyMap<string, ReadPosts>> {
    const here = await this.#matters.read(space);
    const both = new Map(here);
    for (const { room, cameFrom } of rows) {
      const thread = documentIn(room);
      for (const from of cameFrom) {
        if (both.get(thread)?.none === false) break;
        const earlier = (await this.#matters.read(from)).get(thread);
        if (earlier) both.set(thread, earlier);
      }
    }
    return both;
  }

  async #topicality(): Promise<(row: ThreadRow) => boolean> {
    const profile = this.#parts.people.profile(this.#workspace.id, this.member);
    const topics = await this.#matters.topics();
    const reader = { member: this.member, skills: profile?.skills ?? [], projects: profile?.projects ?? [], topics };
    const known = this.#topical;
    return (row) => {
      const is = known.get(row) ?? questionsFor([row], reader, 1).forMe > 0;
      known.set(row, is);
      return is;
    };
  }

  /** When I came into a space: what is older does not call on me. */
  #since(space: string): number {
    const { log } = this.#workspace;
    const { head } = log.membership;
    if (this.#came.head !== head) this.#came = { head, by: new Map() };
    const known = this.#came.by.get(space);
    if (known !== undefined) return known;
    const joined = log.facts.people.get(this.member)?.joinedAt ?? 0;
    const since = Math.max(joined, cameInto(log.entries, log.facts, space).get(this.member) ?? 0);
    this.#came.by.set(space, since);
    return since;
  }

  async #titlesOf(space: string, rows: readonly CallRow[]): Promise<void> {
    const wanted = new Map<string, Set<string>>();
    const want = (board: string | null, card: string): void => {
      if (board === null || this.#cardTitles.get(board)?.has(card)) return;
      wanted.set(board, (wanted.get(board) ?? new Set()).add(card));
    };
    for (const row of rows) {
      if (row.kind === 'card') want(row.parent, documentIn(row.room));
      if (row.kind !== 'board') continue;
      for (const { place } of row.calls) if (place.card !== undefined) want(documentIn(row.room), place.card);
    }
    for (const [board, cards] of wanted) {
      const titles = this.#cardTitles.get(board) ?? new Map<string, string>();
      this.#cardTitles.set(board, titles);
      try {
        await this.#documents.readStored(`${this.#workspace.id}/${space}/${board}`, (doc) => {
          for (const card of cards) titles.set(card, titleIn(doc, card));
        });
      } catch {
        // A board that cannot be read has no titles; the card is named by its place.
        for (const card of cards) titles.set(card, '');
      }
    }
  }
}

function titleIn(doc: Y.Doc, card: string): string {
  return lineOf(shownMap(cardsOf(doc), card)?.get('title'));
}

function documentIn(room: string): string {
  return room.slice(room.lastIndexOf('/') + 1);
}
