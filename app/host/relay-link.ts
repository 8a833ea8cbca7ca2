// The link of one workspace to its relay: makes it, dials, and shows it as the rest of the host needs it.
import { Backoff } from '../../shared/base/backoff.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { Emitter, type Event } from '../../shared/base/emitter.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { ValueStore } from '../../shared/hub/value-store.ts';
import { StoredHolderMemory } from '../../shared/hub/holder-memory.ts';
import { StoredLinkMemory } from '../../shared/hub/link-memory.ts';
import { StoredSegmentMemory } from '../../shared/hub/segment-memory.ts';
import { Link } from '../../shared/link/link.ts';
import { LinkBooks } from '../../shared/link/link-books.ts';
import type { HubReceipt, ReceiptFacts } from '../../shared/link/hub-receipt.ts';
import type { RoomHolders } from '../../shared/link/room-holders.ts';
import type { SegmentSource } from '../../shared/link/segment-source.ts';
import type { RoomSource } from '../../shared/link/room-source.ts';
import type { Transport } from '../../shared/link/transport.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { SUBPROTOCOL } from '../../shared/protocol/room-messages.ts';
import type { LinkStatus } from '../contract/entities.ts';
import { dialRelay } from './dial-relay.ts';
import { RELAY } from './host-access.ts';
import { watchNetwork } from './network-watch.ts';
import { REHEARSING, type Rehearsal } from './rehearsal.ts';
import type { RelayUrl } from './relay-url.ts';

export interface RelayLink {
  readonly status: LinkStatus;
  readonly onStatus: Event<void>;
  /** Rooms whose newest changes the relay has not acknowledged, with the time since when. */
  outbox(): readonly { readonly room: string; readonly since: number }[];
  /** Resolves when outbox() lists what waited at the start; the relay need not answer for that. */
  loaded(): Promise<void>;
  /** How many rooms outbox() lists. */
  readonly waiting: number;
  /** Whether the newest change of a room may not be acknowledged yet. */
  isWaiting(room: string): boolean;
  /** False while rooms that wait may be missing from outbox(). */
  readonly outboxIsComplete: boolean;
  /** The outbox or `fetching` became different. */
  readonly onOutbox: Event<void>;
  /** Rooms known to differ that are still being fetched. */
  readonly fetching: number;
  /** Rooms that came since none was fetched, or the connection began. */
  readonly fetched: number;
  /** Rooms known to differ from the relay: that are still being fetched, and that could not be had. It may be away. */
  differing(): Iterable<{ readonly room: string; readonly refused: boolean }>;
  /** Whether the relay is there and has told everything that it has. */
  readonly hasHeard: boolean;
  /** Who holds the newest change of a room, as far as the relay has told; it may be away. */
  holders(room: string): Promise<RoomHolders>;
  /** The relay's receipt for a change of a room here; null: it is not known to hold that. */
  receipt(room: string, number: number): Promise<HubReceipt | null>;
  /** What receipts of a space are read against. */
  receiptFacts(space: string): ReceiptFacts;
  /** What the relay told of a space's holders became different; the value is the space. */
  readonly onHolders: Event<string>;
  /** When a device last said what it holds, by the relay's clock, as far as the relay has told. */
  lastSeen(device: string): number | null;
  /** The relay's hub while the link is up. */
  readonly hub: string | null;
  /** Whether the relay takes and stores what is written in the room here. */
  acknowledges(room: string): boolean;
  /** The answer of acknowledges() may be another one for some room. */
  readonly onTrouble: Event<void>;
  /** What this device may do there became different: what was refused is tried again, and new spaces are asked for. */
  rightsChanged(): void;
  /** Keeps a room open and first in line for as long as a window shows it. */
  pin(room: string): Disposable;
  /** Resolves when neither end has anything for the other, or when `signal` is aborted. */
  settled(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface RelayLinkParts {
  /** The device's id. */
  readonly device: string;
  readonly source: RoomSource;
  readonly history: SegmentSource;
  readonly values: ValueStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly rehearsal: Rehearsal;
  /** Replaced by tests. */
  readonly addresses?: () => string;
}

/** Which relay, and how one is let in there. */
export interface RelayPlace {
  readonly url: RelayUrl;
  /** A fresh ticket for the workspace. A rejection is a failed try, with `details.closeCode` 44xx a refusal. */
  readonly enter: () => Promise<string>;
  /** The relay's log ends with this record now. */
  readonly onLog: (head: string) => void;
}

/** Waits after a lost connection; the longest keeps a laptop that comes home from waiting long. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/** Makes the link and starts it; it goes on by itself until close(). */
export function openRelayLink(parts: RelayLinkParts, workspace: string, { url, enter, onLog }: RelayPlace): RelayLink {
  const { device, source, history, values, clock, logger, rehearsal, addresses } = parts;
  let dialed: Transport | null = null;
  const link = new Link({
    source,
    workspace,
    principal: RELAY,
    memory: new StoredLinkMemory(values, workspace),
    device,
    holders: new StoredHolderMemory(values, workspace),
    history: { segments: history, memory: new StoredSegmentMemory(values, workspace) },
    dial: async () => {
      const ticket = await enter();
      rehearsal.demandLinks();
      const protocols = [SUBPROTOCOL.link, `${SUBPROTOCOL.ticketPrefix}${ticket}`];
      dialed = await dialRelay(`${url}/v1/link/${workspace}`, protocols);
      if (rehearsal.isOn) dialed.close(CLOSE.stopping, REHEARSING);
      return dialed;
    },
    url,
    onLog,
    clock,
    backoff: new Backoff({ first: FIRST_WAIT, longest: LONGEST_WAIT }),
    logger: logger.child('link'),
  });
  const status = new Emitter<void>();
  const hearing = link.onStatus(() => status.fire());
  const watching = watchNetwork(clock, () => link.networkChanged(), addresses);
  const rehearsing = rehearsal.onChange(() => {
    if (rehearsal.isOn) dialed?.close(CLOSE.stopping, REHEARSING);
    else link.networkChanged();
  });
  const started = link.start().catch((error: unknown) => {
    logger.log('error', 'link-not-started', { workspace, error: String(error) });
  });
  return {
    get status() {
      return link.status;
    },
    onStatus: status.event,
    outbox: () => link.outbox(),
    loaded: () => started,
    get waiting() {
      return link.waiting;
    },
    isWaiting: (room) => link.isWaiting(room),
    get outboxIsComplete() {
      return link.outboxIsComplete;
    },
    onOutbox: link.onOutbox,
    get fetching() {
      return link.fetching;
    },
    get fetched() {
      return link.fetched;
    },
    differing: () => link.differing(),
    get hasHeard() {
      return link.hasHeard;
    },
    async holders(room) {
      await started;
      return link.holders(room);
    },
    async receipt(room, number) {
      await started;
      return link.receipt(room, number);
    },
    receiptFacts: (space) => link.receiptFacts(space),
    onHolders: link.onHolders,
    lastSeen: (id) => link.lastSeen(id),
    get hub() {
      return link.otherHub;
    },
    acknowledges: (room) => link.acknowledges(room),
    onTrouble: link.onTrouble,
    rightsChanged: () => link.rightsChanged(),
    pin: (room) => link.pin(room),
    async settled(signal) {
      await started;
      await untilAborted(link.settled(), signal);
    },
    async close() {
      watching.dispose();
      rehearsing.dispose();
      await started;
      await link.close();
      hearing.dispose();
    },
  };
}

/** What outbox() of a link would list that nobody keeps: of a workspace whose relay does not let this device in. It changes nothing. */
export async function waitingWithoutLink(
  { source, values, clock, logger }: Pick<RelayLinkParts, 'source' | 'values' | 'clock' | 'logger'>,
  workspace: string,
): Promise<ReturnType<RelayLink['outbox']>> {
  const memory = new StoredLinkMemory(values, workspace);
  const books = new LinkBooks({ source, workspace, principal: RELAY, memory, clock, logger });
  await books.openLast();
  return books.outbox.rooms();
}

function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => resolve();
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}
