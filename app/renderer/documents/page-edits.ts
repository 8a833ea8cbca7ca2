// How commands of the model reach an open page from outside its text: as an undo step of the editor where there is one. It draws nothing.
import * as Y from 'yjs';
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import { bodyOf, overlapsOf, recoveredOf, titleOf } from '../../../shared/model/document/roots.ts';

/** Runs a command under an origin. */
type Run = (command: (origin: object) => void) => void;

/** Attached to an open page, and lives as long as it does. */
export class PageEdits implements Disposable {
  readonly #doc: Y.Doc;
  #run: Run = (command) => command(this);

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /** The page's editor, from when it is made: what it runs is undone in the text as well. */
  through(run: Run): void {
    this.#run = run;
  }

  /** Carries out a command; answers what takes exactly that back, whatever was typed since, or null where it changed nothing. */
  change(command: (origin: object) => void): (Disposable & { undo(): void }) | null {
    let undo: Y.UndoManager | null = null;
    this.#run((origin) => {
      const scope = [titleOf(this.#doc), bodyOf(this.#doc), recoveredOf(this.#doc), overlapsOf(this.#doc)];
      undo = new Y.UndoManager(scope, { trackedOrigins: new Set([origin]) });
      command(origin);
      // What is typed later has the editor's origin as well.
      undo.trackedOrigins.clear();
    });
    const manager = undo as Y.UndoManager | null;
    if (!manager?.canUndo()) {
      manager?.destroy();
      return null;
    }
    return { ...disposable(() => manager.destroy()), undo: () => void manager.undo() };
  }

  dispose(): void {
    this.#run = () => undefined;
  }
}
