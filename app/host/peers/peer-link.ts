// One connection to another member's computer as a link of this hub: the dialing end runs Link, the accepting one acceptLink. Who is linked, and for how long, is decided in peers.ts.
import { Backoff } from '../../../shared/base/backoff.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import { StoredHolderMemory } from '../../../shared/hub/holder-memory.ts';
import { StoredLinkMemory } from '../../../shared/hub/link-memory.ts';
import { StoredSegmentMemory } from '../../../shared/hub/segment-memory.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { acceptLink } from '../../../shared/link/accept-link.ts';
import type { AcknowledgingRelays } from '../../../shared/link/common-relays.ts';
import type { HolderBook } from '../../../shared/link/holder-book.ts';
import { Link } from '../../../shared/link/link.ts';
import type { LogHead } from '../../../shared/link/log-teller.ts';
import type { RoomSource } from '../../../shared/link/room-source.ts';
import type { MayHand } from '../../../shared/link/room-channel.ts';
import type { SegmentCarry } from '../../../shared/link/segment-fetch.ts';
import type { SegmentSource } from '../../../shared/link/segment-source.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';
import { RoomPins } from '../room-pins.ts';
import { HoldingsTeller } from './holdings-teller.ts';
import type { PeerConnection } from './peer-connection.ts';

export interface PeerLinkParts {
  /** This device's id. */
  readonly device: string;
  readonly source: RoomSource;
  readonly history: SegmentSource;
  readonly carry: SegmentCarry;
  /** Guests and viewers hand over nothing but their own. */
  readonly mayHand: MayHand;
  readonly values: ValueStore;
  /** Who holds what of this hub. */
  readonly book: HolderBook;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What belongs to the workspace. */
export interface PeerLinkPlace {
  readonly relays: AcknowledgingRelays;
  readonly log: LogHead;
  /** The other end's log ends with this record now. */
  readonly onLog: (head: string) => void;
  /** It is over; told once, also when this end closed it. */
  readonly onEnd: (code: number, reason: string) => void;
  /** `isUp` became true. */
  readonly onUp: () => void;
  /** An earlier link to the same device: what it learned is stored once this resolves, and is read after that. */
  readonly after: Promise<void>;
}

export interface PeerLink {
  readonly connection: PeerConnection;
  /** The other end has said who it is. */
  readonly isUp: boolean;
  /** Nothing is to be sent or fetched over it, as far as this end knows. */
  readonly isQuiet: boolean;
  /** Asks for a sign of life; without one soon it ends. */
  ask(): void;
  /** What this device may do there may be something else now. */
  rightsChanged(): void;
  /** Keeps a room open and first in line; an accepting end is asked by the dialing one. */
  pin(room: string): Disposable;
  /** Keeps these rooms, which nothing tells of, fresh by reading them at the other end, and no others than these. */
  list(rooms: ReadonlySet<string>): void;
  /** Of a dialing end: what the other one is known to hold. Null of an accepting end. */
  readonly dialing: Link | null;
  /** Ends it with this code; resolves when what was learned is stored. */
  end(code: number, reason: string): Promise<void>;
}

const NOTHING = disposable(() => undefined);

/** The prefix of what is remembered of a device, apart from what other hubs could call themselves. */
export function peerMemory(workspace: string, device: string): string {
  return `${workspace}/peer/${device}`;
}

export function openPeerLink(parts: PeerLinkParts, place: PeerLinkPlace, connection: PeerConnection): PeerLink {
  return connection.dialed ? dialing(parts, place, connection) : accepting(parts, place, connection);
}

/** Link reconnects by itself; here it has one connection, and whoever made that one makes the next. */
function dialing(parts: PeerLinkParts, place: PeerLinkPlace, connection: PeerConnection): PeerLink {
  const { device, source, history, carry, values, clock, logger } = parts;
  const { workspace, transport, address } = connection;
  const about = peerMemory(workspace, connection.device);
  let given = false;
  const link = new Link({
    source,
    workspace,
    principal: { device: connection.device, member: connection.member },
    memory: new StoredLinkMemory(values, about),
    device,
    holders: new StoredHolderMemory(values, about),
    history: { segments: history, memory: new StoredSegmentMemory(values, about), carry },
    relays: place.relays,
    mayHand: parts.mayHand,
    dial: () => {
      if (given) return Promise.reject(new AppError('closed', 'This connection is over.'));
      given = true;
      return Promise.resolve(transport);
    },
    url: `${address.host}:${address.port}`,
    log: place.log,
    onLog: (theirs) => {
      place.onLog(theirs);
      link.rightsChanged();
    },
    clock,
    backoff: new Backoff({ first: 30_000, longest: 30_000 }),
    logger,
  });
  let ended = false;
  const end = (code: number, reason: string): void => {
    if (ended) return;
    ended = true;
    place.onEnd(code, reason);
  };
  const closing = transport.onClose(({ code, reason }) => end(code, reason));
  const listed = new RoomPins();
  listed.follow(link);
  const telling = new HoldingsTeller({ ...parts, link, workspace, other: connection.device });
  const rising = link.onStatus(({ state }) => {
    if (state === 'online') place.onUp();
  });
  const started = place.after
    .then(() => (ended ? undefined : link.start()))
    .catch((error: unknown) => {
      logger.log('error', 'peer-link-not-started', { workspace, error: String(error) });
      transport.close(CLOSE.cannotStore, 'This end cannot read what it remembers.');
    });
  return {
    connection,
    get isUp() {
      return link.status.state === 'online';
    },
    get isQuiet() {
      return transport.backlog === 0 && link.isEven;
    },
    dialing: link,
    ask: () => link.networkChanged(),
    rightsChanged: () => link.rightsChanged(),
    pin: (room) => link.pin(room),
    list: (rooms) => listed.list(rooms),
    async end(code, reason) {
      transport.close(code, reason);
      end(code, reason);
      closing.dispose();
      rising.dispose();
      listed.follow(null);
      telling.dispose();
      await started;
      await link.close();
    },
  };
}

function accepting(parts: PeerLinkParts, place: PeerLinkPlace, connection: PeerConnection): PeerLink {
  const { source, history, carry, values, book, clock, logger } = parts;
  const { workspace, transport } = connection;
  const memory = new StoredSegmentMemory(values, peerMemory(workspace, connection.device));
  const link = acceptLink(transport, {
    source,
    workspace,
    principal: { device: connection.device, member: connection.member },
    clock,
    logger,
    forwardPresence: false,
    relays: place.relays,
    mayHand: parts.mayHand,
    history: { segments: history, memory, carry },
    log: place.log,
    holders: book,
  });
  const listed = new RoomPins();
  listed.follow({ pin: (room) => link.read(room) });
  let ended = false;
  const end = (code: number, reason: string): void => {
    if (ended) return;
    ended = true;
    place.onEnd(code, reason);
  };
  const closing = transport.onClose(({ code, reason }) => end(code, reason));
  return {
    connection,
    isUp: true,
    get isQuiet() {
      return transport.backlog === 0;
    },
    dialing: null,
    ask: () => link.ask(),
    rightsChanged: () => undefined,
    pin: () => NOTHING,
    list: (rooms) => listed.list(rooms),
    end(code, reason) {
      transport.close(code, reason);
      end(code, reason);
      closing.dispose();
      listed.follow(null);
      link.dispose();
      return Promise.resolve();
    },
  };
}
