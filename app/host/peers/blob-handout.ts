// The giving half of an exchange of attachments with another computer (PROTOCOL.md, section PB): text first, rights asked for each piece. It fetches nothing.
import { toWireError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import type { PeerBlobFrame, SpaceBlob } from '../../../shared/protocol/peer-blob-frames.ts';
import { textFirst } from './text-first.ts';

/** Names that were asked for in vain and are remembered; of the oldest nothing is told. */
const MOST_REMEMBERED = 10_000;

/** What is here, as the other end may see it. */
export interface PeerShelf {
  /** Whether the other device may have it from this one, as things are at this moment, and it is here. */
  gives(at: SpaceBlob): boolean;
  /** Null where the bytes are gone. */
  size(blob: string): Promise<number | null>;
  read(blob: string, start: number, end: number): Promise<Uint8Array>;
}

export interface HandoutParts {
  readonly shelf: PeerShelf;
  /** Whether the link between the two has nothing to send now. */
  readonly isQuiet: () => boolean;
  readonly send: (frame: PeerBlobFrame) => void;
  /** Bytes that have not left yet. */
  readonly backlog: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Want = Extract<PeerBlobFrame, { kind: 'want' }>;
type Question = Extract<PeerBlobFrame, { kind: 'ask' }>;

export class BlobHandout {
  readonly #parts: HandoutParts;
  #wants: Want[] = [];
  #isServing = false;
  /** What the other end asked for and was not given, by key; the newest stands last. */
  readonly #lacked = new Map<string, SpaceBlob>();
  #closed = false;

  constructor(parts: HandoutParts) {
    this.#parts = parts;
  }

  /** Null, or which rule the frame breaks. */
  hear(frame: Want | Question | Extract<PeerBlobFrame, { kind: 'cancel' }>): string | null {
    if (frame.kind === 'cancel') {
      this.#wants = this.#wants.filter(({ id }) => id !== frame.id);
      return null;
    }
    if (frame.kind === 'ask') {
      if (this.#parts.backlog() > LIMITS.backlog) return 'Answers are not read.';
      this.#answer(frame);
      return null;
    }
    if (this.#wants.length >= LIMITS.peerBlobsWanted) return 'Too many pieces are asked for at once.';
    this.#wants.push(frame);
    if (!this.#isServing) void this.#serve();
    return null;
  }

  /** What was asked for in vain and can be given now is told, in as many messages as it takes. */
  offer(): void {
    const found: SpaceBlob[] = [];
    for (const [key, one] of this.#lacked) {
      if (!this.#parts.shelf.gives(one)) continue;
      this.#lacked.delete(key);
      found.push(one);
    }
    while (found.length > 0) {
      this.#parts.send({ kind: 'have', number: 0, blobs: found.splice(0, LIMITS.peerBlobsNamed) });
    }
  }

  close(): void {
    this.#closed = true;
    this.#wants = [];
  }

  #answer({ number, blobs }: Question): void {
    const given: SpaceBlob[] = [];
    for (const one of blobs) {
      if (this.#parts.shelf.gives(one)) given.push(one);
      else this.#remember(one);
    }
    this.#parts.send({ kind: 'have', number, blobs: given });
  }

  #remember({ space, blob }: SpaceBlob): void {
    const key = `${space}/${blob}`;
    this.#lacked.delete(key);
    this.#lacked.set(key, { space, blob });
    if (this.#lacked.size > MOST_REMEMBERED) this.#lacked.delete(this.#lacked.keys().next().value ?? '');
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    for (let want = this.#wants[0]; want && !this.#closed; want = this.#wants[0]) {
      const answer = await this.#pieceFor(want);
      // It may have been taken back meanwhile.
      if (this.#wants[0] !== want) continue;
      this.#wants.shift();
      // It is told once it can be had.
      if (answer.kind === 'none') this.#remember(want);
      this.#parts.send(answer);
    }
    this.#isServing = false;
  }

  async #pieceFor(want: Want): Promise<PeerBlobFrame> {
    const { shelf, logger } = this.#parts;
    const { id, blob, offset } = want;
    const none = { kind: 'none', id } as const;
    if (!shelf.gives(want)) return none;
    await textFirst({ ...this.#parts, isClosed: () => this.#closed });
    try {
      const size = await shelf.size(blob);
      if (size === null) return none;
      const end = Math.min(size, offset + LIMITS.peerBlobPiece);
      const bytes = offset < end ? await shelf.read(blob, offset, end) : new Uint8Array();
      // Waiting and reading took their time.
      return shelf.gives(want) && bytes.length === Math.max(0, end - offset)
        ? { kind: 'piece', id, size, bytes }
        : none;
    } catch (error) {
      logger.log('warn', 'peer-blob-not-read', { blob, code: toWireError(error).code });
      return none;
    }
  }
}
