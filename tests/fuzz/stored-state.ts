// What a hub holds of a room, as a document and as a hash that says whether two hubs hold the same.
import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import type { Hub } from '../../shared/hub/hub.ts';
import { NOBODY } from '../support/linked-hubs.ts';

const EVERYTHING = new Uint8Array([0]);

/** A room as a hub holds it. */
export async function storedDocument(hub: Hub, room: string): Promise<Y.Doc> {
  const opened = await hub.open(room, NOBODY);
  if (opened.kind === 'refused') throw new Error(opened.reason);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, opened.room.diff(EVERYTHING));
  opened.room.dispose();
  return doc;
}

/** A hash of all of a document's state. One transaction collects garbage and joins items in the same way, whatever had been merged before. */
export function hashOf(doc: Y.Doc): string {
  const fresh = new Y.Doc();
  Y.applyUpdate(fresh, Y.encodeStateAsUpdate(doc));
  return createHash('sha256').update(Y.encodeStateAsUpdate(fresh)).digest('hex');
}
