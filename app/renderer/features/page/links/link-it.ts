// Makes words in another page a link: an edit of that page like any other, stored like any other, with a way back.
import * as Y from 'yjs';
import type { UnlinkedPassage } from '../../../../contract/links.ts';
import { bodyOf } from '../../../../../shared/model/document/roots.ts';
import { linkWords } from '../../../../../shared/model/page/link-words.ts';
import { pageLink } from '../../../../../shared/model/page/page-link.ts';
import type { DocumentPool, DocumentReference } from '../../../documents/document-pool.ts';

export type Linking =
  /** `undo` answers whether it could be taken back: later edits of those words stay as they are. */
  | { readonly kind: 'linked'; readonly undo: () => boolean }
  /** Other words stand there by now; nothing was changed. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Links exactly these words of the document in `room` to `target`. Whatever happens, nothing else of it is touched. */
export async function linkIt(
  documents: DocumentPool,
  room: string,
  passage: UnlinkedPassage,
  target: string,
): Promise<Linking> {
  const reference = documents.open(room);
  try {
    const refusal = await arrived(reference);
    if (refusal !== null) return { kind: 'refused', reason: refusal };
    const { doc } = reference.handle;
    const body = bodyOf(doc);
    const origin = {};
    const undo = new Y.UndoManager(body, { trackedOrigins: new Set([origin]) });
    const outcome = doc.transact(() => linkWords(body, passage, pageLink(target)), origin);
    if (outcome === 'changed') {
      undo.destroy();
      return { kind: 'changed' };
    }
    return {
      kind: 'linked',
      undo: () => {
        // The document may have been let go of meanwhile; its text is the same object while the window keeps it.
        const again = documents.open(room);
        const taken = again.handle.doc === doc && undo.undo() !== null;
        undo.destroy();
        again.dispose();
        return taken;
      },
    };
  } finally {
    reference.dispose();
  }
}

/** Resolves with null when the whole document is here, else with why it is not. */
function arrived({ handle }: DocumentReference): Promise<string | null> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      if (!handle.synced && handle.refusal === null) return false;
      resolve(handle.synced ? null : handle.refusal?.reason || 'The page cannot be opened.');
      return true;
    };
    if (look()) return;
    const held = handle.onChange(() => {
      if (look()) held.dispose();
    });
  });
}
