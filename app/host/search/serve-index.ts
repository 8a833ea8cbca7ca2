// The far end of an index's port: builds documents from bytes, reads them, and keeps the index. One call after the other; whatever a document does, an answer comes or the thread ends.
import * as Y from 'yjs';
import { isTooDeep } from '../../../shared/hub/compaction.ts';
import { findIn } from './find.ts';
import type { Answered, Asked, IndexCalls } from './index-calls.ts';
import { IndexEngine } from './index-engine.ts';
import { DamagedLog } from './piece-log.ts';
import { readPieces, type Piece } from './pieces.ts';

/** As a worker's and a channel's port have it. */
export interface IndexPort {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  postMessage(message: Answered): void;
}

export function serveIndex(port: IndexPort): void {
  let engine: IndexEngine | null = null;
  const opened = (): IndexEngine => {
    if (!engine) throw new Error('The index is not open.');
    return engine;
  };
  const calls: IndexCalls = {
    open({ folder }) {
      engine = IndexEngine.open(folder);
      return engine.state;
    },
    put: ({ room, updates }) => ({ changed: opened().put(room, piecesOf(room, updates)) }),
    drop: ({ prefix }) => ({ changed: opened().drop(prefix) }),
    state(state) {
      opened().setState(state);
      return null;
    },
    find: (question) => findIn(opened(), question),
    size: () => opened().size,
    compact() {
      opened().compact();
      return null;
    },
    close() {
      engine?.close();
      engine = null;
      return null;
    },
  };
  port.on('message', (message) => {
    const { id, call, params } = message as Asked;
    try {
      const answer = (calls[call] as (params: unknown) => unknown)(params);
      port.postMessage({ id, answer });
    } catch (error) {
      const failed = error instanceof DamagedLog ? 'damaged' : 'failed';
      port.postMessage({ id, failed, message: error instanceof Error ? error.message : String(error) });
    }
  });
}

/** What cannot be built or read safely is found by nobody. */
function piecesOf(room: string, updates: readonly Uint8Array[]): readonly Piece[] {
  if (updates.length === 0) return [];
  const doc = new Y.Doc({ guid: room });
  try {
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update);
    });
    return isTooDeep(doc) ? [] : (readPieces(room, doc) ?? []);
  } catch {
    return [];
  } finally {
    doc.destroy();
  }
}
