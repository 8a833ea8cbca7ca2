// Brings a page, or one block, back to a version that is looked at: the host's bytes, the model's command, a toast that takes it back.
import * as Y from 'yjs';
import { fromBase64url } from '../../../../shared/base/encoding.ts';
import { restoreBlock } from '../../../../shared/model/page/restore-block.ts';
import { restorePage } from '../../../../shared/model/page/restore-page.ts';
import { readProperties } from '../../../../shared/model/properties/read.ts';
import type { PageEdits } from '../../documents/page-edits.ts';
import type { Toasts } from '../../window/toasts.svelte.ts';
import { fullTime } from '../../window/times.ts';
import type { PageHistory, Side } from './page-history.svelte.ts';

export interface RestoreParts {
  readonly history: PageHistory;
  readonly doc: Y.Doc;
  readonly edits: PageEdits;
  readonly toasts: Toasts;
}

/** Resolves with whether something was changed; what went wrong is said. */
export async function restoreWhole(parts: RestoreParts): Promise<boolean> {
  const at = parts.history.chosen?.to ?? 0;
  const command = (past: Y.Doc, origin: object): void => restorePage(parts.doc, past, origin);
  return restore(parts, 'after', command, `The page is as it was on ${fullTime(at)}.`);
}

/** @param side 'before': the block went in the session that is looked at. */
export async function restoreOne(parts: RestoreParts, block: string, side: Side): Promise<boolean> {
  const command = (past: Y.Doc, origin: object): void => void restoreBlock(parts.doc, past, block, origin);
  return restore(parts, side, command, 'The block is as it was.');
}

async function restore(
  { history, doc, edits, toasts }: RestoreParts,
  side: Side,
  command: (past: Y.Doc, origin: object) => void,
  words: string,
): Promise<boolean> {
  const past = new Y.Doc();
  try {
    const update = fromBase64url(await history.past(side));
    if (!update) throw new Error('The version did not arrive whole. Nothing was changed; try again.');
    Y.applyUpdate(past, update);
    // The version took its time to come.
    if (readProperties(doc).locked) throw new Error('Somebody locked this page. Nothing was changed; unlock it first.');
    const done = edits.change((origin) => command(past, origin));
    if (!done) {
      toasts.show('It is as it was already. Nothing was changed.');
      return false;
    }
    doc.once('destroy', () => done.dispose());
    toasts.show(words, { label: 'Undo', run: () => done.undo() });
    return true;
  } catch (error) {
    toasts.fail(error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    past.destroy();
  }
}
