// Whose an editing session is. What it says of itself counts where that device signed it, or a relay that the log has named. It reads no segment.
import type { WorkspaceLog } from './membership.ts';

export interface ClaimedSession {
  readonly device: string;
  /** Base64url of the key that signed it; null: it sits here, and is not signed yet. */
  readonly signer: string | null;
}

/** '' where nothing is shown. */
export interface SessionAuthor {
  readonly device: string;
  readonly member: string;
}

const NOBODY: SessionAuthor = { device: '', member: '' };

/** Rule SG16: whoever may write in a room may hand over a segment that names anybody. */
export function sessionAuthor({ membership, facts }: WorkspaceLog, { device, signer }: ClaimedSession): SessionAuthor {
  const shown = signer === null || membership.keys.get(device)?.x === signer || facts.relays.has(signer);
  if (!shown) return NOBODY;
  return { device, member: membership.devices.get(device) ?? membership.removedDevices.get(device) ?? '' };
}
