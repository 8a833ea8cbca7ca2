// Rooms that hardly anybody may write, brought by who may not: profiles, the workspace's title, teams. What a device that may write signed counts as that device's, whoever carries it (PE64). Nothing else is believed.
import { deviceId } from '../../../shared/access/device-key.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { AppError, toWireError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import { toBase64url } from '../../../shared/base/encoding.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { History } from '../../../shared/hub/history/history.ts';
import { decodeSegment, type DecodedSegment } from '../../../shared/hub/history/segment.ts';
import { LinkOrigin } from '../../../shared/link/room-channel.ts';
import type { Principal, RoomSource } from '../../../shared/link/room-source.ts';
import type { SegmentCarry } from '../../../shared/link/segment-fetch.ts';
import type { AddSegmentOutcome } from '../../../shared/link/segment-source.ts';
import { parseRoomName, type RoomAddress } from '../../../shared/protocol/room-name.ts';
import type { HostAccess } from '../host-access.ts';

export interface CarriedRoomsParts {
  readonly access: Pick<HostAccess, 'allows'>;
  readonly history: Pick<History, 'addSegment' | 'readSegment' | 'segmentsOf' | 'cut'>;
  readonly source: Pick<RoomSource, 'open' | 'onChange' | 'hub'>;
  /** This device's id. */
  readonly device: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds after an edit here until it is a segment: it is for others to carry, and they leave without a word. */
const CUT = 2_000;

export class CarriedRooms implements SegmentCarry, Disposable {
  readonly #parts: CarriedRoomsParts;
  readonly #origin: LinkOrigin;
  /** Rooms of which something came that builds on what is not here yet. */
  readonly #gaps = new Set<string>();
  readonly #cuts = new Map<string, Disposable>();
  readonly #held = new DisposableStore();

  constructor(parts: CarriedRoomsParts) {
    this.#parts = parts;
    this.#origin = new LinkOrigin(parts.source.hub);
    this.#held.add(
      parts.source.onChange((changes) => {
        for (const { room, space, forwarded } of changes) if (!forwarded && isCarried(space)) this.#cutSoon(room);
      }),
    );
  }

  wants(room: string): boolean {
    const address = parseRoomName(room);
    return address !== null && this.#isOurs(address);
  }

  wantsIn(workspace: string, space: string): boolean {
    return this.#isOurs({ workspace, space, document: '*' });
  }

  async take(workspace: string, hash: string, bytes: Uint8Array, room: string): Promise<AddSegmentOutcome> {
    const address = parseRoomName(room);
    const segment = decodeSegment(new Uint8Array(bytes));
    const author = address && segment && (await this.#authorOf(address, segment));
    if (!author) return { kind: 'refused', reason: 'Who signed this may not write there. Nothing was stored.' };
    const outcome = await this.#parts.history.addSegment(workspace, hash, bytes, room);
    if (outcome.kind !== 'stored') return outcome;
    await this.#apply(room, author, segment);
    if (this.#gaps.has(room)) await this.#applyAll(room, address);
    return outcome;
  }

  dispose(): void {
    this.#held.dispose();
    for (const cut of this.#cuts.values()) cut.dispose();
    this.#cuts.clear();
  }

  #isOurs(address: RoomAddress): boolean {
    const { access, device } = this.#parts;
    return isCarried(address.space) && access.allows({ device, member: null }, 'read', address);
  }

  /** By its key and not by what it says: the device that signed, if it sat at the session itself and may write there now. */
  async #authorOf(address: RoomAddress, segment: DecodedSegment): Promise<Principal | null> {
    if (segment.base || !this.#isOurs(address)) return null;
    const device = await deviceId({ kty: 'OKP', crv: 'Ed25519', x: toBase64url(segment.signer) });
    if (segment.device !== device) return null;
    const author = { device, member: null };
    return this.#parts.access.allows(author, 'write', address) ? author : null;
  }

  /** The signature was verified with the segment: each update goes the way of one that the author's own device brings. */
  async #apply(room: string, author: Principal, { updates }: DecodedSegment): Promise<void> {
    const opened = await this.#parts.source.open(room, author);
    if (opened.kind === 'refused') return this.#passOver(room, opened.code);
    try {
      for (const { update } of updates) {
        const outcome = await opened.room.apply(update, this.#origin);
        if (outcome.kind === 'gap') this.#gaps.add(room);
        else if (outcome.kind === 'refused') this.#passOver(room, outcome.code);
        else if (outcome.kind === 'failed') throw new AppError('internal', outcome.reason);
      }
    } finally {
      opened.room.dispose();
    }
  }

  /** What came before what it builds on is taken in once that is here. */
  async #applyAll(room: string, address: RoomAddress): Promise<void> {
    const { history } = this.#parts;
    this.#gaps.delete(room);
    for (const { hash } of await history.segmentsOf(room)) {
      const bytes = await history.readSegment(address.workspace, hash);
      const segment = bytes && decodeSegment(bytes);
      const author = segment && (await this.#authorOf(address, segment));
      if (author) await this.#apply(room, author, segment);
    }
  }

  #passOver(room: string, code: number): void {
    this.#parts.logger.log('warn', 'carried-room-refused', { room, code });
  }

  #cutSoon(room: string): void {
    if (this.#cuts.has(room)) return;
    this.#cuts.set(
      room,
      this.#parts.clock.after(CUT, () => {
        this.#cuts.delete(room);
        this.#parts.history.cut([room]).catch((error: unknown) => {
          this.#parts.logger.log('warn', 'not-cut', { room, code: toWireError(error).code });
        });
      }),
    );
  }
}

/** Spaces in which one or few write and all read: `@<member>`, `@workspace`, `@teams`. */
function isCarried(space: string): boolean {
  return space.startsWith('@');
}
