// RoomDocuments over the hub: every edit is this device's, checked and stored like anybody else's.
import * as Y from 'yjs';
import { AppError } from '../../shared/base/app-error.ts';
import type { DocStore } from '../../shared/hub/doc-store.ts';
import { isTooDeep } from '../../shared/hub/compaction.ts';
import { editRoom, readRoom, type EditableSource } from '../../shared/hub/edit-room.ts';
import { keepRoots } from '../../shared/hub/keep-roots.ts';
import type { Principal } from '../../shared/link/room-source.ts';
import { HEAD_ROOTS } from '../../shared/model/document/roots.ts';
import type { RoomDocuments } from './room-documents.ts';

export class HubDocuments implements RoomDocuments {
  readonly #hub: EditableSource;
  readonly #store: Pick<DocStore, 'load'>;
  readonly #principal: Principal;

  /** @param store the hub's own. */
  constructor(hub: EditableSource, store: Pick<DocStore, 'load'>, principal: Principal) {
    this.#hub = hub;
    this.#store = store;
    this.#principal = principal;
  }

  read<T>(room: string, look: (doc: Y.Doc) => T): Promise<T> {
    return readRoom(this.#hub, room, this.#principal, look);
  }

  async readHead<T>(room: string, look: (doc: Y.Doc) => T): Promise<T> {
    const heads = keepRoots(await this.#stored(room), HEAD_ROOTS);
    if (!heads) {
      throw new AppError('damaged', 'The title of this document cannot be read. The document is kept as it is.', {
        details: { room },
      });
    }
    // Named, since Yjs would else make up a name from thirty random numbers.
    const doc = new Y.Doc({ guid: room });
    try {
      doc.transact(() => {
        for (const head of heads) Y.applyUpdate(doc, head);
      });
      return look(doc);
    } finally {
      doc.destroy();
    }
  }

  async readStored<T>(room: string, look: (doc: Y.Doc) => T): Promise<T> {
    const updates = await this.#stored(room);
    const doc = new Y.Doc({ guid: room });
    try {
      if (!canBuild(doc, updates)) {
        throw new AppError('damaged', 'The content of this document cannot be read safely. It is kept as it is.', {
          details: { room },
        });
      }
      return look(doc);
    } finally {
      doc.destroy();
    }
  }

  /** Past the hub: an open room costs its judgement of every update, and stays in memory for a while. */
  async #stored(room: string): Promise<readonly Uint8Array[]> {
    const stored = await this.#store.load(room);
    return stored ? [...(stored.state ? [stored.state.update] : []), ...stored.tail] : [];
  }

  edit<T>(room: string, change: (doc: Y.Doc) => T): Promise<T> {
    return editRoom(this.#hub, room, this.#principal, change);
  }
}

function canBuild(doc: Y.Doc, updates: readonly Uint8Array[]): boolean {
  try {
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update);
    });
  } catch {
    // The bytes were decoded before they were stored: what fails now is Yjs recursing through a forged structure.
    return false;
  }
  return !isTooDeep(doc);
}
