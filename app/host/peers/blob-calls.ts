// Opens a connection for attachments beside every link to another member's computer that this end dialed, and dials again when it is lost. It hands none out itself.
import { toWireError } from '../../../shared/base/app-error.ts';
import { Backoff } from '../../../shared/base/backoff.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { Event } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';
import type { PeerBlobs } from './peer-blobs.ts';
import type { PeerAddress, PeerConnection, PeerDoor } from './peer-connection.ts';
import type { PeerEntry } from './peers.ts';

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/** What is needed of the links. */
export interface LinkedPeers {
  list(workspace: string): readonly PeerEntry[];
  readonly onChange: Event<string>;
  readonly door: PeerDoor | null;
}

export interface BlobCallsParts {
  readonly peers: LinkedPeers;
  readonly blobs: Pick<PeerBlobs, 'take' | 'drop' | 'connected' | 'onEnd'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One link that this end dialed. */
interface Call {
  readonly backoff: Backoff;
  address: PeerAddress;
  timer: Disposable | null;
  isDialing: boolean;
  /** Since when its connection stands, or stood last. */
  since: number;
}

export class BlobCalls implements Disposable {
  readonly #parts: BlobCallsParts;
  readonly #calls = new Map<string, Call>();
  readonly #held: Disposable[];
  #closed = false;

  constructor(parts: BlobCallsParts) {
    this.#parts = parts;
    this.#held = [
      parts.peers.onChange((workspace) => this.#look(workspace)),
      parts.blobs.onEnd(({ workspace, device }) => this.#lost(workspace, device)),
    ];
  }

  /** A connection for attachments that another computer made: taken while it is linked here, and only from the end that dialed the link. */
  accept(connection: PeerConnection): void {
    const { workspace, device, transport } = connection;
    const isLinked = this.#parts.peers
      .list(workspace)
      .some((entry) => entry.device === device && entry.state === 'linked' && !entry.dialed);
    if (isLinked && !this.#closed) this.#parts.blobs.take(connection);
    else transport.close(CLOSE.stopping, 'There is no link for it here.');
  }

  /** A dial that is under way ends with the door. */
  dispose(): void {
    this.#closed = true;
    for (const held of this.#held) held.dispose();
    for (const { timer } of this.#calls.values()) timer?.dispose();
    this.#calls.clear();
  }

  #look(workspace: string): void {
    if (this.#closed) return;
    const { peers, blobs } = this.#parts;
    const linked = new Map(
      peers
        .list(workspace)
        .filter(({ state }) => state === 'linked')
        .map((entry) => [entry.device, entry]),
    );
    for (const device of blobs.connected(workspace)) if (!linked.has(device)) blobs.drop(workspace, device);
    for (const [key, call] of [...this.#calls]) {
      const [of, device = ''] = key.split(' ');
      if (of !== workspace || linked.get(device)?.dialed) continue;
      call.timer?.dispose();
      this.#calls.delete(key);
    }
    for (const { device, dialed, address } of linked.values()) {
      const key = `${workspace} ${device}`;
      if (!dialed || !address) continue;
      const known = this.#calls.get(key);
      if (known) known.address = address;
      else {
        const backoff = new Backoff({ first: FIRST_WAIT, longest: LONGEST_WAIT });
        const call: Call = { backoff, address, timer: null, isDialing: false, since: 0 };
        this.#calls.set(key, call);
        this.#dial(workspace, device, call);
      }
    }
  }

  #lost(workspace: string, device: string): void {
    const call = this.#calls.get(`${workspace} ${device}`);
    if (!call) return;
    // One that is closed again at once is not dialed at once for ever.
    if (this.#parts.clock.now() - call.since > LONGEST_WAIT) call.backoff.reset();
    this.#soon(workspace, device, call);
  }

  #soon(workspace: string, device: string, call: Call): void {
    if (this.#closed) return;
    call.timer?.dispose();
    call.timer = this.#parts.clock.after(call.backoff.next(), () => this.#dial(workspace, device, call));
  }

  #dial(workspace: string, device: string, call: Call): void {
    const { peers, blobs, logger } = this.#parts;
    const { door } = peers;
    if (!door || call.isDialing) return;
    const isWanted = (): boolean => !this.#closed && this.#calls.get(`${workspace} ${device}`) === call;
    call.isDialing = true;
    door.dial(workspace, call.address, 'blobs', { device }).then(
      (connection) => {
        call.isDialing = false;
        if (!isWanted()) return connection.transport.close(1000, 'No longer linked.');
        call.since = this.#parts.clock.now();
        blobs.take(connection);
      },
      (error: unknown) => {
        call.isDialing = false;
        logger.log('info', 'peer-blobs-not-dialed', { workspace, device, code: toWireError(error).code });
        if (isWanted()) this.#soon(workspace, device, call);
      },
    );
  }
}
