// What the host's parts need of the hub to understand and change documents: a short-lived Y.Doc of one room at a time.
import type * as Y from 'yjs';

export interface RoomDocuments {
  /** Lets `look` see the room as it is now; the document ends with the call. Rejects when the room cannot be opened. */
  read<T>(room: string, look: (doc: Y.Doc) => T): Promise<T>;
  /**
   * As read(), of what is durable, and only for what stands in the roots of every kind (title and meta): the rest of the
   * document is not there. Much cheaper for a long one. Rejects when its bytes cannot be read.
   */
  readHead<T>(room: string, look: (doc: Y.Doc) => T): Promise<T>;
  /** As read(), of what is durable: it opens no room. For projections, which read many. Rejects when its bytes cannot be read. */
  readStored<T>(room: string, look: (doc: Y.Doc) => T): Promise<T>;
  /**
   * Lets `change` edit the room and resolves with its result when the change is durable. When nothing changed nothing is
   * written. Rejects when it could not be stored; then nothing was.
   */
  edit<T>(room: string, change: (doc: Y.Doc) => T): Promise<T>;
}
