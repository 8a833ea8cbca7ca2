// How a window changes a board: commands of the model under one origin, undone step by step; a refusal is said. It draws nothing.
import * as Y from 'yjs';
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { Doing } from '../../../../shared/model/board/stored.ts';
import {
  cardsOf,
  columnsOf,
  fieldsOf,
  labelsOf,
  overlapsOf,
  titleOf,
  viewsOf,
} from '../../../../shared/model/document/roots.ts';
import { failureWords } from '../../window/failure.ts';
import type { Toasts } from '../../window/toasts.svelte.ts';

/** Steps of one gesture, such as two keys of a typed name, are undone together. */
const ONE_STEP = 400;

/** Attached to an open board, and lives as long as it does. */
export class BoardActions implements Disposable {
  readonly doc: Y.Doc;
  readonly undo: Y.UndoManager;
  readonly #parts: { readonly member: string; readonly clock: Clock; readonly toasts: Toasts };
  /** Set by the screen: who may only read changes nothing. */
  writable = false;

  constructor(doc: Y.Doc, parts: { readonly member: string; readonly clock: Clock; readonly toasts: Toasts }) {
    this.doc = doc;
    this.#parts = parts;
    const roots = [
      titleOf(doc),
      columnsOf(doc),
      cardsOf(doc),
      labelsOf(doc),
      fieldsOf(doc),
      viewsOf(doc),
      overlapsOf(doc),
    ];
    this.undo = new Y.UndoManager(roots, { trackedOrigins: new Set([this]), captureTimeout: ONE_STEP });
  }

  get doing(): Doing {
    return { by: this.#parts.member, at: this.#parts.clock.now() };
  }

  /** Carries out a command as one step of undo; null where it was refused, which is said to the person. */
  do<T>(command: (doc: Y.Doc, origin: object) => T): T | null {
    if (!this.writable) return null;
    try {
      return this.step(command);
    } catch (error) {
      this.#parts.toasts.fail(failureWords(error));
      return null;
    }
  }

  /** The same for whoever says by themself why it was refused: throws what the command throws. */
  step<T>(command: (doc: Y.Doc, origin: object) => T): T {
    this.undo.stopCapturing();
    try {
      return command(this.doc, this);
    } finally {
      this.undo.stopCapturing();
    }
  }

  /** What was taken back, or null where nothing was left to take back. */
  takeBack(): boolean {
    return this.writable && this.undo.undo() !== null;
  }

  doAgain(): boolean {
    return this.writable && this.undo.redo() !== null;
  }

  dispose(): void {
    this.undo.destroy();
  }
}
