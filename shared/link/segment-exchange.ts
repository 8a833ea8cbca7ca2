// History on one connected link, both ways, the same at both ends: what is offered here, what is fetched there. It knows no text.
import { toWireError } from '../base/app-error.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import type { SegmentFrame } from '../protocol/segment-frames.ts';
import type { Hello, Peer } from './peer.ts';
import type { Principal, RoomSource } from './room-source.ts';
import { SegmentFetch, type SegmentCarry } from './segment-fetch.ts';
import type { SegmentMemory } from './segment-memory.ts';
import { SegmentOffers } from './segment-offers.ts';
import type { SegmentSource } from './segment-source.ts';

/** The history of a hub, and what it remembers of other hubs' history. */
export interface LinkHistory {
  readonly segments: SegmentSource;
  readonly memory: SegmentMemory;
  /** Between hosts: what is carried for others. */
  readonly carry?: SegmentCarry;
}

export interface SegmentExchangeOptions extends LinkHistory {
  readonly peer: Peer;
  readonly rooms: RoomSource;
  readonly workspace: string;
  /** Who the other end is to this hub. */
  readonly principal: Principal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly mayFetch: () => boolean;
}

export class SegmentExchange implements Disposable {
  readonly #options: SegmentExchangeOptions;
  readonly #offers: SegmentOffers;
  readonly #fetch: SegmentFetch;

  constructor(options: SegmentExchangeOptions) {
    this.#options = options;
    const { peer, rooms, segments, memory, carry, workspace, principal, clock, logger, mayFetch } = options;
    const send = (frame: SegmentFrame): void => peer.control(frame);
    const parts = { rooms, segments, workspace, principal, clock, send };
    this.#offers = new SegmentOffers({ ...parts, wake: () => peer.wake(), onFailure: (error) => this.#failed(error) });
    this.#fetch = new SegmentFetch({
      ...parts,
      memory,
      ...(carry ? { carry } : {}),
      logger,
      mayFetch,
      onBrought: (hash) => this.#offers.given(hash),
    });
    peer.setSpare(this.#offers);
  }

  /** Resolves when what was learned is stored, or could not be. */
  get saved(): Promise<void> {
    return this.#fetch.saved;
  }

  /** Both ends know each other. */
  begin({ hub, epoch }: Hello): void {
    this.#fetch.begin(hub, epoch).catch((error: unknown) => this.#failed(error));
  }

  take(frame: SegmentFrame): void {
    switch (frame.kind) {
      case 'followSegments':
        if (!this.#offers.follow(frame.cursors, frame.more)) this.#tooMany('cursors');
        break;
      case 'segments':
        if (!this.#fetch.offered(frame)) this.#tooMany('offers');
        break;
      case 'fetchSegments':
        if (!this.#offers.fetch(frame.wanted)) this.#tooMany('segments at once');
        break;
      case 'segment':
        this.#fetch.piece(frame);
        break;
    }
  }

  /** Text may have come to rest: it may be history's turn. */
  poke(): void {
    this.#fetch.poke();
  }

  dispose(): void {
    this.#offers.dispose();
    this.#fetch.dispose();
  }

  #tooMany(what: string): void {
    this.#options.peer.close(CLOSE.tooMany, `Too many ${what}.`);
  }

  /** History waits for the next connection; text goes on over this one. */
  #failed(error: unknown): void {
    this.#options.logger.log('error', 'link-history-failed', { code: toWireError(error).code });
  }
}
