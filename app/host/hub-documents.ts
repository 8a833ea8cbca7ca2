// RoomDocuments over the hub: every edit is this device's, checked and stored like anybody else's.
import type * as Y from 'yjs';
import { editRoom, readRoom, type EditableSource } from '../../shared/hub/edit-room.ts';
import type { Principal } from '../../shared/link/room-source.ts';
import type { RoomDocuments } from './room-documents.ts';

export class HubDocuments implements RoomDocuments {
  readonly #hub: EditableSource;
  readonly #principal: Principal;

  constructor(hub: EditableSource, principal: Principal) {
    this.#hub = hub;
    this.#principal = principal;
  }

  read<T>(room: string, look: (doc: Y.Doc) => T): Promise<T> {
    return readRoom(this.#hub, room, this.#principal, look);
  }

  edit<T>(room: string, change: (doc: Y.Doc) => T): Promise<T> {
    return editRoom(this.#hub, room, this.#principal, change);
  }
}
