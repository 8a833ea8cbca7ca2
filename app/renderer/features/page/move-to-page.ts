// Moving blocks to another page: they are written there and saved before they go here, so that no moment has them nowhere.
import { clonedBlocks } from '../../editor/blocks-of.ts';
import { deleteRun } from '../../editor/commands/kinds.ts';
import type { PageEditor } from '../../editor/page-editor.ts';
import type { DocumentReference } from '../../documents/document-pool.ts';
import { bodyOf } from '../../../../shared/model/document/roots.ts';
import { appendBlocks } from '../../../../shared/model/page/write.ts';
import { idOf } from '../../editor/blocks.ts';

/** What became of it; `unknown`: something among the blocks can only be kept where it is. */
export type MoveOutcome = 'moved' | 'unknown' | 'refused' | 'changed';

/**
 * Appends the blocks from one number to another to the page behind `target`, waits until that is saved, then deletes them here.
 * Blocks that somebody changed meanwhile stay here as well (`changed`): both copies are whole. The caller disposes the reference.
 */
export async function moveToPage(
  editor: PageEditor,
  from: number,
  to: number,
  target: DocumentReference,
): Promise<MoveOutcome> {
  const nodes = editor.state.doc.content.content.slice(from, to);
  const blocks = clonedBlocks(nodes);
  if (!blocks) return 'unknown';
  const { handle } = target;
  if (!(await reached(handle, () => handle.synced))) return 'refused';
  handle.doc.transact(() => appendBlocks(bodyOf(handle.doc), blocks), 'move-to-page');
  if (!(await reached(handle, () => handle.pendingSince === null))) return 'refused';
  const { doc } = editor.state;
  const first = doc.content.content.findIndex((node) => idOf(node) === idOf(nodes[0] ?? node));
  const same = nodes.every((node, index) => first >= 0 && doc.maybeChild(first + index)?.eq(node));
  if (!same) return 'changed';
  editor.run(deleteRun(first, first + nodes.length));
  return 'moved';
}

/** Waits for a state of a document; false when it is refused. */
function reached(handle: DocumentReference['handle'], is: () => boolean): Promise<boolean> {
  if (is()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = handle.onChange(() => {
      if (!is() && handle.refusal === null) return;
      held.dispose();
      resolve(handle.refusal === null);
    });
  });
}
