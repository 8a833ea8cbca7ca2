// What other members' computers hold of this one, as links to them said: for "held by N of M" and for receipts. It keeps no link, and claims nothing that none said.
import { toWireError } from '../../../shared/base/app-error.ts';
import { Emitter, type Event } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { DocStore } from '../../../shared/hub/doc-store.ts';
import type { PublishedCursors } from '../../../shared/hub/published-cursors.ts';
import { holdsReceipt } from '../../../shared/link/hub-receipt.ts';
import type { RoomHolder } from '../../../shared/link/room-holders.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { ReceiptLink, ReceiptWorkspace } from '../receipts/receipts.ts';

export interface PeerHoldersParts {
  readonly book: PublishedCursors;
  readonly store: Pick<DocStore, 'hub' | 'load'>;
  readonly logger: Logger;
}

/** Every number is this hub's own: it is to peers what a relay is to hosts, the one who numbers. */
export class PeerHolders {
  readonly #parts: PeerHoldersParts;
  readonly #changes = new Emitter<string>();
  /** Somebody holds something else of a workspace; the value is the workspace. */
  readonly onChange: Event<string> = this.#changes.event;

  constructor(parts: PeerHoldersParts) {
    this.#parts = parts;
    parts.book.onChange(({ workspace }) => this.#changes.fire(workspace));
  }

  /** Which devices hold the newest change of a room that is here. */
  async devices(room: string): Promise<readonly RoomHolder[]> {
    const address = parseRoomName(room);
    if (!address) return [];
    const holders = await this.#parts.book.holders(address.workspace, address.space);
    if (holders.length === 0) return [];
    try {
      const { number } = (await this.#parts.store.load(room)) ?? { number: 0 };
      const newest = { hub: this.#parts.store.hub, turn: 0, number };
      return holders.map((holder) => ({
        device: holder.device,
        held: number > 0 && holdsReceipt(holder, newest, address.document),
        at: holder.at,
      }));
    } catch (error) {
      this.#parts.logger.log('warn', 'peer-holders-not-read', { room, code: toWireError(error).code });
      return [];
    }
  }

  lastSeen(workspace: string, device: string): number | null {
    return this.#parts.book.lastSeen(workspace, device);
  }

  /** A workspace as receipts see it whose relay is this hub itself: what is stored here has its own number as receipt (RC8). */
  asReceipts(workspace: string): ReceiptWorkspace {
    const { book, store } = this.#parts;
    const link: ReceiptLink = {
      receipt: (_room, number) => Promise.resolve({ hub: store.hub, turn: 0, number }),
      receiptFacts: (space) => ({ hub: store.hub, turn: 0, holders: book.known(workspace, space) }),
      loaded: () =>
        book.loaded(workspace).catch((error: unknown) => {
          this.#parts.logger.log('warn', 'peer-holders-not-read', { workspace, code: toWireError(error).code });
        }),
    };
    const onChange: Event<string> = (listener) =>
      this.#changes.event((changed) => {
        if (changed === workspace) listener('holders');
      });
    return { id: workspace, link, onChange };
  }
}
