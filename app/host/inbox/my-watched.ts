// What changed of the documents that one member watches, kept by document until the document, or what they saw of it, is different. What is watched and what was seen it is told.
import type * as Y from 'yjs';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { readMovedTo } from '../../../shared/model/document/moved.ts';
import type { WatchedOnBoard } from '../../../shared/model/personal/watched.ts';
import type { RoomDocuments } from '../room-documents.ts';
import type { Found, Piece } from './found.ts';
import type { MyMatters } from './my-matters.ts';
import { changedCards, changedPage } from './watched-news.ts';

/** Who wrote in a room since I did, and when: the last one first. */
export type Writers = (room: string) => readonly { readonly member: string; readonly at: number }[];

export class MyWatched {
  readonly #documents: Pick<RoomDocuments, 'readStored'>;
  readonly #matters: MyMatters;
  readonly #writers: Writers;
  #documentsWatched: ReadonlySet<string> = new Set();
  /** By room. */
  readonly #kept = new Map<string, readonly Found[]>();

  constructor(documents: Pick<RoomDocuments, 'readStored'>, matters: MyMatters, writers: Writers) {
    this.#documents = documents;
    this.#matters = matters;
    this.#writers = writers;
  }

  /** Whether anything may be different by it. */
  roomChanged(room: string): boolean {
    this.#kept.delete(room);
    return this.#documentsWatched.has(room.slice(room.lastIndexOf('/') + 1));
  }

  /** What was seen, or is watched, is different. */
  everythingChanged(): void {
    this.#kept.clear();
  }

  /** @param here the room of a document of the space, or null where it is in another one. */
  async foundIn(space: string, here: (document: string) => string | null): Promise<readonly Found[]> {
    const found: Found[] = [];
    const all = await this.#matters.watched();
    this.#documentsWatched = new Set(all.keys());
    for (const [document, watched] of all) {
      const room = here(document);
      if (room === null) continue;
      const known = this.#kept.get(room) ?? (await this.#read(room, { document, space, watched }));
      this.#kept.set(room, known);
      found.push(...known);
    }
    return found;
  }

  async #read(
    room: string,
    {
      document,
      space,
      watched,
    }: { readonly document: string; readonly space: string; readonly watched: WatchedOnBoard },
  ): Promise<readonly Found[]> {
    const [seen, cards] = await Promise.all([this.#matters.seen(new Set([document])), this.#matters.cards(document)]);
    const own = await this.#matters.ownClients(document);
    const me = this.#matters.member;
    const look = (doc: Y.Doc): readonly Found[] => {
      const meta = readMeta(doc);
      if (!meta || meta.archivedAt !== null || readMovedTo(doc, space) !== null) return [];
      const about = { space, document, reason: 'watched', many: true } as const;
      if (meta.kind === 'board') {
        return changedCards(doc, me, watched, cards).map(({ card, title, pieces }) => ({
          ...about,
          thing: `watched:${document}:${card}`,
          document: card,
          kind: 'card',
          title,
          place: { board: document, card },
          pieces,
        }));
      }
      const clocks = seen(document);
      if (meta.kind !== 'page' || !watched.board || !clocks) return [];
      const pieces = changedPage(doc, clocks, own);
      if (pieces.length === 0) return [];
      const thing = `watched:${document}`;
      return [{ ...about, thing, kind: 'page', title: readTitle(doc), place: {}, pieces: this.#said(room, pieces) }];
    };
    try {
      return await this.#documents.readStored(room, look);
    } catch {
      // It cannot be read: nothing is told of it until it changes.
      return [];
    }
  }

  /** Text has neither authors nor times; sessions have. */
  #said(room: string, pieces: readonly Piece[]): readonly Piece[] {
    const writers = this.#writers(room);
    return pieces.map((piece, index) => {
      const writer = writers[index] ?? writers[0];
      return writer ? { ...piece, by: writer.member, at: writer.at } : piece;
    });
  }
}
