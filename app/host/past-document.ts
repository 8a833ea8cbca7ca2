// A document as it was, to be read as those of now are. It writes nothing.
import * as Y from 'yjs';
import type { RoomDocuments } from './room-documents.ts';

/** That one document, whatever room is asked for. */
export function pastOf(update: Uint8Array): Pick<RoomDocuments, 'read'> {
  return {
    async read(_room, look) {
      const doc = new Y.Doc();
      try {
        Y.applyUpdate(doc, update);
        return look(doc);
      } finally {
        doc.destroy();
      }
    },
  };
}
