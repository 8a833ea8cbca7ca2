// The accepting end of a link: serves a hub's rooms and announces its changes to whoever dialed. It dials nobody.
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { toWireError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { FEATURE } from '../protocol/link-frames.ts';
import { ChangeAnnouncer } from './change-announcer.ts';
import type { HolderBook } from './holder-book.ts';
import { HolderPublisher } from './holder-publisher.ts';
import { CommonRelays, type AcknowledgingRelays } from './common-relays.ts';
import { tellLog, type LogHead } from './log-teller.ts';
import { Peer } from './peer.ts';
import type { QuestionTurns } from './question-turns.ts';
import { ReadRooms } from './read-rooms.ts';
import type { Principal, RoomSource } from './room-source.ts';
import type { MayHand } from './room-channel.ts';
import { SegmentExchange, type LinkHistory } from './segment-exchange.ts';
import type { Transport } from './transport.ts';

export interface AcceptLinkOptions {
  readonly source: RoomSource;
  readonly workspace: string;
  /** The device that dialed, as far as the connection proved it. */
  readonly principal: Principal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Pass on presence that came over other links (default); a host that accepts a colleague does not. */
  readonly forwardPresence?: boolean;
  /** Given by a host that accepts another: rooms that a common relay acknowledges are left to it. */
  readonly relays?: AcknowledgingRelays;
  /** Between hosts: what may be handed over; left out where all may. */
  readonly mayHand?: MayHand;
  /** Left out by a hub that keeps no history: then none is offered or asked for. */
  readonly history?: LinkHistory | null;
  /** Left out by a hub that keeps no membership log. */
  readonly log?: LogHead | null;
  /** Left out by a hub that does not publish who holds what. */
  readonly holders?: HolderBook | null;
  /** What the other end may ask over all its links and sockets; left out where it is trusted with it. */
  readonly questions?: QuestionTurns;
}

/** The accepting end of a link that stands. Disposing closes it. */
export interface AcceptedLink extends Disposable {
  /** Asks for a sign of life; without one soon the link is closed. */
  ask(): void;
  /**
   * Opens a room that the dialing end would not be told of, for reading it, and keeps it open until disposed. What the other end
   * refuses is asked for again once its membership log is another one.
   */
  read(room: string): Disposable;
}

/**
 * Serves one link until either end closes it; owns the transport. Disposing closes it with 4503. Not awaited: nothing
 * that was acknowledged depends on it.
 */
export function acceptLink(transport: Transport, options: AcceptLinkOptions): AcceptedLink {
  const { source, workspace, principal, clock, logger } = options;
  const announcer = new ChangeAnnouncer({
    source,
    workspace,
    principal,
    clock,
    get digests() {
      return peer.knows(FEATURE.digests);
    },
    ...(options.relays ? { rests: (room: string) => common?.rests(room) ?? false } : {}),
    send: (frame) => peer.control(frame),
    onFailure: (error) => {
      logger.log('error', 'link-changes-failed', { code: toWireError(error).code });
      peer.close(CLOSE.cannotStore, 'This end cannot read its changes now.');
    },
  });
  let telling: Disposable | null = null;
  const peer: Peer = new Peer(
    {
      transport,
      source,
      workspace,
      principal,
      clock,
      logger,
      dialing: false,
      forwardPresence: options.forwardPresence ?? true,
      ...(options.mayHand ? { mayHand: options.mayHand } : {}),
      features: (options.history ? FEATURE.segments : 0) | (options.holders ? FEATURE.holders : 0),
      ...(options.questions ? { questions: options.questions } : {}),
    },
    {
      onHello: (hello) => {
        logger.log('info', 'link-accepted', { hub: hello.hub });
        reads.begin();
        if (hello.features & FEATURE.segments) history?.begin(hello);
        // Not proved by anything yet: see CU5.
        const who = { device: principal.device ?? (hello.device || hello.hub), hub: hello.hub };
        if (hello.features & FEATURE.holders) publisher?.begin(who);
        if (peer.knows(FEATURE.relays)) common?.begin();
        if (options.log) telling = tellLog(options.log, (frame) => peer.control(frame));
      },
      onFollow: (frame) => {
        publisher?.follow(frame.cursors, frame.more);
        if (!announcer.follow(frame))
          peer.close(CLOSE.tooMany, 'Too many cursors, or questions that are not answered yet.');
      },
      // The dialing end follows; what it would tell of its own changes is not asked for.
      onChanges: () => undefined,
      onListed: () => undefined,
      onRelays: (hubs) => common?.told(hubs),
      onSegments: (frame) => history?.take(frame),
      onHoldings: (frame) => {
        const taken = frame.kind !== 'holds' || (publisher?.holds(frame.holdings) ?? true);
        if (!taken) peer.close(CLOSE.tooMany, 'Too many spaces.');
      },
      onLog: () => reads.retry(),
      onChannelEnd: (channel) => reads.ended(channel),
      onEnd: () => {
        reads.dispose();
        rights.dispose();
        announcer.dispose();
        history?.dispose();
        publisher?.dispose();
        common?.dispose();
        telling?.dispose();
      },
    },
  );
  const reads = new ReadRooms({
    open: (room) => source.open(room, principal),
    channel: (handle) => peer.openChannel(handle, 'live', () => undefined),
    close: (channel) => peer.closeChannel(channel),
  });
  const rights = source.onRights(() => reads.retry());
  const common = options.relays
    ? new CommonRelays({
        ours: options.relays,
        tell: (hubs) => peer.control({ kind: 'relays', hubs }),
        onChange: () => announcer.resume(),
      })
    : null;
  const history = options.history
    ? new SegmentExchange({
        ...options.history,
        peer,
        rooms: source,
        workspace,
        principal,
        clock,
        logger,
        mayFetch: () => true,
      })
    : null;
  const publisher = options.holders
    ? new HolderPublisher({
        book: options.holders,
        source,
        workspace,
        principal,
        clock,
        logger,
        send: (frame) => peer.control(frame),
      })
    : null;
  peer.start();
  return {
    ask: () => peer.ask(),
    dispose: () => peer.dispose(),
    read: (room) => reads.read(room),
  };
}
