// The dialing end: keeps a hub in step with another one over one transport, for ever; what it opens is decided in catch-up.ts. One file, for it joins the parts.
import { toWireError } from '../base/app-error.ts';
import { disposable, DisposableStore, type Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import type { Holding } from '../protocol/cursor-frames.ts';
import { FEATURE } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import { CatchUp } from './catch-up.ts';
import { Comparison } from './comparison.ts';
import { CommonRelays } from './common-relays.ts';
import { dialWithin } from './dial.ts';
import { HolderList } from './holder-list.ts';
import { LinkBooks } from './link-books.ts';
import { tellLog } from './log-teller.ts';
import type { LinkOptions } from './link-options.ts';
import { LinkWaiting } from './link-waiting.ts';
import { initialStatus, step, type LinkEffect, type LinkEvent, type LinkStatus } from './link-state.ts';
import type { OutboxRoom } from './outbox.ts';
import { waitAwake } from './wakeful-wait.ts';
import { Peer, type ChangesFrame, type Hello } from './peer.ts';
import { spaceOf, type RemoteChanges } from './remote-changes.ts';
import type { HubReceipt, ReceiptFacts } from './hub-receipt.ts';
import { roomHolders, type RoomHolders } from './room-holders.ts';
import type { SourceChange } from './room-source.ts';
import { SegmentExchange } from './segment-exchange.ts';
import type { Transport } from './transport.ts';

/** How long a connection must stand before the back-off begins anew. */
const STABLE = 1_000;
/** How long an end that answered counts as there (milliseconds), and the longest wait meanwhile: a line that flaps must be back soon. */
const MET_LATELY = 60_000;
const LONGEST_AFTER_MEETING = 5_000;
/** Milliseconds for which what was learned is collected before it is stored. */
const SAVE = 1_000;
/** Milliseconds for which changes of the outbox are collected before they are announced. */
const TELL = 20;

const NEVER: Event<string> = () => disposable(() => undefined);
/**
 * Milliseconds for which a link between hosts waits with what came over another link: by then the other end has it from where
 * it came from and has said so (twice the time for which it keeps that to itself).
 */
const FORWARD = 200;

/** Everything that lives as long as one connection. */
interface Connection {
  readonly peer: Peer;
  readonly catchUp: CatchUp;
  readonly history: SegmentExchange | null;
  readonly comparison: Comparison;
  readonly common: CommonRelays | null;
  hello: Hello | null;
  /** Answers to `follow`, by request number. */
  listed: number;
  asked: number;
  /** Of this end's membership log. */
  telling: Disposable | null;
}

export class Link implements Disposable {
  readonly #options: LinkOptions;
  readonly #books: LinkBooks;
  readonly #holders: HolderList | null;
  readonly #pins = new Map<string, number>();
  readonly #held = new DisposableStore();
  readonly #statusEvents = new Emitter<LinkStatus>();
  readonly #outboxEvents = new Emitter<void>();
  readonly #troubles = new Emitter<void>();
  readonly #waiting = new LinkWaiting(() => (this.#disposed ? null : this.#status));
  #status: LinkStatus;
  #connection: Connection | null = null;
  /** Of the newest connection. */
  #history: SegmentExchange | null = null;
  #dialing: Disposable | null = null;
  #wait: Disposable | null = null;
  #stability: Disposable | null = null;
  #saveTimer: Disposable | null = null;
  #tellTimer: Disposable | null = null;
  #forwardTimer: Disposable | null = null;
  /** When the other end answered last. */
  #metAt = -Infinity;
  #disposed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#status = initialStatus(options.clock.now());
    const { holders: memory, clock, logger } = options;
    this.#holders = memory ? new HolderList({ memory, clock, logger }) : null;
    this.#books = new LinkBooks({ ...options, onSaved: (spaces) => this.#holders?.saved(spaces) });
  }

  get status(): LinkStatus {
    return this.#status;
  }

  readonly onStatus: Event<LinkStatus> = this.#statusEvents.event;

  /** Rooms with changes of this hub that the other one has not acknowledged, oldest first. Complete once start() resolved. */
  outbox(): readonly OutboxRoom[] {
    return this.#books.outbox.rooms();
  }

  /** How many rooms outbox() lists. */
  get waiting(): number {
    return this.#books.outbox.size;
  }

  /** Whether the newest change of a room may not be acknowledged yet. */
  isWaiting(room: string): boolean {
    return !this.#books.isComplete || this.#books.outbox.has(room);
  }

  /** False while outbox() may lack rooms that wait: before start() resolved, and until all was looked at for another hub. */
  get outboxIsComplete(): boolean {
    return this.#books.isComplete;
  }

  /** Fires soon after outbox() or `fetching` changed; several changes may come as one. */
  readonly onOutbox: Event<void> = this.#outboxEvents.event;

  /** Whether neither end has anything for the other, as far as they have told; false while there is no connection. */
  get isEven(): boolean {
    const connection = this.#connection;
    return connection?.hello ? connection.listed >= connection.asked && this.#isEven(connection) : false;
  }

  /** Rooms known to differ from the other hub that are not here yet. */
  get fetching(): number {
    return this.#books.remote.fetching;
  }

  /** Rooms that came since all that the other hub has was here, or the connection began. */
  get fetched(): number {
    return this.#books.remote.fetched;
  }

  /** Those that `fetching` counts, and those that could not be had, as far as the other hub has told; it may be away. */
  *differing(): Iterable<{ readonly room: string; readonly refused: boolean }> {
    for (const room of this.#books.remote.needed()) yield { room, refused: false };
    for (const room of this.#books.remote.lacking()) yield { room, refused: true };
  }

  /** Whether the other end is there and has told everything that it had when it was asked last. */
  get hasHeard(): boolean {
    const connection = this.#connection;
    return (
      connection !== null && connection.hello !== null && connection.listed > 0 && !connection.comparison.isUnderWay
    );
  }

  /** Who holds the newest change of a room, as far as the other hub has told; it may be away. */
  async holders(room: string): Promise<RoomHolders> {
    const { outbox } = this.#books;
    // What waits now may be acknowledged while its number is read: under a greater number than the one that is found.
    const waited = outbox.has(room);
    const number = await this.#books.numberThere(room);
    return roomHolders({
      document: room.slice(room.lastIndexOf('/') + 1),
      waiting: waited || outbox.has(room) || (this.#books.isComplete ? false : null),
      number,
      record: this.#holders?.of(spaceOf(room)) ?? null,
    });
  }

  /** The other hub's receipt for our change `number` of a room; null: it is not known to hold that. It may be away. */
  async receipt(room: string, number: number): Promise<HubReceipt | null> {
    const { hub, outbox, isComplete } = this.#books;
    const space = spaceOf(room);
    const turn = this.#books.remote.turn(space);
    // Held first and the number after it: the number is then that of a state which has the change.
    if (hub === '' || !isComplete || !outbox.isHeld(room, number)) return null;
    const there = await this.#books.numberThere(room);
    if (there === null || hub !== this.#books.hub || turn !== this.#books.remote.turn(space)) return null;
    return { hub, turn, number: there };
  }

  /** What receipts of a space are read against: one that names another hub or turn is void. */
  receiptFacts(space: string): ReceiptFacts {
    return {
      hub: this.#books.hub,
      turn: this.#books.remote.turn(space),
      holders: this.#holders?.of(space)?.holders ?? [],
    };
  }

  /**
   * What the other end holds of this hub, in this hub's numbers, by space; null while that is not known: before both ends were
   * compared, and where it lost something meanwhile.
   */
  async holdings(): Promise<readonly Holding[] | null> {
    const { source, workspace, principal } = this.#options;
    const connection = this.#connection;
    const isKnown = (): boolean =>
      connection !== null &&
      this.#connection === connection &&
      connection.listed > 0 &&
      !connection.comparison.isUnderWay &&
      this.#books.isComplete;
    if (!isKnown()) return null;
    const holdings: Holding[] = [];
    for (const { space, number } of await source.heads(workspace, principal)) {
      const holding = await this.#books.outbox.holding(space, number);
      if (!holding) return null;
      holdings.push({ space, ...holding });
    }
    return isKnown() ? holdings : null;
  }

  /** When a device last said what it holds, as far as the other hub has told; by that hub's clock. */
  lastSeen(device: string): number | null {
    return this.#holders?.lastSeen(device) ?? null;
  }

  /** What the other hub told of a space's holders became different; the value is the space. */
  get onHolders(): Event<string> {
    return this.#holders?.onChange ?? NEVER;
  }

  /**
   * Begins; resolves once the outbox is known from what is stored (the connection may take longer). Rejects when that
   * cannot be read (`too-new`, `damaged`); then nothing was begun.
   */
  async start(): Promise<void> {
    const { source, workspace } = this.#options;
    this.#held.add(
      source.onChange((changes) => {
        for (const change of changes) {
          if (change.workspace === workspace) this.#changedHere(change);
        }
      }),
    );
    const purges = source.onPurged?.((room) => {
      if (!room.startsWith(`${workspace}/`)) return;
      this.#books.outbox.purged(room);
      this.#touch();
    });
    if (purges) this.#held.add(purges);
    await this.#books.openLast();
    await this.#holders?.open(this.#books.hub);
    if (this.#disposed) return;
    this.#tell();
    this.#step({ kind: 'start', at: this.#options.clock.now() });
  }

  /** The hub at the other end while the link is up. */
  get otherHub(): string | null {
    return this.#connection?.hello?.hub ?? null;
  }

  /** Whether the other end takes and stores what is written in the room: it is there, and nothing waits to be tried again. */
  acknowledges(room: string): boolean {
    return this.#connection?.hello ? !this.#connection.catchUp.isTroubled(room) : false;
  }

  /** The answer of acknowledges() may be another one for some room. */
  readonly onTrouble: Event<void> = this.#troubles.event;

  /** A window has the room open: its channel stays open, goes first and carries presence, until this is disposed. */
  pin(room: string): Disposable {
    const pins = (this.#pins.get(room) ?? 0) + 1;
    this.#pins.set(room, pins);
    if (pins === 1 && this.#connection?.hello) this.#connection.catchUp.pinned(room);
    return disposable(() => {
      const left = (this.#pins.get(room) ?? 1) - 1;
      if (left > 0) this.#pins.set(room, left);
      else {
        this.#pins.delete(room);
        this.#connection?.catchUp.unpinned(room);
      }
    });
  }

  /** What one may do at the other end became different: what it refused is tried again, and spaces that are new are asked for. */
  rightsChanged(): void {
    const connection = this.#connection;
    if (!connection?.hello) return;
    connection.catchUp.rightsChanged();
    for (const room of this.#books.remote.retry()) connection.catchUp.want(room, true);
    this.#follow(connection, [], false);
    this.#wantWaiting();
    this.#touch();
  }

  /** Tries at once, also after a refusal. */
  retryNow(): void {
    if (!this.#disposed) this.#step({ kind: 'retry', at: this.#options.clock.now() });
  }

  /** The computer is on another network, or its network is back: a connection must prove itself, a wait for the next try ends. */
  networkChanged(): void {
    if (this.#connection) this.#connection.peer.ask();
    else if (this.#status.state === 'offline') this.retryNow();
  }

  /**
   * Resolves when neither end has anything left for the other, and that is remembered; what the other end refuses stays in the
   * outbox and is not waited for. Waits through lost connections. Rejects `not-allowed` when the link is refused and
   * `closed` when it is disposed.
   */
  async settled(): Promise<void> {
    for (let rounds = 0; ;) {
      const connection = await this.#waiting.until(() => (this.#connection?.hello ? this.#connection : null));
      await this.#books.outbox.refresh();
      this.#wantWaiting();
      // Asked again, the other end tells everything that it has not told yet, and then that it did.
      const request = this.#follow(connection, [], false);
      const even = await this.#waiting.until(() => {
        if (this.#connection !== connection) return 'lost' as const;
        return connection.listed >= request && this.#isEven(connection) ? ('even' as const) : null;
      });
      // What was handed over in the first round is announced in the second: then the cursor is beyond it as well.
      rounds = even === 'even' ? rounds + 1 : 0;
      if (rounds < 2) continue;
      await this.#books.save();
      if (this.#isEven(connection)) return;
    }
  }

  dispose(): void {
    void this.close();
  }

  /** Ends the link; resolves when what it learned is stored. The store must stay open until then. */
  close(): Promise<void> {
    if (!this.#disposed) {
      this.#step({ kind: 'stop', at: this.#options.clock.now() });
      this.#disposed = true;
      this.#held.dispose();
      for (const timer of [this.#wait, this.#stability, this.#saveTimer, this.#tellTimer, this.#forwardTimer])
        timer?.dispose();
      this.#waiting.moved();
    }
    return Promise.all([this.#books.save(), this.#history?.saved, this.#holders?.close()]).then(() => undefined);
  }

  #step(event: LinkEvent): void {
    const [status, effects] = step(this.#status, event);
    const changed = status !== this.#status;
    this.#status = status;
    for (const effect of effects) this.#run(effect);
    if (!changed) return;
    this.#options.logger.log('info', 'link-status', { state: status.state });
    this.#statusEvents.fire(status);
    this.#waiting.moved();
  }

  #run(effect: LinkEffect): void {
    const { clock, backoff } = this.#options;
    switch (effect.kind) {
      case 'dial':
        this.#dial();
        break;
      case 'wait':
        this.#wait = waitAwake(clock, effect.milliseconds, (slept) =>
          this.#step({ kind: slept ? 'retry' : 'due', at: clock.now() }),
        );
        break;
      case 'cancelWait':
        this.#wait?.dispose();
        break;
      case 'resetBackoff':
        backoff.reset();
        break;
      case 'watchStability':
        this.#stability = clock.after(STABLE, () => backoff.reset());
        break;
      case 'hangUp':
        this.#dialing?.dispose();
        this.#connection?.peer.dispose();
        break;
    }
  }

  #dial(): void {
    const { dial, clock } = this.#options;
    this.#dialing?.dispose();
    this.#dialing = dialWithin(dial, clock, 2 * LIMITS.answer, (outcome) => {
      if (outcome.kind === 'failed') this.#ended(outcome.code, outcome.reason);
      else this.#connect(outcome.transport);
    });
  }

  #ended(code: number, reason: string): void {
    this.#stability?.dispose();
    const { clock, backoff } = this.#options;
    const metLately = Math.abs(clock.now() - this.#metAt) < MET_LATELY;
    const wait = metLately ? backoff.next(LONGEST_AFTER_MEETING) : backoff.next();
    this.#step({ kind: 'ended', at: clock.now(), code, reason, wait });
  }

  #connect(transport: Transport): void {
    const { source, workspace, principal, clock, logger } = this.#options;
    const peer = new Peer(
      {
        transport,
        source,
        workspace,
        principal,
        clock,
        logger,
        dialing: true,
        forwardPresence: false,
        ...(this.#options.mayHand ? { mayHand: this.#options.mayHand } : {}),
        device: this.#options.device ?? '',
        features: (this.#options.history ? FEATURE.segments : 0) | (this.#holders ? FEATURE.holders : 0),
      },
      {
        onHello: (hello) => void this.#greeted(connection, hello),
        // A dialing end is not followed in this version; an accepting end that asks is left without an answer.
        onFollow: () => undefined,
        onChanges: (frame) => this.#announced(connection, frame),
        onListed: (request) => {
          connection.listed = Math.max(connection.listed, request);
          if (connection.listed >= connection.asked) this.#books.remote.listed();
          comparison.listed(request);
          this.#touch();
          this.#waiting.moved();
        },
        onRelays: (hubs) => common?.told(hubs),
        onLog: (head) => this.#options.onLog?.(head),
        onSegments: (frame) => history?.take(frame),
        onHoldings: (frame) => {
          if (frame.kind === 'holders') this.#holders?.take(frame);
        },
        onChannelEnd: (channel, code, reason) => catchUp.channelEnded(channel, code, reason),
        onEnd: ({ code, reason }) => {
          catchUp.dispose();
          history?.dispose();
          comparison.end();
          this.#holders?.disconnected();
          common?.dispose();
          connection.telling?.dispose();
          if (this.#connection === connection) this.#connection = null;
          void this.#books.save();
          this.#ended(code, reason === '' ? `The connection was lost (${code}).` : reason);
        },
      },
    );
    const catchUp = new CatchUp({
      peer,
      source,
      principal,
      clock,
      isPinned: (room) => this.#pins.has(room) && !common?.rests(room),
      isWanted: (room) => this.#books.isWanted(room),
      isHeldThere: (room, number) => this.#books.outbox.isHeld(room, number),
      onProgress: (channel) => {
        this.#books.progressed(channel);
        this.#touch();
      },
      onTrouble: () => this.#troubles.fire(),
      onRefused: (room, code, reason) => {
        logger.log('warn', 'link-room-refused', { room, code, reason });
        this.#books.remote.skip(room);
        this.#touch();
      },
    });
    const history = this.#options.history
      ? new SegmentExchange({
          ...this.#options.history,
          peer,
          rooms: source,
          workspace,
          principal,
          clock,
          logger,
          // Text before history: what else differs comes first.
          mayFetch: () => connection.listed > 0 && !comparison.isUnderWay && catchUp.busy === 0,
        })
      : null;
    const comparison = new Comparison({
      source,
      workspace,
      onEven: (room, theirs, ours) => {
        this.#books.even(room, theirs, ours);
        this.#touch();
      },
      onDifferent: (room) => {
        if (!common?.rests(room)) catchUp.want(room, true);
      },
      onDone: () => {
        this.#wantWaiting();
        this.#touch();
      },
      onFailure: (error) => peer.close(CLOSE.cannotStore, toWireError(error).message),
    });
    const common = this.#options.relays
      ? new CommonRelays({
          ours: this.#options.relays,
          tell: (hubs) => peer.control({ kind: 'relays', hubs }),
          onChange: (lost) => this.#relaysChanged(connection, lost),
        })
      : null;
    const begun = { hello: null, listed: 0, asked: 0, telling: null };
    const connection: Connection = { peer, catchUp, comparison, common, history, ...begun };
    this.#connection = connection;
    this.#history = history;
    peer.start();
  }

  async #greeted(connection: Connection, hello: Hello): Promise<void> {
    try {
      await this.#books.open(hello.hub, hello.epoch);
      await this.#holders?.open(hello.hub);
    } catch (error) {
      connection.peer.close(CLOSE.cannotStore, toWireError(error).message);
      return;
    }
    if (this.#connection !== connection) return;
    connection.hello = hello;
    this.#metAt = this.#options.clock.now();
    const cursors = this.#books.remote.cursors();
    const digests = connection.peer.knows(FEATURE.digests);
    // Where a space with rooms here was never met there, its first list is compared; elsewhere a cursor says it cheaper, but
    // between hosts, where the same comes by several ways.
    const request = this.#follow(
      connection,
      cursors,
      digests && (connection.common !== null || this.#books.hasUnmet()),
    );
    // Between hosts what was left to a relay waits, and is mostly there: the lists say so, and nothing is opened before them.
    const known = connection.common ? [] : cursors.map(({ space }) => space);
    if (digests) connection.comparison.begin(known, request);
    if (connection.peer.knows(FEATURE.relays)) connection.common?.begin();
    if (hello.features & FEATURE.segments) connection.history?.begin(hello);
    if (hello.features & FEATURE.holders)
      this.#holders?.connected(hello.epoch, (frame) => connection.peer.control(frame));
    const { log } = this.#options;
    if (log) connection.telling = tellLog(log, (frame) => connection.peer.control(frame));
    this.#step({ kind: 'greeted', at: this.#options.clock.now(), url: this.#options.url });
    for (const room of this.#pins.keys()) connection.catchUp.pinned(room);
    for (const room of this.#books.remote.retry()) connection.catchUp.want(room, true);
    this.#wantWaiting();
    this.#tell();
  }

  /** Sends cursors, in as many frames as they need; the answer is the request's number. */
  #follow(connection: Connection, cursors: ReturnType<RemoteChanges['cursors']>, digests: boolean): number {
    const request = ++connection.asked;
    this.#books.remote.asked();
    for (let at = 0; ; at += LIMITS.spacesPerFrame) {
      const more = at + LIMITS.spacesPerFrame < cursors.length;
      const part = cursors.slice(at, at + LIMITS.spacesPerFrame);
      connection.peer.control({ kind: 'follow', request, more, digests, cursors: part });
      if (!more) return request;
    }
  }

  #announced(connection: Connection, frame: ChangesFrame): void {
    if (!connection.hello) return;
    if (frame.reset) this.#holders?.lost(frame.space);
    const rooms = this.#books.announced(frame, (complete) => {
      // What the other end lost must be found: a new connection looks again.
      if (!complete) connection.peer.close(CLOSE.cannotStore, 'What waits for the other end cannot be read now.');
      this.#wantWaiting();
      this.#touch();
    });
    connection.comparison.announced(frame, rooms);
    this.#touch();
  }

  #changedHere({ room, number, forwarded }: SourceChange): void {
    const connection = this.#connection;
    if (this.#books.outbox.changed(room, number) && connection?.hello && !mustWait(connection, room)) {
      if (!forwarded || !connection.common) connection.catchUp.want(room, false);
      else {
        this.#forwardTimer ??= this.#options.clock.after(FORWARD, () => {
          this.#forwardTimer = null;
          this.#wantWaiting();
        });
      }
    }
    this.#touch();
  }

  /** What was left to a relay that is no longer common to both ends is compared by digests first, and then handed over or fetched. */
  #relaysChanged(connection: Connection, lost: boolean): void {
    if (this.#connection !== connection || !connection.hello || !connection.common) return;
    for (const room of this.#pins.keys()) {
      if (connection.common.rests(room)) connection.catchUp.unpinned(room);
      else connection.catchUp.pinned(room);
    }
    if (lost) {
      const request = this.#follow(connection, [], connection.peer.knows(FEATURE.digests));
      if (connection.peer.knows(FEATURE.digests)) connection.comparison.begin([], request);
    }
    this.#wantWaiting();
    this.#touch();
  }

  #wantWaiting(): void {
    const connection = this.#connection;
    if (!connection?.hello) return;
    for (const room of this.#books.outbox.waiting()) {
      if (!mustWait(connection, room)) connection.catchUp.want(room, false);
    }
    if (!connection.common) return;
    // What rested while it was announced is fetched now.
    for (const room of this.#books.remote.needed())
      if (!mustWait(connection, room)) connection.catchUp.want(room, false);
  }

  #isEven(connection: Connection): boolean {
    const { common, catchUp } = connection;
    for (const room of this.#books.remote.needed()) if (!common?.rests(room)) return false;
    for (const room of this.#books.outbox.waiting()) {
      if (!catchUp.isRefused(room) && !common?.rests(room)) return false;
    }
    return true;
  }

  /** Something may have changed that is to be stored and told. */
  #touch(): void {
    const { clock } = this.#options;
    if (this.#disposed) return;
    this.#tellTimer ??= clock.after(TELL, () => {
      this.#tellTimer = null;
      this.#tell();
    });
    this.#saveTimer ??= clock.after(SAVE, () => {
      this.#saveTimer = null;
      void this.#books.save();
    });
  }

  #tell(): void {
    this.#connection?.history?.poke();
    this.#outboxEvents.fire();
    this.#waiting.moved();
  }
}

/** Whether a room is left to a relay, or to the comparison that is under way. */
function mustWait({ common, comparison }: Connection, room: string): boolean {
  return comparison.holds(room) || (common?.rests(room) ?? false);
}
