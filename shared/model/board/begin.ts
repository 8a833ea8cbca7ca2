// What stands on a board when somebody makes it: three columns, of which the last completes what comes in. Opening a board writes none of it.
import type * as Y from 'yjs';
import { addColumn, setColumnCompletes } from './column-commands.ts';

/** The caller makes the document in the same transaction. */
export function beginBoard(doc: Y.Doc, origin: unknown = null): void {
  doc.transact(() => {
    const [, , done] = ['Next', 'Doing', 'Done'].map((name) => addColumn(doc, { name }, origin));
    setColumnCompletes(doc, done ?? '', true, origin);
  }, origin);
}
