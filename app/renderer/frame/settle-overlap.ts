// Carries out a choice between two versions in the document where they stand, as a step of undo of its editor, of its board, or of its own. It asks nobody.
import * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import { cardsOf, metaOf, overlapsOf, votesOf } from '../../../shared/model/document/roots.ts';
import type { OverlapValue } from '../../../shared/model/overlap/place.ts';
import { settleOverlap, type OverlapChoice, type Settling } from '../../../shared/model/overlap/settle.ts';
import { withWords } from '../../../shared/model/page/rewrite-content.ts';
import type { OverlapEntry } from '../../contract/overlap.ts';
import { arrivedIn } from '../documents/edit-document.ts';
import { PageEdits } from '../documents/page-edits.ts';
import { BoardActions } from '../features/board/board-actions.ts';
import type { Services } from '../window/services.ts';

/** Resolves with what takes it back. Rejects where nothing was written. */
export async function settle(
  { documents, clock, host, toasts }: Services,
  workspace: string,
  entry: OverlapEntry,
  choice: OverlapChoice,
  words: string | null,
): Promise<() => void> {
  const member = host.workspace(workspace).entry?.member ?? '';
  const { id, place } = entry;
  const value = valueOf(entry, choice, words);
  const settling: Settling = { id, place, choice, value, doing: { by: member, at: clock.now() } };
  const reference = documents.open(entry.room);
  try {
    await arrivedIn(reference.handle);
    const { doc } = reference.handle;
    let outcome: ReturnType<typeof settleOverlap> = 'gone';
    let undo = (): void => undefined;
    const run = (origin: unknown): void => void (outcome = settleOverlap(doc, settling, origin));
    if (entry.kind === 'board') {
      const actions = reference.attached('board', () => new BoardActions(doc, { member, clock, toasts }));
      const before = actions.undo.undoStack.length;
      actions.step((_, origin) => run(origin));
      undo = () => {
        if (actions.undo.undoStack.length > before) actions.undo.undo();
      };
    } else if (entry.kind === 'thread') {
      const manager = new Y.UndoManager([cardsOf(doc), metaOf(doc), votesOf(doc), overlapsOf(doc)], {
        trackedOrigins: new Set([run]),
      });
      run(run);
      manager.trackedOrigins.clear();
      doc.once('destroy', () => manager.destroy());
      undo = () => void manager.undo();
    } else {
      const edits = reference.attached('edits', () => new PageEdits(doc));
      const done = edits.change(run);
      if (done) doc.once('destroy', () => done.dispose());
      undo = () => done?.undo();
    }
    if (outcome === 'gone') {
      throw new AppError(
        'not-found',
        'What both changed is not there any more. Nothing was changed; both versions are in the history.',
      );
    }
    return undo;
  } finally {
    reference.dispose();
  }
}

function valueOf(
  { mine, theirs, now }: OverlapEntry,
  choice: OverlapChoice,
  words: string | null,
): OverlapValue | null {
  if (choice === 'keep') return mine.value;
  if (choice === 'take') return theirs.value;
  if (choice === 'left' || words === null) return null;
  if (now.value?.is !== 'words') return { is: 'line', text: words };
  return { is: 'words', content: withWords(now.value.content, words) };
}
