// One document in somebody's window: typing goes to the host's hub and what the hub tells comes in, as in the program.
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import { BoundState } from '../../app/renderer/editor/binding/bound-state.ts';
import { docFromBlocks } from '../../app/renderer/editor/binding/nodes.ts';
import type { Hub } from '../../shared/hub/hub.ts';
import type { RoomHandle } from '../../shared/link/room-source.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { NOBODY } from '../support/linked-hubs.ts';
import { storedText, type DocumentKind } from './convergence-documents.ts';
import type { WordBook } from './convergence-words.ts';

const FROM_HUB = 'hub';

/** What a window tells of its updates. */
export interface WindowEvents {
  /** It was typed here. */
  heard(update: Uint8Array): void;
  /** The hub said that it is durable. */
  durable(update: Uint8Array): void;
}

export class OpenDocument {
  readonly doc = new Y.Doc();
  readonly room: string;
  readonly kind: DocumentKind;
  readonly editor: BoundState | null;
  readonly #book: WordBook;
  readonly #tell: WindowEvents;
  #handle: RoomHandle | null = null;
  #waiting = 0;
  #fault: unknown = null;

  constructor(
    at: { readonly room: string; readonly kind: DocumentKind; readonly client: number },
    book: WordBook,
    tell: WindowEvents,
  ) {
    this.room = at.room;
    this.kind = at.kind;
    this.doc.clientID = at.client;
    this.#book = book;
    this.#tell = tell;
    this.editor =
      at.kind === 'page' ? new BoundState(this.doc.getText('body'), [], (error) => (this.#fault ??= error)) : null;
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === FROM_HUB) return;
      this.#tell.heard(update);
      void this.#send(update);
    });
  }

  /** True while something that was typed here is not known to be durable. */
  get isWaiting(): boolean {
    return this.#handle === null || this.#waiting > 0;
  }

  /** Opens the room and exchanges what each lacks, as a provider does that connects. */
  async attach(hub: Hub): Promise<void> {
    const opened = await hub.open(this.room, NOBODY);
    if (opened.kind === 'refused') throw new Error(`the hub refused ${this.room}: ${opened.reason}`);
    const handle = opened.room;
    this.#handle = handle;
    this.#waiting = 0;
    handle.onUpdate(({ update, origins }) => {
      if (this.#handle === handle && !(origins.size === 1 && origins.has(this))) this.#take(update);
    });
    this.#take(handle.diff(Y.encodeStateVector(this.doc)));
    await this.#send(Y.encodeStateAsUpdate(this.doc, handle.stateVector()));
  }

  /** The hub is gone; what it had not acknowledged waits in the window. */
  detach(): void {
    this.#handle = null;
  }

  /** Runs an edit and writes down what it took away or brought back. Answers what the edit says of itself. */
  edit(run: () => string): string {
    const before = storedText(this.kind, this.doc);
    const name = run();
    this.#book.edited(this, before, storedText(this.kind, this.doc));
    return name;
  }

  /** Throws when the view is not what is stored. */
  check(): void {
    if (this.#fault) throw this.#fault;
    if (!this.editor) return;
    const stored = docFromBlocks(readBlocks(this.editor.binding.body));
    if (!this.editor.state.doc.eq(stored)) {
      throw new Error(
        `the view is not the stored form\nview   ${String(this.editor.state.doc)}\nstored ${String(stored)}`,
      );
    }
    this.editor.state.doc.check();
  }

  /** Whether the window shows what the document of a hub holds. */
  shows(doc: Y.Doc): boolean {
    return (
      storedText(this.kind, this.doc) === storedText(this.kind, doc) &&
      isDeepStrictEqual(Y.encodeStateVector(this.doc), Y.encodeStateVector(doc))
    );
  }

  close(): void {
    this.#handle?.dispose();
    this.#handle = null;
    this.editor?.dispose();
    this.doc.destroy();
  }

  #take(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, FROM_HUB);
  }

  async #send(update: Uint8Array): Promise<void> {
    const handle = this.#handle;
    if (!handle) return;
    const text = storedText(this.kind, this.doc);
    this.#waiting += 1;
    const outcome = await handle.apply(update, this);
    if (this.#handle !== handle) return;
    this.#waiting -= 1;
    if (outcome.kind === 'stored' || outcome.kind === 'unchanged') {
      this.#book.stored(text);
      this.#tell.durable(update);
      return;
    }
    if (outcome.kind === 'gap') await this.#send(Y.encodeStateAsUpdate(this.doc, handle.stateVector()));
    else this.#fault ??= new Error(`the hub answered ${JSON.stringify(outcome)}`);
  }
}
