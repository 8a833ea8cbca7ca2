// The port under the rooms: durable bytes by room, numbered changes by space. It knows nothing of Yjs documents.
import type { Change, SpaceHead } from '../link/room-source.ts';
import type { SegmentRows } from './segment-rows.ts';
import type { FreshValue, ValueStore } from './value-store.ts';

/** The merged state of a room with what is needed to answer without decoding it. */
export interface RoomState {
  /** One Yjs update (v1). */
  readonly update: Uint8Array;
  /** Its encoded state vector. */
  readonly stateVector: Uint8Array;
  /** Its encoded delete set (as in Yjs update v1). */
  readonly deleteSet: Uint8Array;
}

/** A room as stored: the state of the last compaction and the updates since, oldest first. */
export interface StoredRoom {
  readonly state: RoomState | null;
  readonly tail: readonly Uint8Array[];
  /** The place of the oldest of the tail; those behind it have the places that follow. */
  readonly first: number;
  /** The number of its newest change in its space. */
  readonly number: number;
}

export interface Appended {
  /** The room's new change number. */
  readonly number: number;
  /** The update's place in the tail. */
  readonly place: number;
}

/**
 * Errors: AppError `disk-full`, `read-only`, `damaged`, `closed` or `internal`. A rejected append stored nothing that a
 * later load() returns, and nothing of it may be acknowledged. All calls for one room are in order.
 */
export interface DocStore {
  /** Random, written once at creation. */
  readonly hub: string;
  /** Random, new at every opening, stored before the first append with the numbers it began at. */
  readonly epoch: string;
  /** The room, or null when nothing was ever stored for it. Throws `damaged` when a checksum does not hold. */
  load(room: string): Promise<StoredRoom | null>;
  /**
   * Appends one update; resolves once the bytes would survive a power cut. `alongside` stands or falls with it: both are there,
   * or neither is, also when a rejected append is taken back (rule GC4).
   */
  append(room: string, update: Uint8Array, alongside?: readonly FreshValue[]): Promise<Appended>;
  /**
   * Replaces the state and the tail before the place `through` by `state`, atomically; later entries stay. No new number. Some of
   * these are gone already where a rejected merge arrived after all. Throws where more is merged already than that, or less is there.
   * @param kept those of them that could not be merged (rule RO5): they stay, before what came later.
   */
  compact(room: string, through: number, state: RoomState, kept?: readonly Uint8Array[]): Promise<void>;
  /**
   * Rule PU1: removes the room with its updates and all its history, durably; load() then says null. What it was numbered counts
   * on, so that cursors stay true. A room that is not there is no error.
   */
  purge(room: string): Promise<void>;
  /** To be called before a removal whose bytes sweep() is to take from the disk: it finds only what was written before the last of these calls. */
  settle(): Promise<void>;
  /** Takes the bytes of what was removed from the disk: until then they may lie in the files, where no reader finds them. Slow. */
  sweep(): Promise<void>;
  /** Every room of a workspace (or of all), in no order. */
  rooms(workspace?: string): AsyncIterable<string>;
  changes(workspace: string, space: string, after: number, limit: number): Promise<readonly Change[]>;
  heads(workspace: string): Promise<readonly SpaceHead[]>;
  knowsCursor(epoch: string, workspace: string, space: string, number: number): Promise<boolean>;
  /** Small values of other parts (cursors, outbox, projections), by area and key; checksummed like the rest. */
  readonly values: ValueStore;
  /** History, in the same database as the rooms. */
  readonly segments: SegmentRows;
  /** Waits for what is under way, then closes. */
  close(): Promise<void>;
}
