// What is attached to a card, in a window: read from its own document, added from files of this computer, named and removed by commands. It draws nothing.
import { createSubscriber } from 'svelte/reactivity';
import { randomId } from '../../../../shared/base/random-id.ts';
import {
  addCardFiles,
  removeCardFile,
  renameCardFile,
  restoreCardFile,
  type NewCardBlob,
} from '../../../../shared/model/board/card-file-commands.ts';
import {
  asFileName,
  readCardFiles,
  readFileDeeds,
  type CardFile,
  type FileDeed,
} from '../../../../shared/model/board/card-files.ts';
import type { Doing } from '../../../../shared/model/board/stored.ts';
import { filesOf } from '../../../../shared/model/document/roots.ts';
import type { BlobState } from '../../../contract/attachments.ts';
import { handOver } from '../../connection/hand-over.ts';
import type { CardDocument } from '../../features/board/card/card-document.svelte.ts';
import { BlobStates } from '../../features/page/files/blob-states.svelte.ts';
import type { FilesContext } from '../../features/page/files/files-context.ts';
import { SmallPictures } from '../../features/page/files/small-pictures.ts';
import { failureWords } from '../../window/failure.ts';
import type { Services } from '../../window/services.ts';

/** A file on its way to the host. */
export interface AddedFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** From 0 to 1. */
  readonly part: number;
}

export class CardFiles {
  readonly place: FilesContext;
  readonly #own: CardDocument;
  readonly #services: Services;
  readonly #doing: () => Doing;
  readonly #subscribe: () => void;
  #adding = $state.raw<readonly AddedFile[]>([]);
  #waiting: Promise<unknown> = Promise.resolve();

  constructor(services: Services, workspace: string, own: CardDocument, doing: () => Doing) {
    const { handle } = own.reference;
    const space = handle.room.split('/')[1] ?? '';
    const { connection } = services;
    this.#own = own;
    this.#services = services;
    this.#doing = doing;
    this.place = {
      workspace,
      space,
      connection,
      states: new BlobStates(connection, workspace, space),
      small: new SmallPictures({ workspace, space, connection }),
    };
    this.#subscribe = createSubscriber((update) => {
      const root = filesOf(handle.doc);
      root.observeDeep(update);
      return () => root.unobserveDeep(update);
    });
  }

  get all(): readonly CardFile[] {
    this.#subscribe();
    return readCardFiles(this.#own.reference.handle.doc);
  }

  /** Who attached and removed what, for the activity. */
  get deeds(): readonly FileDeed[] {
    this.#subscribe();
    return readFileDeeds(this.#own.reference.handle.doc);
  }

  get adding(): readonly AddedFile[] {
    return this.#adding;
  }

  /** One after the other, so that they stand in their order; what cannot be taken is said, and the others go on. */
  add(files: readonly File[]): void {
    const added = files.map((file) => ({ id: randomId(), file, name: asFileName(file.name) || 'File' }));
    this.#adding = [...this.#adding, ...added.map(({ id, file, name }) => ({ id, name, size: file.size, part: 0 }))];
    // The card may be closed meanwhile: its document stays open until they are in it.
    const held = this.#services.documents.open(this.#own.reference.handle.room);
    this.#waiting = this.#waiting.then(async () => {
      for (const { id, file, name } of added) await this.#addOne(id, file, name);
      held.dispose();
    });
  }

  rename(id: string, name: string): void {
    this.#write((doc) => renameCardFile(doc, id, name));
  }

  remove({ id, name }: CardFile): void {
    if (!this.#write((doc) => removeCardFile(doc, id, this.#doing()))) return;
    this.#services.toasts.show(`Removed “${name}”`, { label: 'Undo', run: () => this.keep(id) });
  }

  /** Brings back what was removed, or settles that it came back. */
  keep(id: string): void {
    this.#write((doc) => restoreCardFile(doc, id));
  }

  async #addOne(id: string, file: File, name: string): Promise<void> {
    const { connection, announcer, toasts } = this.#services;
    try {
      const state = await handOver(connection, this.place, file, (part) => this.#progress(id, part));
      await this.#own.make();
      addCardFiles(this.#own.reference.handle.doc, [newFile(file, name, state)], this.#doing());
      announcer.say(`${name} was attached`);
    } catch (error) {
      toasts.fail(`${name}: ${failureWords(error)}`);
    }
    this.#adding = this.#adding.filter((one) => one.id !== id);
  }

  #progress(id: string, part: number): void {
    this.#adding = this.#adding.map((one) => (one.id === id ? { ...one, part } : one));
  }

  #write(run: (doc: CardDocument['reference']['handle']['doc']) => void): boolean {
    try {
      run(this.#own.reference.handle.doc);
      return true;
    } catch (error) {
      this.#services.toasts.fail(failureWords(error));
      return false;
    }
  }
}

/** What the bytes are says the host, whatever the file is called. */
function newFile(file: File, name: string, state: BlobState): NewCardBlob {
  const plain = { name, blob: state.blob, size: file.size, mime: state.state === 'here' ? state.type : '' };
  if (state.state !== 'here' || state.kind !== 'image' || state.width === null || state.height === null) return plain;
  return { ...plain, pixels: [state.width, state.height] };
}
