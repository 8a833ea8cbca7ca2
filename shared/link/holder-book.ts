// Who holds what of a space, as a relay keeps and publishes it: the port that links use; shared/hub/published-cursors.ts fills it.
import type { Event } from '../base/emitter.ts';
import type { Holder, Holding } from '../protocol/cursor-frames.ts';
import type { SpaceCursor } from '../protocol/link-frames.ts';

/** A device and the hub that speaks for it: another hub of the same device holds nothing of what the first one did. */
export interface HoldingDevice {
  readonly device: string;
  readonly hub: string;
}

export interface HolderBook {
  /**
   * A device is connected, and these are all the cursors that it has: what it said before and they do not bear out is void
   * (it lost data), and the rest is true as of now.
   */
  arrived(workspace: string, who: HoldingDevice, cursors: readonly SpaceCursor[]): Promise<void>;
  /** What the device holds now, in this hub's numbers; the newest statement counts, also when it is a smaller one. */
  stated(workspace: string, who: HoldingDevice, holdings: readonly Holding[]): Promise<void>;
  /** Every device that holds anything of the space. Empty for an unknown one. */
  holders(workspace: string, space: string): Promise<readonly Holder[]>;
  /** A device's entry became different. */
  readonly onChange: Event<{ readonly workspace: string; readonly space: string; readonly device: string }>;
}
