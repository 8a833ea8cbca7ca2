// Says on a board that somebody here writes in what one of its cards holds (docs/documents.md, BD15), whether any window has the board open or not. It reads no text.
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { AppError, toWireError } from '../../shared/base/app-error.ts';
import type { Logger } from '../../shared/base/logger.ts';
import { cardsOf } from '../../shared/model/document/roots.ts';
import { touchCard } from '../../shared/model/board/card-commands.ts';
import { shownMap } from '../../shared/model/board/whereabouts.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import type { EditRecorder } from '../../shared/hub/edit-recorder.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import type { RoomDocuments } from './room-documents.ts';

interface Parts {
  readonly documents: Pick<RoomDocuments, 'edit'>;
  readonly row: (room: string) => CatalogueRow | null;
  readonly memberOf: (workspace: string) => string | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * While somebody goes on writing it is said again, so that a removal by who had not heard of the later words is overtaken as well:
 * every stored word is followed by a touch within this time.
 */
const EVERY = 10_000;
/** Of the time at most one part in so many goes into it: a touch reads the whole board. */
const SHARE = 50;

interface Writing {
  /** Something was written after the last touch. */
  dirty: boolean;
  timer: Disposable | null;
}

export class CardTouches {
  readonly #parts: Parts;
  readonly #writing = new Map<string, Writing>();
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Hears of what windows write, past a recorder. */
  hearing(inner: EditRecorder): EditRecorder {
    return {
      begin: (room, edits, clocks) => {
        const recorded = inner.begin(room, edits, clocks);
        // What a command of this host writes says itself what it has to say on the board.
        if (!edits.some(({ author }) => author.kind === 'socket')) return recorded;
        return {
          rows: recorded.rows,
          settled: (stored) => {
            recorded.settled(stored);
            if (stored) this.#wrote(room);
          },
        };
      },
      ended: (origin) => inner.ended(origin),
      mayCollect: (room, merging) => inner.mayCollect(room, merging),
    };
  }

  /** Says what is not said yet; nothing is said afterwards. */
  async close(): Promise<void> {
    for (const [room, writing] of this.#writing) {
      writing.timer?.dispose();
      if (writing.dirty) this.#touch(room, writing);
    }
    this.#closed = true;
    this.#writing.clear();
    await this.#work;
  }

  #wrote(room: string): void {
    if (this.#closed || this.#parts.row(room)?.kind !== 'card') return;
    const known = this.#writing.get(room);
    if (known) {
      known.dirty = true;
      return;
    }
    const writing: Writing = { dirty: true, timer: null };
    this.#writing.set(room, writing);
    this.#touch(room, writing);
  }

  #touch(room: string, writing: Writing): void {
    writing.dirty = false;
    this.#work = this.#work.then(async () => {
      const started = performance.now();
      try {
        await this.#say(room);
      } catch (error) {
        // Without the right to write, or on a full disk; the words themselves are stored, and the next ones try again.
        this.#parts.logger.log('info', 'card-not-touched', { room, code: toWireError(error).code });
      }
      if (this.#closed) return;
      const wait = Math.max(EVERY, (performance.now() - started) * SHARE);
      writing.timer = this.#parts.clock.after(wait, () => {
        if (writing.dirty) this.#touch(room, writing);
        else this.#writing.delete(room);
      });
    });
  }

  async #say(room: string): Promise<void> {
    const { documents, row, memberOf, clock } = this.#parts;
    const address = parseRoomName(room);
    const board = row(room)?.parent ?? null;
    if (!address || board === null) return;
    const by = memberOf(address.workspace);
    if (by === null) return;
    const { workspace, space, document: card } = address;
    const at = clock.now();
    const boardRoom = `${workspace}/${space}/${board}`;
    if (row(boardRoom)?.kind !== 'board') throw new AppError('not-found', 'The board of this card is not here.');
    await documents.edit(boardRoom, (doc) => {
      if (shownMap(cardsOf(doc), card)) touchCard(doc, card, { by, at });
    });
  }
}
