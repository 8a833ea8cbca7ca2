// A projection: which attachments each document refers to, read from stored bytes. It can be thrown away and rebuilt.
import * as Y from 'yjs';
import { z } from 'zod';
import { AppError } from '../../../shared/base/app-error.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import type { DocStore } from '../../../shared/hub/doc-store.ts';
import type { ValueStore, ValueWrite } from '../../../shared/hub/value-store.ts';
import { readAttachments, type AttachmentReference } from '../../../shared/model/document/attachments.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { parseJson } from '../data-folder.ts';
import { ProjectionFeed, type FeedParts } from '../projection-feed.ts';
import type { BlobAt } from './blob-rows.ts';

const AREA = 'blob-references';
/** 2: what is attached to cards counts. 3: the pictures of profiles, too. 4: what posts name. */
const VERSION = '4';
const row = z.array(z.object({ blob: z.string(), size: z.number(), name: z.string() }));

export interface BlobReferencesParts extends FeedParts {
  readonly values: ValueStore;
  readonly store: Pick<DocStore, 'load'>;
}

/** A key of a map as Yjs writes it into an update, and an address in a post. Where neither is in the bytes no document needs to be built. */
const SIGNS = [Buffer.from('\u0004blob', 'latin1'), Buffer.from('](blob:', 'latin1')];

export class BlobReferences {
  readonly #parts: BlobReferencesParts;
  /** Rooms that refer to any. */
  readonly #rooms: Map<string, readonly AttachmentReference[]>;
  readonly #unsaved = new Set<string>();
  readonly #told = new Set<string>();
  readonly #changed = new Emitter<ReadonlySet<string>>();
  readonly #feed: ProjectionFeed;
  /** Fires with workspaces whose references became others. */
  readonly onChange = this.#changed.event;

  private constructor(
    parts: BlobReferencesParts,
    rooms: Map<string, readonly AttachmentReference[]>,
    reached: ReadonlyMap<string, number>,
  ) {
    this.#parts = parts;
    this.#rooms = rooms;
    const work = {
      name: AREA,
      read: (room: string) => this.#read(room),
      tell: () => this.#tell(),
      save: (upTo: ReadonlyMap<string, number>) => this.#save(upTo),
    };
    this.#feed = new ProjectionFeed(parts, work, reached, { shortestWait: 200, share: 20, pause: 1 });
  }

  static async open(parts: BlobReferencesParts): Promise<BlobReferences> {
    const { values } = parts;
    const version = await values.get(AREA, 'version');
    let usable = version !== null && fromUtf8(version) === VERSION;
    const rooms = new Map<string, readonly AttachmentReference[]>();
    const reached = new Map<string, number>();
    const keys: string[] = [];
    for await (const [key, value] of values.entries(AREA)) {
      keys.push(key);
      const content = parseJson(fromUtf8(value) ?? '');
      if (key.startsWith('row:')) {
        const read = row.safeParse(content);
        if (read.success) rooms.set(key.slice(4), read.data);
        else usable = false;
      } else if (key.startsWith('at:') && typeof content === 'number') reached.set(key.slice(3), content);
    }
    if (usable) return new BlobReferences(parts, rooms, reached);
    await values.write([
      ...keys.map((key) => ({ area: AREA, key, value: null })),
      { area: AREA, key: 'version', value: utf8(VERSION) },
    ]);
    return new BlobReferences(parts, new Map(), new Map());
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

  /** Whether every document that is known of has been read. */
  get isCurrent(): boolean {
    return this.#feed.waiting === 0;
  }

  ofRoom(room: string): readonly AttachmentReference[] {
    return this.#rooms.get(room) ?? [];
  }

  /** Every reference of a workspace with its space. */
  *of(workspace: string): Generator<AttachmentReference & { readonly room: string; readonly space: string }> {
    for (const [room, references] of this.#rooms) {
      const address = room.startsWith(`${workspace}/`) ? parseRoomName(room) : null;
      if (address) for (const reference of references) yield { ...reference, room, space: address.space };
    }
  }

  /** Rooms of that space that refer to it. */
  roomsOf({ workspace, space, blob }: BlobAt): readonly string[] {
    const place = `${workspace}/${space}/`;
    const rooms: string[] = [];
    for (const [room, references] of this.#rooms) {
      if (room.startsWith(place) && references.some((one) => one.blob === blob)) rooms.push(room);
    }
    return rooms;
  }

  async forget(workspace: string): Promise<void> {
    await this.#feed.settled();
    this.#feed.forget(workspace);
    for (const room of [...this.#rooms.keys()]) if (room.startsWith(`${workspace}/`)) this.#rooms.delete(room);
    const writes: ValueWrite[] = [];
    for (const prefix of [`row:${workspace}/`, `at:${workspace}/`]) {
      for await (const [key] of this.#parts.values.entries(AREA, prefix)) writes.push({ area: AREA, key, value: null });
    }
    if (writes.length > 0) await this.#parts.values.write(writes);
  }

  async close(): Promise<void> {
    await this.#feed.close();
    this.#changed.clear();
  }

  async #read(room: string): Promise<void> {
    const stored = await this.#parts.store.load(room);
    const updates = stored ? [...(stored.state ? [stored.state.update] : []), ...stored.tail] : [];
    const holds = (update: Uint8Array): boolean => {
      const bytes = Buffer.from(update.buffer, update.byteOffset, update.length);
      return SIGNS.some((sign) => bytes.includes(sign));
    };
    const next = updates.some(holds) ? referencesIn(room, updates) : [];
    if (JSON.stringify(next) === JSON.stringify(this.ofRoom(room))) return;
    if (next.length > 0) this.#rooms.set(room, next);
    else this.#rooms.delete(room);
    this.#unsaved.add(room);
    this.#told.add(room.slice(0, room.indexOf('/')));
  }

  #tell(): void {
    if (this.#told.size === 0) return;
    const workspaces = new Set(this.#told);
    this.#told.clear();
    this.#changed.fire(workspaces);
  }

  async #save(reached: ReadonlyMap<string, number>): Promise<void> {
    const rooms = [...this.#unsaved];
    this.#unsaved.clear();
    try {
      await this.#parts.values.write([
        ...rooms.map((room) => {
          const references = this.#rooms.get(room);
          return { area: AREA, key: `row:${room}`, value: references ? utf8(JSON.stringify(references)) : null };
        }),
        ...[...reached].map(([space, number]) => ({ area: AREA, key: `at:${space}`, value: utf8(String(number)) })),
      ]);
    } catch (error) {
      for (const room of rooms) this.#unsaved.add(room);
      throw error;
    }
  }
}

function referencesIn(room: string, updates: readonly Uint8Array[]): readonly AttachmentReference[] {
  const doc = new Y.Doc({ guid: room });
  try {
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update);
    });
    return readAttachments(doc);
  } catch (cause) {
    throw new AppError('damaged', 'The attachments of this document cannot be read. It is kept as it is.', {
      cause,
      details: { room },
    });
  } finally {
    doc.destroy();
  }
}
