// Attachments over one connection to another member's computer (PROTOCOL.md, section PB): both ends ask and answer. It keeps no bytes, and chooses nothing to fetch.
import type { Clock } from '../../../shared/base/clock.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import {
  readPeerBlobFrame,
  writePeerBlobFrame,
  type PeerBlobFrame,
  type SpaceBlob,
} from '../../../shared/protocol/peer-blob-frames.ts';
import type { GetOutcome } from '../attachments/blob-client.ts';
import type { BlobAt } from '../attachments/blob-rows.ts';
import type { BlobSource } from '../attachments/blob-source.ts';
import { BlobHandout, type HandoutParts } from './blob-handout.ts';
import type { PeerConnection } from './peer-connection.ts';
import { textFirst, type Ways } from './text-first.ts';

export interface PeerBlobParts extends Pick<HandoutParts, 'shelf' | 'isQuiet'> {
  readonly connection: PeerConnection;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Asked {
  readonly key: string;
  readonly start: number;
  readonly done: (outcome: GetOutcome) => void;
}

const NOT_NOW: GetOutcome = Object.freeze({ kind: 'later', words: null, isFull: false });

export class PeerBlobExchange implements BlobSource {
  readonly id: string;
  readonly isNear = true;
  readonly shelf = null;
  readonly connection: PeerConnection;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #handout: BlobHandout;
  readonly #ways: Ways;
  /** What the other end said of those that are wanted here. */
  readonly #has = new Map<string, boolean>();
  #unasked: SpaceBlob[] = [];
  #question: { readonly number: number; readonly keys: ReadonlySet<string> } | null = null;
  #questions = 0;
  readonly #asked = new Map<number, Asked>();
  #ids = 0;
  #ended = false;
  #reaches = '';
  #told = '';
  readonly #found = new Emitter<readonly SpaceBlob[]>();
  /** The other end has these, as it says now. */
  readonly onHas = this.#found.event;
  readonly #moved = new Emitter<void>();
  /** `reaches` became another one. */
  readonly onReach = this.#moved.event;
  readonly #end = new Emitter<void>();
  readonly onEnd = this.#end.event;

  constructor({ connection, shelf, isQuiet, clock, logger }: PeerBlobParts) {
    this.id = connection.device;
    this.connection = connection;
    this.#clock = clock;
    this.#logger = logger;
    const { transport } = connection;
    this.#ways = { isQuiet, clock, backlog: () => transport.backlog, isClosed: () => this.#ended };
    this.#handout = new BlobHandout({ ...this.#ways, shelf, logger, send: (frame) => this.#send(frame) });
  }

  /** Messages that came before are read now. */
  start(): void {
    const { transport } = this.connection;
    transport.onClose(() => this.#finish());
    transport.onMessage((message) => this.#read(message));
  }

  /** The shelf of the relay that the other end brings attachments to now, or ''. */
  get reaches(): string {
    return this.#reaches;
  }

  /** Says where this end brings attachments, where that became another place. */
  tellReach(shelf: string): void {
    if (shelf === this.#told) return;
    this.#told = shelf;
    this.#send({ kind: 'reach', shelf });
  }

  ready(): Promise<boolean> {
    return Promise.resolve(!this.#ended);
  }

  has({ space, blob }: SpaceBlob): boolean | null {
    return this.#has.get(`${space}/${blob}`) ?? null;
  }

  /** What is wanted here, and the other end may know of: what was not asked about yet is. The rest is forgotten. */
  ask(wanted: Iterable<SpaceBlob>): void {
    const keys = new Set<string>();
    this.#unasked = [];
    for (const one of wanted) {
      const key = keyOf(one);
      keys.add(key);
      if (!this.#has.has(key) && !this.#question?.keys.has(key)) this.#unasked.push(one);
    }
    for (const key of [...this.#has.keys()]) if (!keys.has(key)) this.#has.delete(key);
    for (const [id, { key, done }] of [...this.#asked]) {
      if (keys.has(key)) continue;
      this.#send({ kind: 'cancel', id });
      done(NOT_NOW);
    }
    this.#askNext();
  }

  async get(at: BlobAt, start: number): Promise<GetOutcome> {
    // The dialing end of a link knows best what text is still to come over it.
    await textFirst(this.#ways);
    if (this.#ended) return NOT_NOW;
    this.#ids += 1;
    const id = this.#ids;
    return new Promise((resolve) => {
      // The connection is dead, or as good as that: others are asked, and it is made anew.
      const timer = this.#clock.after(LIMITS.peerBlobAnswer, () => this.close(CLOSE.silent, 'No answer came.'));
      const done = (outcome: GetOutcome): void => {
        timer.dispose();
        this.#asked.delete(id);
        if (outcome.kind === 'absent') this.#has.set(keyOf(at), false);
        resolve(outcome);
      };
      this.#asked.set(id, { key: keyOf(at), start, done });
      this.#send({ kind: 'want', id, space: at.space, blob: at.blob, offset: start });
    });
  }

  /** Something is here that was not, or rights became others: what the other end asked for in vain and may have now is told. */
  offer(): void {
    if (!this.#ended) this.#handout.offer();
  }

  close(code: number, reason: string): void {
    if (this.#ended) return;
    this.connection.transport.close(code, reason);
    this.#finish();
  }

  #read(message: Uint8Array): void {
    if (this.#ended) return;
    const frame = readPeerBlobFrame(message);
    if (!frame) return this.#refuse(CLOSE.badFrame, 'A frame cannot be read.');
    switch (frame.kind) {
      case 'piece':
        return this.#take(frame);
      case 'none':
        this.#asked.get(frame.id)?.done({ kind: 'absent' });
        return;
      case 'have':
        return this.#hear(frame.number, frame.blobs);
      case 'reach':
        this.#reaches = frame.shelf;
        this.#moved.fire();
        return;
      case 'want':
      case 'cancel':
      case 'ask': {
        const fault = this.#handout.hear(frame);
        if (fault) this.#refuse(CLOSE.tooMany, fault);
        return;
      }
      case 'unknown':
        return;
    }
  }

  /** A piece is full or the last; another one is nothing that an honest end sends. */
  #take({ id, size, bytes }: Extract<PeerBlobFrame, { kind: 'piece' }>): void {
    const asked = this.#asked.get(id);
    if (!asked) return;
    const due = Math.max(0, Math.min(LIMITS.peerBlobPiece, size - asked.start));
    if (size > LIMITS.blob || bytes.length !== due) return this.#refuse(CLOSE.badFrame, 'A piece has another length.');
    asked.done(asked.start > size ? { kind: 'beyond' } : { kind: 'bytes', bytes, size });
  }

  #hear(number: number, blobs: readonly SpaceBlob[]): void {
    const question = this.#question;
    if (number !== 0) {
      if (question?.number !== number) return this.#refuse(CLOSE.badFrame, 'An answer without a question.');
      this.#question = null;
      for (const key of question.keys) this.#has.set(key, false);
    }
    // What nobody here asked about is not kept, and what is known already is no news: each news is stored and told.
    const news = blobs.filter((one) => this.#has.get(keyOf(one)) === false);
    for (const one of news) this.#has.set(keyOf(one), true);
    if (number !== 0) this.#askNext();
    if (news.length > 0) this.#found.fire(news);
  }

  #askNext(): void {
    if (this.#ended || this.#question || this.#unasked.length === 0) return;
    const blobs = this.#unasked.splice(0, LIMITS.peerBlobsNamed);
    this.#questions += 1;
    this.#question = { number: this.#questions, keys: new Set(blobs.map(keyOf)) };
    this.#send({ kind: 'ask', number: this.#questions, blobs });
  }

  #send(frame: PeerBlobFrame): void {
    if (!this.#ended) this.connection.transport.send(writePeerBlobFrame(frame));
  }

  #refuse(code: number, reason: string): void {
    this.#logger.log('warn', 'peer-blobs-refused', { device: this.id, code, reason });
    this.close(code, reason);
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handout.close();
    for (const { done } of [...this.#asked.values()]) done(NOT_NOW);
    this.#end.fire();
    this.#end.clear();
    this.#found.clear();
    this.#moved.clear();
  }
}

function keyOf({ space, blob }: SpaceBlob): string {
  return `${space}/${blob}`;
}
