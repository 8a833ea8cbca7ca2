// What a link and a session need of a hub: rooms as bytes, their changes, and where each end stands. The hub fills it.
import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';

/** What became of an update given to a room. */
export type ApplyOutcome =
  /** Durable. `number` is the room's new change number in its space. */
  | { readonly kind: 'stored'; readonly number: number }
  /** The room already had all of it; nothing was stored or forwarded, and it counts as durable. */
  | { readonly kind: 'unchanged' }
  /** Words of a window whose clocks somebody else had taken: durable, outside of the document, and offered back (FC3). */
  | { readonly kind: 'aside' }
  /** It builds on something that this hub lacks; nothing was stored. Answer with the room's state vector (SyncStep1). */
  | { readonly kind: 'gap' }
  /** Refused for good (undecodable, too large, not allowed); nothing was stored. */
  | { readonly kind: 'refused'; readonly code: number; readonly reason: string }
  /** Could not be stored now (disk full, store failing or closed); nothing was stored and nothing may be acknowledged. */
  | { readonly kind: 'failed'; readonly code: number; readonly reason: string };

/** Who sent an update: an opaque token per session or link channel, so that nobody is sent their own bytes. */
export type Origin = object;

/** An edit made at this hub: by one socket (a window, a stock client), or by a command of this host. */
export type EditKind = 'socket' | 'command';

export interface RoomUpdate {
  /** Updates of one tick, merged; already durable. */
  readonly update: Uint8Array;
  /** The origins merged into it: a listener skips the event only when it is the single origin. */
  readonly origins: ReadonlySet<Origin>;
}

export interface PresenceUpdate {
  /** A y-protocols awareness update (without the message type). */
  readonly update: Uint8Array;
  readonly origin: Origin;
}

/** An open room, held by one holder; dispose() lets go, and the last one lets the room unload. */
export interface RoomHandle extends Disposable {
  readonly name: string;
  /** Encoded state vector of what is durable here. */
  stateVector(): Uint8Array;
  /** The state vector to ask another hub with: without what it is to show again for comparison. Default: stateVector(). */
  claim?(): Uint8Array;
  /** Another hub holds everything that is durable here. */
  confirmed?(): void;
  /** What this room has beyond `stateVector`, as one update, deletions included. Empty vector: everything. */
  diff(stateVector: Uint8Array): Uint8Array;
  /**
   * Checks, stores durably, then announces. Resolves after the write. Never throws for what the bytes contain. `edit` says that
   * it was made at this hub, which then records it as history; what came from another hub is recorded there.
   */
  apply(update: Uint8Array, origin: Origin, edit?: EditKind): Promise<ApplyOutcome>;
  /** The room's newest change number in its space. */
  readonly number: number;
  readonly onUpdate: Event<RoomUpdate>;
  /** The holder's presence frame: checked, kept against ghosts, forwarded to the others. False: refused by rule. */
  applyPresence(update: Uint8Array, origin: Origin): boolean;
  /** Removes what `origin` announced, and tells the others. Also done when the handle is disposed. */
  dropPresence(origin: Origin): void;
  /** The link that brought it is lost: a host keeps what `origin` announced for its time (rule PR8), a relay drops it. */
  losePresence(origin: Origin): void;
  /** Everybody present now as one awareness update, or null when nobody is. `own`: without what links brought to a host. */
  presence(own?: boolean): Uint8Array | null;
  readonly onPresence: Event<PresenceUpdate>;
  /** The room was taken away under its holders (purged, quarantined, rights lost, store failed): close with this code. */
  readonly onGone: Event<{ readonly code: number; readonly reason: string }>;
}

export type OpenOutcome =
  | { readonly kind: 'open'; readonly room: RoomHandle }
  | { readonly kind: 'refused'; readonly code: number; readonly reason: string };

/** The newest change number of one room of a space. */
export interface Change {
  readonly room: string;
  readonly number: number;
}

export interface SourceChange extends Change {
  readonly workspace: string;
  readonly space: string;
  /** All of it came over links: others may have it from where it came from. */
  readonly forwarded: boolean;
}

export interface SpaceHead {
  readonly workspace: string;
  readonly space: string;
  /** The number of the newest change. */
  readonly number: number;
}

/** What a room holds, as a short value: equal digests mean equal state vectors and delete sets. */
export interface RoomDigest {
  /** A change number of the room here that the digest covers; later changes may be in it already. */
  readonly number: number;
  readonly digest: Uint8Array;
}

/** Who is asking, as far as the connection proved it. */
export interface Principal {
  /** The device's id (JWK thumbprint), or null where nothing was proved. */
  readonly device: string | null;
  /** The member that the device belongs to in this workspace, or null. */
  readonly member: string | null;
}

/** What a link asks about one room beside opening it: hear that it is there, take its history, add to it. */
export type RoomRight = 'list' | 'history' | 'write';

/** A hub, as links and sessions see it. */
export interface RoomSource {
  /** Random, once per data folder. */
  readonly hub: string;
  /** Random, new at every start; cursors of an unknown epoch are void. */
  readonly epoch: string;
  /** Opens (and loads) a room for `principal`; no state is visible before it is loaded. */
  open(room: string, principal: Principal): Promise<OpenOutcome>;
  /** Whether `principal` has this right in a room now; it is asked for what does not go through a RoomHandle. */
  may(right: RoomRight, room: string, principal: Principal): boolean;
  /** The same of a space: whether it has the right in its documents, but for those that are nobody's any more. */
  mayIn(right: RoomRight, workspace: string, space: string, principal: Principal): boolean;
  /** Somebody's rights became different: what was listed for a principal may be more now, or less. */
  readonly onRights: Event<void>;
  /** The spaces of `workspace` that `principal` may read, each with its newest number. */
  heads(workspace: string, principal: Principal): Promise<readonly SpaceHead[]>;
  /** The rooms of a space changed after `after`, in rising order, at most `limit`. */
  changes(workspace: string, space: string, after: number, limit: number): Promise<readonly Change[]>;
  /** The digests of rooms as they are durable here, in the order asked; null for what is not here or cannot be read. Opens none. */
  digests(rooms: readonly string[]): Promise<readonly (RoomDigest | null)[]>;
  /**
   * Whether a cursor that was given out under `epoch` still means the same here: true when this hub's history contains
   * that epoch and had not got beyond `number` when the epoch ended.
   */
  knowsCursor(epoch: string, workspace: string, space: string, number: number): Promise<boolean>;
  /** Fires after each durable change; several of one tick may come as one. */
  readonly onChange: Event<readonly SourceChange[]>;
  /** Fires with each room that was purged: nothing of it is there any more, and nothing waits to be handed over. */
  readonly onPurged?: Event<string>;
}
