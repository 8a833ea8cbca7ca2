// A card's own document in a window: opened to be read, made when somebody writes the first word. The board's document is not here.
import { isOfKind } from './card-kind.ts';
import type { DocEntry } from '../../../../contract/entities.ts';
import type { DocumentReference } from '../../../documents/document-pool.ts';
import { DocumentView } from '../../../documents/document-views.svelte.ts';
import type { Services } from '../../../window/services.ts';

export class CardDocument {
  readonly reference: DocumentReference;
  readonly view: DocumentView;
  readonly #services: Pick<Services, 'connection'>;
  readonly #place: { readonly workspace: string; readonly document: string; readonly card: string };
  #made = $state(false);

  /** Until dispose(). */
  constructor(services: Services, workspace: string, board: DocEntry, card: string) {
    this.#services = services;
    this.#place = { workspace, document: board.id, card };
    this.reference = services.documents.open(`${board.room.slice(0, board.room.lastIndexOf('/'))}/${card}`);
    this.view = new DocumentView(this.reference.handle);
  }

  /** Whether it is there to be written in. */
  get exists(): boolean {
    return this.#made || (this.view.synced && this.view.properties !== null && isOfKind(this.reference.handle.doc));
  }

  /** Makes it where it is not there yet. Rejects with the reason why it cannot be. */
  async make(): Promise<void> {
    if (this.exists) return;
    await this.#services.connection.call('card.page', this.#place);
    this.#made = true;
  }

  dispose(): void {
    this.reference.dispose();
  }
}
