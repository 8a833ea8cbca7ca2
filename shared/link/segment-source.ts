// What a link needs of a hub's history: segments by number and by hash. The hub fills it; nothing here touches a room's content.
import type { Event } from '../base/emitter.ts';
import type { SpaceHead } from './room-source.ts';

/** A segment as a list names it: the updates of one editing session, immutable (docs/storage.md, rules SG). */
export interface SegmentRef {
  /** SHA-256 of all its bytes, 64 lower-case hexadecimal digits: its name everywhere. */
  readonly hash: string;
  readonly room: string;
  /** Its number in its space *at this hub*; gaps stand where retention removed some. */
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** When its last update was taken in, by the clock of the hub that recorded it (milliseconds since the epoch). */
  readonly endedAt: number;
}

export type AddSegmentOutcome =
  /** Durable. */
  | { readonly kind: 'stored' }
  /** It was here already. */
  | { readonly kind: 'known' }
  /** Not what it says it is (hash, format, signature, another workspace), or older than what is kept. Nothing was stored. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface SegmentNews {
  readonly workspace: string;
  readonly space: string;
  /** The space's newest number. */
  readonly number: number;
}

/**
 * Rights are the caller's to ask (by the room of each ref). Numbers hold within one epoch of the hub, like those of changes.
 * Rejects with AppErrors of the store (`disk-full`, `closed`, `damaged`).
 */
export interface SegmentSource {
  /** Segments of a space numbered above `after`, in rising order, at most `limit`. */
  segmentsAfter(workspace: string, space: string, after: number, limit: number): Promise<readonly SegmentRef[]>;
  /** The newest number of every space of the workspace that ever held a segment. */
  segmentHeads(workspace: string): Promise<readonly SpaceHead[]>;
  hasSegment(workspace: string, hash: string): Promise<boolean>;
  /** False when it is here already, or older than what retention keeps here: then it need not be fetched. */
  wantsSegment(ref: Pick<SegmentRef, 'room' | 'hash' | 'size' | 'endedAt'>): Promise<boolean>;
  /** The bytes, or null when this hub does not have it (any more). */
  readSegment(workspace: string, hash: string): Promise<Uint8Array | null>;
  /**
   * Checks hash, format, signature and that it is of the room for which it was offered, in this workspace (rights were asked
   * for that room); durable when it resolves. Never changes a room.
   */
  addSegment(workspace: string, hash: string, bytes: Uint8Array, room: string): Promise<AddSegmentOutcome>;
  /** After segments became durable here, recorded or received. */
  readonly onSegment: Event<SegmentNews>;
}
