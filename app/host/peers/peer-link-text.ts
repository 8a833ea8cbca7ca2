// A link to a colleague's computer: `caravan://peer#v=1&w=...&d=...&c=...&a=...`, as text or as a QR code (PE52). It lets nobody into a workspace who is not in it.
import { AppError } from '../../../shared/base/app-error.ts';
import { isDeviceId } from '../../../shared/model/document/meta.ts';
import { isTag } from './discovery/day-tags.ts';
import type { PeerAddress } from './peer-connection.ts';
import { readCode } from './shown-codes.ts';
import { formatAddress, readAddress } from './typed-address.ts';

export interface PeerLinkText {
  /** The day's tag of the workspace: whoever is not in it learns nothing from the link. */
  readonly workspaceTag: string;
  /** The one device that may answer. */
  readonly device: string;
  /** As it is compared. */
  readonly code: string;
  /** The likeliest first. */
  readonly addresses: readonly PeerAddress[];
}

export const MOST_ADDRESSES = 8;
const LONGEST = 2_000;
const PARTS: ReadonlySet<string> = new Set(['v', 'w', 'd', 'c', 'a']);

export function formatPeerLink({ workspaceTag, device, code, addresses }: PeerLinkText): string {
  const listed = addresses.slice(0, MOST_ADDRESSES).map(formatAddress).join(',');
  return `caravan://peer#${new URLSearchParams({ v: '1', w: workspaceTag, d: device, c: code, a: listed }).toString()}`;
}

/** Strict: every part exactly once, nothing unknown. Throws `bad-input` or `too-new`. */
export function parsePeerLink(text: string): PeerLinkText {
  const trimmed = text.trim();
  const [before, fragment, ...rest] = trimmed.length > LONGEST ? [] : trimmed.split('#');
  if (!/^caravan:\/\/peer\/?$/.test(before ?? '') || fragment === undefined || rest.length > 0) {
    throw notALink('it does not begin with caravan://peer#');
  }
  const parts = new URLSearchParams(fragment);
  if (/^\d{1,9}$/.test(parts.get('v') ?? '') && parts.get('v') !== '1') {
    throw new AppError(
      'too-new',
      'This link was made by a newer version of Caravan. Nothing was changed. Update Caravan, then open it again.',
    );
  }
  for (const key of parts.keys()) {
    if (!PARTS.has(key)) throw notALink(`this version does not know its part "${key.slice(0, 40)}"`);
    if (parts.getAll(key).length > 1) throw notALink(`its part "${key}" stands there twice`);
  }
  const workspaceTag = parts.get('w');
  const device = parts.get('d');
  const code = readCode(parts.get('c') ?? '');
  const listed = (parts.get('a') ?? '').split(',');
  const addresses = listed.slice(0, MOST_ADDRESSES).flatMap((one) => readAddress(one) ?? []);
  if (parts.get('v') !== '1' || !isTag(workspaceTag) || !isDeviceId(device) || code === null) {
    throw notALink('a part of it is missing or cut');
  }
  if (addresses.length === 0 || addresses.length !== listed.length) throw notALink('its addresses are missing or cut');
  return { workspaceTag, device, code, addresses };
}

function notALink(why: string): AppError {
  return new AppError(
    'bad-input',
    `This is not a link to a colleague’s computer: ${why}. Nothing was changed. Copy the whole of it, or type the address and the code.`,
  );
}
