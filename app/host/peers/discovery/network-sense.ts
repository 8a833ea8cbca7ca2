// What can be said of looking on a network, from what was sent and heard; the words for it are the windows'. Pure.

/**
 * `off`: nobody looks. `no-network`: this computer has no address but its own. `looking`: announcements come and go. `quiet`: nothing of
 * any other computer is heard; there may be none, or they are kept apart. `blocked`: not even this computer hears what it says.
 */
export type LookingState = 'off' | 'no-network' | 'looking' | 'quiet' | 'blocked';

export interface Sensed {
  readonly on: boolean;
  /** Interfaces that lead elsewhere, and those that take what is said. */
  readonly networks: number;
  readonly open: number;
  /** When it was first asked since the network became this one; null: not yet. */
  readonly askedAt: number | null;
  /** When something of this computer, and of any other one, was heard last since then. */
  readonly echoAt: number | null;
  readonly otherAt: number | null;
}

/** Milliseconds after which an echo should have come, and something of a neighbour: many devices speak of their own accord. */
const ECHO_PATIENCE = 5_000;
const NEIGHBOUR_PATIENCE = 30_000;

export function lookingState(sensed: Sensed, now: number): LookingState {
  if (!sensed.on) return 'off';
  if (sensed.networks === 0) return 'no-network';
  const waited = sensed.askedAt === null ? 0 : now - sensed.askedAt;
  if (sensed.otherAt !== null) return 'looking';
  if (sensed.open === 0) return 'blocked';
  if (sensed.echoAt === null && waited > ECHO_PATIENCE) return 'blocked';
  return waited > NEIGHBOUR_PATIENCE ? 'quiet' : 'looking';
}
