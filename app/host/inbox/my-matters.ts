// What a member's own documents say that the inbox asks: what they read and saw, levels, topics and what they did about entries. Read once and again when a document changed; it writes nothing.
import { NO_INBOX_MARKS, readInboxMarks, type InboxMarks } from '../../../shared/model/personal/inbox.ts';
import { readLevel, type Level } from '../../../shared/model/personal/levels.ts';
import { readFollows } from '../../../shared/model/personal/follows.ts';
import { personalRoom, readMatter, type PersonalMatter } from '../../../shared/model/personal/personal.ts';
import { cardsMatter, readSeenCards, type SeenOfBoard } from '../../../shared/model/personal/read-cards.ts';
import { readAllReadPosts, type ReadPosts } from '../../../shared/model/personal/read-posts.ts';
import { readOwnClients, readSeenOf } from '../../../shared/model/personal/seen.ts';
import { readWatched, watchedDocuments, type WatchedOnBoard } from '../../../shared/model/personal/watched.ts';
import { levelsOf } from '../../../shared/model/document/roots.ts';
import type { RoomDocuments } from '../room-documents.ts';

type Clocks = ReadonlyMap<number, number>;

export class MyMatters {
  readonly #documents: Pick<RoomDocuments, 'readStored'>;
  readonly #workspace: string;
  readonly member: string;
  readonly #kept = new Map<string, Promise<unknown>>();
  /** Documents of which the vectors that were seen are kept. */
  #wanted: ReadonlySet<string> = new Set();

  constructor(documents: Pick<RoomDocuments, 'readStored'>, workspace: string, member: string) {
    this.#documents = documents;
    this.#workspace = workspace;
    this.member = member;
  }

  /** A document of theirs changed. @param matter its id. */
  changed(matter: string): void {
    this.#kept.delete(matter);
    if (matter === 'seen') this.#kept.delete('seen own');
  }

  marks(): Promise<InboxMarks> {
    return this.#ask('inbox', (doc) => readInboxMarks(doc), NO_INBOX_MARKS);
  }

  async levels(): Promise<(place: string) => Level | null> {
    const levels = await this.#ask(
      'levels',
      (doc) => new Map([...levelsOf(doc).keys()].map((place) => [place, readLevel(doc, place)])),
      new Map<string, Level | null>(),
    );
    return (place) => levels.get(place) ?? null;
  }

  async topics(): Promise<readonly string[]> {
    return (await this.#ask('follows', (doc) => readFollows(doc), { members: [], topics: [] })).topics;
  }

  read(space: string): Promise<ReadonlyMap<string, ReadPosts>> {
    return this.#ask(readMatter(space), readAllReadPosts, new Map<string, ReadPosts>());
  }

  cards(board: string): Promise<SeenOfBoard | null> {
    return this.#ask(cardsMatter(board), (doc) => readSeenCards(doc), null);
  }

  /** What is watched, by document. */
  watched(): Promise<ReadonlyMap<string, WatchedOnBoard>> {
    return this.#ask(
      'watched',
      (doc) => new Map(watchedDocuments(doc).map((document) => [document, readWatched(doc, document)])),
      new Map<string, WatchedOnBoard>(),
    );
  }

  /** Under which Yjs clients windows of the member's wrote in a page since it was left last. */
  async ownClients(document: string): Promise<ReadonlySet<number>> {
    const own = await this.#ask('seen own', readOwnClients, new Map<string, ReadonlySet<number>>());
    return own.get(document) ?? new Set();
  }

  /** Of these documents and those that were asked for before. */
  async seen(documents: ReadonlySet<string>): Promise<(document: string) => Clocks | null> {
    if ([...documents].some((document) => !this.#wanted.has(document))) {
      this.#wanted = new Set([...this.#wanted, ...documents]);
      this.changed('seen');
    }
    const wanted = this.#wanted;
    const seen = await this.#ask('seen', (doc) => readSeenOf(doc, wanted), new Map<string, Clocks>());
    return (document) => seen.get(document) ?? null;
  }

  /** Where it cannot be read it says nothing, until it changes. */
  #ask<T>(
    asked: PersonalMatter | 'seen own',
    look: Parameters<RoomDocuments['readStored']>[1],
    nothing: T,
  ): Promise<T> {
    const known = this.#kept.get(asked) as Promise<T> | undefined;
    if (known) return known;
    const matter = asked === 'seen own' ? 'seen' : asked;
    const room = personalRoom(this.#workspace, this.member, matter);
    const answer = this.#documents.readStored(room, look).then(
      (found) => found as T,
      () => nothing,
    );
    this.#kept.set(asked, answer);
    return answer;
  }
}
