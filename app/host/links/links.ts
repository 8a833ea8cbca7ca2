// The links projection: which documents lead to which, which mention whom, with the lines around; fed by room changes. It judges no rights.
import { Emitter } from '../../../shared/base/emitter.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { ProjectionFeed, type FeedParts, type Pace } from '../projection-feed.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { readDocumentLinks, type DocumentLinks, type Passages } from './document-links.ts';
import { forgetLinks, loadReached, saveLinks, storedPassages, storedSignatures, storedTargets } from './links-store.ts';

export interface LinksParts extends FeedParts {
  readonly values: ValueStore;
  readonly documents: Pick<RoomDocuments, 'readStored'>;
}

/** What other documents lead to became different. */
export interface LinksChange {
  readonly workspace: string;
  /** Ids of documents, and `@` with those of members. */
  readonly targets: ReadonlySet<string>;
}

/** Whole documents are read: they wait longer than titles do, and take less of the time, also of a first sync. */
const PACE: Pace = { shortestWait: 600, share: 20, pause: 2 };

export class Links {
  readonly #parts: LinksParts;
  readonly #feed: ProjectionFeed;
  readonly #changed = new Emitter<LinksChange>();
  /** What documents say that is not stored yet; null: nothing any more. */
  readonly #unsaved = new Map<string, DocumentLinks | null>();
  /** By workspace, once somebody asked: the signature of each room; null for one that is gone. */
  readonly #signatures = new Map<string, Map<string, Uint8Array | null>>();
  readonly #loading = new Map<string, Promise<void>>();
  #saving: Promise<unknown> = Promise.resolve();
  readonly onChange = this.#changed.event;

  private constructor(parts: LinksParts, reached: ReadonlyMap<string, number>) {
    this.#parts = parts;
    this.#feed = new ProjectionFeed(
      parts,
      {
        name: 'links',
        read: (room) => this.#read(room),
        tell: () => undefined, // With what they led to before, which is known when they are stored.
        save: (now) => this.#save(now),
      },
      reached,
      PACE,
    );
  }

  static async open(parts: LinksParts): Promise<Links> {
    return new Links(parts, await loadReached(parts.values));
  }

  /** Looks for what changed in a workspace since it was read, and reads it in the background. */
  watch(workspace: string): Promise<void> {
    return this.#feed.watch(workspace);
  }

  refresh(room: string): Promise<void> {
    return this.#feed.refresh(room);
  }

  settled(): Promise<void> {
    return this.#feed.settled();
  }

  /** Documents that are to be read before answers are complete. */
  get waiting(): number {
    return this.#feed.waiting;
  }

  /** Who leads to a target, by room: as stored, and as just read. */
  async to(workspace: string, target: string): Promise<ReadonlyMap<string, Passages>> {
    const found = await storedPassages(this.#parts.values, workspace, target);
    for (const [room, links] of this.#unsaved) {
      if (!room.startsWith(`${workspace}/`)) continue;
      const passages = links?.targets.get(target);
      if (passages) found.set(room, passages);
      else found.delete(room);
    }
    return found;
  }

  /** What each document of a workspace leads to: ids of documents, and `@` with those of members. One that leads nowhere may be left out. */
  async from(workspace: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = await storedTargets(this.#parts.values, workspace);
    for (const [room, links] of this.#unsaved) {
      if (room.startsWith(`${workspace}/`)) found.set(room, [...(links?.targets.keys() ?? [])]);
    }
    return found;
  }

  /** The signature of the words of each room, to look through before documents are read. */
  async signatures(workspace: string): Promise<ReadonlyMap<string, Uint8Array | null>> {
    let held = this.#signatures.get(workspace);
    if (!held) {
      held = new Map([...this.#unsaved].map(([room, links]) => [room, links?.signature ?? null]));
      this.#signatures.set(workspace, held);
      this.#loading.set(workspace, this.#load(workspace, held));
    }
    await this.#loading.get(workspace);
    return held;
  }

  /** Throws away everything of a workspace that is on this computer no more; its documents are gone before. */
  async forget(workspace: string): Promise<void> {
    await this.settled();
    for (const room of [...this.#unsaved.keys()]) if (room.startsWith(`${workspace}/`)) this.#unsaved.delete(room);
    this.#signatures.delete(workspace);
    this.#loading.delete(workspace);
    this.#feed.forget(workspace);
    await forgetLinks(this.#parts.values, workspace);
  }

  async close(): Promise<void> {
    await this.#feed.close();
    await this.#saving;
    this.#changed.clear();
  }

  async #load(workspace: string, held: Map<string, Uint8Array | null>): Promise<void> {
    // What was read meanwhile is newer than what is stored.
    for await (const [room, signature] of storedSignatures(this.#parts.values, workspace)) {
      if (!held.has(room)) held.set(room, signature);
    }
  }

  async #read(room: string): Promise<void> {
    await this.#parts.documents.readStored(room, (doc) => {
      const links = readDocumentLinks(doc);
      this.#unsaved.set(room, links);
      this.#signatures.get(room.slice(0, room.indexOf('/')))?.set(room, links?.signature ?? null);
    });
  }

  /** One after another: what a document led to before is read from the store. */
  #save(reached: ReadonlyMap<string, number>): Promise<void> {
    const next = this.#saving.then(() => this.#saveNow(reached));
    this.#saving = next.catch(() => undefined); // Whoever asked hears of it.
    return next;
  }

  async #saveNow(reached: ReadonlyMap<string, number>): Promise<void> {
    const documents = new Map(this.#unsaved);
    const touched = await saveLinks(this.#parts.values, documents, reached);
    for (const [room, links] of documents) if (this.#unsaved.get(room) === links) this.#unsaved.delete(room);
    for (const [workspace, targets] of touched) {
      if (targets.size > 0) this.#changed.fire({ workspace, targets });
    }
  }
}
