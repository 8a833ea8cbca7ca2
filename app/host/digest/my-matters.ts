// What a member's own documents say that digests ask for: what they watch and follow, and what they are done with; kept in memory and read again when it changes.
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { RoomSource } from '../../../shared/link/room-source.ts';
import { readDigestDone, type DigestDone } from '../../../shared/model/personal/digest-done.ts';
import { readFollows } from '../../../shared/model/personal/follows.ts';
import { personalRoom, type PersonalMatter } from '../../../shared/model/personal/personal.ts';
import { isWatchedIn, watchedPlaces } from '../../../shared/model/personal/watched.ts';
import { tagOf } from '../../../shared/model/properties/tag.ts';
import type { CatalogueRow } from '../catalogue-row.ts';
import type { RoomDocuments } from '../room-documents.ts';

interface Parts {
  readonly documents: Pick<RoomDocuments, 'readStored'>;
  readonly source: Pick<RoomSource, 'onChange'>;
  readonly row: (room: string) => CatalogueRow | null;
  /** Null for a workspace that is not on this computer. */
  readonly memberOf: (workspace: string) => string | null;
  readonly logger: Logger;
}

interface Matters {
  watched: ReadonlySet<string>;
  topics: ReadonlySet<string>;
  done: DigestDone;
}

/** What is said of a page by itself. */
export interface PageSaid {
  readonly createdBy: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
}

const READ: readonly PersonalMatter[] = ['watched', 'follows', 'digest'];

export class MyMatters implements Disposable {
  readonly #parts: Parts;
  readonly #known = new Map<string, Matters>();
  readonly #reading = new Map<string, Promise<void>>();
  readonly #held = new DisposableStore();
  readonly #changed = new Emitter<string>();
  /** Fires with a workspace of which they say something else. */
  readonly onChange = this.#changed.event;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#held.add(
      parts.source.onChange((changes) => {
        for (const { room } of changes) {
          const [workspace = '', space = '', matter = ''] = room.split('/');
          if (!space.startsWith('~') || !READ.some((one) => one === matter)) continue;
          if (space.slice(1) === parts.memberOf(workspace)) void this.read(workspace);
        }
      }),
    );
  }

  /** Reads them as they are now; until then nothing is known of them. */
  read(workspace: string): Promise<void> {
    const before = this.#reading.get(workspace) ?? Promise.resolve();
    const reading = before.then(() => this.#read(workspace));
    this.#reading.set(workspace, reading);
    return reading;
  }

  /** What is being read is known. */
  async settled(): Promise<void> {
    await Promise.all(this.#reading.values());
  }

  /** Null while it is not known yet. */
  follows(workspace: string, document: string, { createdBy, owner, tags }: PageSaid): boolean | null {
    const known = this.#known.get(workspace);
    const me = this.#parts.memberOf(workspace);
    if (!known || me === null) return null;
    const favourites = this.#parts.row(personalRoom(workspace, me, 'favourites'))?.favourites ?? [];
    if (createdBy === me || owner === me || favourites.includes(document)) return true;
    return known.watched.has(document) || tags.some((tag) => known.topics.has(tagOf(tag)?.key ?? ''));
  }

  isWatched(workspace: string, board: string, card: string, column: string | null): boolean {
    const known = this.#known.get(workspace);
    return known !== undefined && isWatchedIn(known.watched, board, card, column);
  }

  done(workspace: string): DigestDone | null {
    return this.#known.get(workspace)?.done ?? null;
  }

  forget(workspace: string): void {
    this.#known.delete(workspace);
    this.#reading.delete(workspace);
  }

  dispose(): void {
    this.#held.dispose();
    this.#changed.clear();
  }

  async #read(workspace: string): Promise<void> {
    const { documents, memberOf, logger } = this.#parts;
    const me = memberOf(workspace);
    if (me === null) return;
    const room = (matter: PersonalMatter): string => personalRoom(workspace, me, matter);
    try {
      const [watched, topics, done] = await Promise.all([
        documents.readStored(room('watched'), watchedPlaces),
        documents.readStored(room('follows'), (doc) => readFollows(doc).topics),
        documents.readStored(room('digest'), readDigestDone),
      ]);
      this.#known.set(workspace, { watched, topics: new Set(topics.map((topic) => tagOf(topic)?.key ?? '')), done });
      this.#changed.fire(workspace);
    } catch (error) {
      // What was known before stands; the next change of one of them reads them again.
      logger.log('warn', 'own-matters-not-read', { workspace, error: String(error) });
    }
  }
}
