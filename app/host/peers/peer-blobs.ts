// The attachments of all connections to other members' computers: who is asked for what, what is given to whom, and who has what. It dials nobody.
import type { Clock } from '../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { Emitter, type Event } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { BlobStore } from '../../../shared/hub/blob-store.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import type { Membership } from '../../../shared/access/identity.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';
import type { SpaceBlob } from '../../../shared/protocol/peer-blob-frames.ts';
import type { Attachments } from '../attachments/attachments.ts';
import type { BlobAt, BlobRow, BlobRows } from '../attachments/blob-rows.ts';
import { PeerBlobExchange } from './blob-exchange.ts';
import type { PeerShelf } from './blob-handout.ts';
import { mayHandOn, mayRead } from './blob-rights.ts';
import { MetHolders, type MetHolder } from './met-holders.ts';
import type { PeerConnection } from './peer-connection.ts';

/** News is gathered for so long: a page with many pictures is one question. */
const GATHERING = 20;
/** What came from a device that reaches the same relay is left to it for so long, and to the first of the others. */
const LEFT_TO_GIVER = 30 * 60_000;
const LEFT_TO_FIRST = 2 * 60_000;

export interface PeerBlobsParts {
  readonly device: string;
  readonly attachments: Attachments;
  readonly rows: BlobRows;
  readonly blobs: BlobStore;
  readonly values: ValueStore;
  /** What a workspace's log comes to now; null when it is not on this computer. */
  readonly membership: (workspace: string) => Membership | null;
  readonly onRights: Event<void>;
  /** The shelf of the relay that attachments are brought to now; '' while none is reached. */
  readonly reach: (workspace: string) => string;
  /** Whether the link to a device has nothing to send now. */
  readonly isQuiet: (workspace: string, device: string) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface BlobPeers {
  /** Devices that are linked now and say that they have it. */
  readonly here: readonly string[];
  /** Others, with when they said so last. */
  readonly met: readonly MetHolder[];
}

interface Held {
  readonly exchange: PeerBlobExchange;
  readonly source: Disposable;
}

export class PeerBlobs {
  readonly #parts: PeerBlobsParts;
  readonly #met: MetHolders;
  /** By `<workspace>/<device>`: one a device. */
  readonly #held = new Map<string, Held>();
  readonly #subscriptions = new DisposableStore();
  /** Workspaces whose questions, or offers, are to be looked at. */
  readonly #asking = new Set<string>();
  readonly #offering = new Set<string>();
  readonly #ends = new Emitter<PeerConnection>();
  /** A connection is over, and none has taken its place. */
  readonly onEnd = this.#ends.event;
  #timer: Disposable | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(parts: PeerBlobsParts, met: MetHolders) {
    this.#parts = parts;
    this.#met = met;
    const { attachments, rows, onRights } = parts;
    this.#subscriptions.add(attachments.onReferences((workspaces) => this.#look(workspaces, [])));
    this.#subscriptions.add(
      attachments.onChange((at) => {
        if (rows.get(at)) this.#look([], [at.workspace]);
        this.reachChanged(at.workspace);
      }),
    );
    this.#subscriptions.add(onRights(() => this.#rightsChanged()));
    attachments.leaveTo((workspace, row) => this.#isLeft(workspace, row));
  }

  static async open(parts: PeerBlobsParts): Promise<PeerBlobs> {
    return new PeerBlobs(parts, await MetHolders.open(parts.values, (at) => parts.rows.get(at) !== null));
  }

  /** A connection for attachments, from now on this one's. A newer one of the same device takes the place of an older one. */
  take(connection: PeerConnection): void {
    const { workspace, device, transport } = connection;
    if (this.#closed) return transport.close(CLOSE.stopping, 'This computer is stopping.');
    const key = `${workspace}/${device}`;
    const before = this.#held.get(key);
    this.#held.delete(key);
    before?.source.dispose();
    before?.exchange.close(1000, 'Another connection took its place.');
    const { attachments, isQuiet, clock, logger } = this.#parts;
    const exchange = new PeerBlobExchange({
      connection,
      shelf: this.#shelfFor(workspace, device),
      isQuiet: () => isQuiet(workspace, device),
      clock,
      logger,
    });
    this.#held.set(key, { exchange, source: attachments.addSource(workspace, exchange) });
    exchange.onHas((blobs) => this.#heard(exchange, blobs));
    exchange.onEnd(() => this.#ended(key, exchange));
    exchange.onReach(() => attachments.wake(workspace));
    exchange.start();
    exchange.tellReach(this.#parts.reach(workspace));
    this.#ask(exchange);
  }

  /** Ends the connection to a device, if there is one. */
  drop(workspace: string, device: string): void {
    this.#held.get(`${workspace}/${device}`)?.exchange.close(1000, 'No longer linked.');
  }

  /** Devices to which there is a connection. */
  connected(workspace: string): readonly string[] {
    return [...this.#of(workspace)].map(({ exchange }) => exchange.id);
  }

  /** The way to the relay of a workspace may be another one, or gone. */
  reachChanged(workspace: string): void {
    const shelf = this.#parts.reach(workspace);
    for (const { exchange } of this.#of(workspace)) exchange.tellReach(shelf);
  }

  /** Who has one that is not here. */
  holders(at: BlobAt): BlobPeers {
    const here: string[] = [];
    const hasNot = new Set<string>();
    for (const { exchange } of this.#of(at.workspace)) {
      const has = this.#has(exchange, at);
      if (has === true) here.push(exchange.id);
      else if (has === false) hasNot.add(exchange.id);
    }
    const met = this.#met.of(at).filter(({ device }) => !here.includes(device) && !hasNot.has(device));
    return { here: here.sort(), met };
  }

  /** The workspace is on this computer no more. */
  leave(workspace: string): void {
    for (const { exchange } of this.#of(workspace)) exchange.close(1000, 'The workspace is gone from this computer.');
    this.#write(this.#met.forget(workspace));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#subscriptions.dispose();
    this.#timer?.dispose();
    this.#ends.clear();
    for (const { exchange } of [...this.#held.values()]) exchange.close(CLOSE.stopping, 'This computer is stopping.');
    await this.#writing;
  }

  *#of(workspace: string): Generator<Held> {
    for (const held of [...this.#held.values()]) {
      if (held.exchange.connection.workspace === workspace) yield held;
    }
  }

  /** Rules PB3 and PB4, asked anew each time. */
  #shelfFor(workspace: string, device: string): PeerShelf {
    const { blobs, rows, clock, device: own } = this.#parts;
    return {
      gives: ({ space, blob }) => {
        const row = rows.get({ workspace, space, blob });
        const membership = this.#parts.membership(workspace);
        if (!row || !membership) return false;
        const now = clock.now();
        if (!mayRead(membership, device, space, now) || !mayRead(membership, own, space, now)) return false;
        return row.added === true || mayHandOn(membership, own, space, now);
      },
      size: (blob) => blobs.size(workspace, blob),
      read: async (blob, start, end) => {
        const parts: Uint8Array[] = [];
        for await (const part of blobs.read(workspace, blob, start, end)) parts.push(part);
        return Buffer.concat(parts);
      },
    };
  }

  /** Rule PB2: nobody hears the name of anything in a space that is not theirs to read. */
  #ask(exchange: PeerBlobExchange): void {
    const { workspace, device } = exchange.connection;
    const membership = this.#parts.membership(workspace);
    if (!membership) return;
    const now = this.#parts.clock.now();
    const spaces = new Map<string, boolean>();
    const asked: SpaceBlob[] = [];
    for (const { space, blob } of this.#parts.attachments.wanted(workspace)) {
      const may = spaces.get(space) ?? mayRead(membership, device, space, now);
      spaces.set(space, may);
      if (may) asked.push({ space, blob });
    }
    exchange.ask(asked);
  }

  #look(asking: Iterable<string>, offering: Iterable<string>): void {
    for (const workspace of asking) this.#asking.add(workspace);
    for (const workspace of offering) this.#offering.add(workspace);
    if (this.#held.size === 0 || this.#closed) return;
    this.#timer ??= this.#parts.clock.after(GATHERING, () => {
      this.#timer = null;
      for (const { exchange } of [...this.#held.values()]) {
        const { workspace } = exchange.connection;
        if (this.#asking.has(workspace)) this.#ask(exchange);
        if (this.#offering.has(workspace)) exchange.offer();
      }
      this.#asking.clear();
      this.#offering.clear();
    });
  }

  #rightsChanged(): void {
    const workspaces = new Set<string>();
    for (const { exchange } of [...this.#held.values()]) {
      const { workspace, device } = exchange.connection;
      const devices = this.#parts.membership(workspace)?.devices;
      if (devices?.has(device) && devices.has(this.#parts.device)) workspaces.add(workspace);
      else exchange.close(CLOSE.forbidden, 'Not a member any more.');
    }
    this.#look(workspaces, workspaces);
  }

  #heard(exchange: PeerBlobExchange, blobs: readonly SpaceBlob[]): void {
    const { workspace, device } = exchange.connection;
    const found = blobs.map((one) => ({ ...one, workspace }));
    this.#write(this.#met.note(device, this.#parts.clock.now(), found, []));
    for (const at of found) this.#parts.attachments.holdersChanged(at);
    this.#parts.attachments.wake(workspace);
  }

  #ended(key: string, exchange: PeerBlobExchange): void {
    const known = this.#held.get(key);
    if (known?.exchange !== exchange) return;
    this.#held.delete(key);
    known.source.dispose();
    const { workspace, device } = exchange.connection;
    const [has, hasNot]: [BlobAt[], BlobAt[]] = [[], []];
    for (const { space, blob } of this.#parts.attachments.wanted(workspace)) {
      const at = { workspace, space, blob };
      const said = this.#has(exchange, at);
      if (said !== null) (said ? has : hasNot).push(at);
    }
    this.#write(this.#met.note(device, this.#parts.clock.now(), has, hasNot));
    for (const at of has) this.#parts.attachments.holdersChanged(at);
    this.#ends.fire(exchange.connection);
  }

  /** Rule PB9. */
  #isLeft(workspace: string, { at, by }: BlobRow): boolean {
    const age = this.#parts.clock.now() - at;
    const shelf = this.#parts.reach(workspace);
    if (by === undefined || shelf === '' || age > LEFT_TO_GIVER) return false;
    const reaching = [...this.#of(workspace)].filter(({ exchange }) => exchange.reaches === shelf);
    if (reaching.some(({ exchange }) => exchange.id === by)) return true;
    return age < LEFT_TO_FIRST && reaching.some(({ exchange }) => exchange.id < this.#parts.device);
  }

  /** Who gave something else under that name has not got it, whatever it says. */
  #has(exchange: PeerBlobExchange, at: BlobAt): boolean | null {
    const has = exchange.has(at);
    return has === true && this.#parts.attachments.isBlamed(at, exchange.id) ? false : has;
  }

  #write(work: Promise<void>): void {
    const next = Promise.all([this.#writing, work]).catch((error: unknown) => {
      this.#parts.logger.log('warn', 'met-holders-not-stored', { error: String(error) });
    });
    this.#writing = next;
  }
}
