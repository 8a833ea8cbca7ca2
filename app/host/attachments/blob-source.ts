// The port behind which somebody stands who has attachments: the relay, or a member's computer here on this network. It does nothing.
import type { GetOutcome } from './blob-client.ts';
import type { BlobAt } from './blob-rows.ts';

export interface BlobSource {
  /** `relay`, or the device's id. */
  readonly id: string;
  /** Here on this network: asked before the others, and only for what it said that it has. */
  readonly isNear: boolean;
  /** The relay's shelf, once it is ready; null for others. */
  readonly shelf: string | null;
  /** Whether it can be asked at all now. */
  ready(): Promise<boolean>;
  /** Whether it has one, as it said last; null: it was not asked, or did not say. */
  has(at: BlobAt): boolean | null;
  /** The piece that begins at `start`. May reject with `unreachable`. */
  get(at: BlobAt, start: number): Promise<GetOutcome>;
}
