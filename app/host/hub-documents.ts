// RoomDocuments over the hub: every edit is this device's, checked and stored like anybody else's.
import * as Y from 'yjs';
import { AppError } from '../../shared/base/app-error.ts';
import type { DocStore } from '../../shared/hub/doc-store.ts';
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
    // Past the hub: an open room costs its judgement of every update, and stays in memory for a while.
    const stored = await this.#store.load(room);
    const updates = stored ? [...(stored.state ? [stored.state.update] : []), ...stored.tail] : [];
    const heads = keepRoots(updates, HEAD_ROOTS);
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

  edit<T>(room: string, change: (doc: Y.Doc) => T): Promise<T> {
    return editRoom(this.#hub, room, this.#principal, change);
  }
}
