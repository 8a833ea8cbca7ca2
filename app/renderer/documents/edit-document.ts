// A short edit of a document that may not be on the screen: opened, changed when it has arrived, and held until that is durable.
import type * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import type { DocumentHandle } from './document-handle.ts';
import type { DocumentPool } from './document-pool.ts';

/** Resolves when the change is in this window's copy, which the pool keeps until the host holds it. */
export async function editDocument(pool: DocumentPool, room: string, change: (doc: Y.Doc) => void): Promise<void> {
  const reference = pool.open(room);
  try {
    await arrivedIn(reference.handle);
    change(reference.handle.doc);
  } finally {
    reference.dispose();
  }
}

/** Resolves when it is all here; rejects where it is refused. */
export function arrivedIn(handle: DocumentHandle): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): boolean => {
      if (handle.synced) resolve();
      else if (handle.refusal) reject(new AppError('not-allowed', `${handle.refusal.reason} Nothing was changed.`));
      else return false;
      return true;
    };
    if (look()) return;
    const held = handle.onChange(() => {
      if (look()) held.dispose();
    });
  });
}
