// When a hub unloads, compacts and looks again at a failing store; numbers with their reasons. Wire limits are in protocol.

export interface HubLimits {
  /** Milliseconds that a room without holders stays loaded: a reload of a window, a link's glance. */
  readonly linger: number;
  /** Rooms without holders that stay loaded at once: a first sync passes through thousands, each with its bytes. */
  readonly lingering: number;
  /** Updates in a tail before it is merged: merging bytes is superlinear, and 200 take a few milliseconds. */
  readonly tailEntries: number;
  /** Bytes in a tail before it is merged. */
  readonly tailBytes: number;
  /** Bytes in a tail from which it is merged out of turn: a fraction of the largest document, for both count towards it. */
  readonly tailUrgent: number;
  /** New shared types in a tail before it is merged: nesting is looked at only there. */
  readonly tailTypes: number;
  /** Updates in a tail from which unloading merges it first: below, loading it is as quick as merging. */
  readonly tailAtUnload: number;
  /** Milliseconds between asking for a compaction and running it: a burst of typing ends first. */
  readonly compactAfter: number;
  /** Milliseconds that merging one room in the hub's own thread may hold everybody else up: honest documents at their limit take a fraction, a forged one would take hours. */
  readonly mergeTime: number;
  /** Milliseconds that a hub which ends goes on merging what is left: it must end within ten seconds. */
  readonly mergeAtEnd: number;
  /** Milliseconds between tries to write while the store fails. */
  readonly probeEvery: number;
  /** Updates of one room that share one append: what arrives within one fsync, of the fastest sender. */
  readonly updatesPerAppend: number;
}

export const HUB_LIMITS: HubLimits = Object.freeze({
  linger: 10_000,
  lingering: 256,
  tailEntries: 200,
  tailBytes: 256 * 1024,
  tailUrgent: 8 * 1024 * 1024,
  tailTypes: 2_000,
  tailAtUnload: 50,
  compactAfter: 1_000,
  mergeTime: 1_000,
  mergeAtEnd: 1_000,
  probeEvery: 5_000,
  updatesPerAppend: 1_000,
});
