// Join links: `caravan://join#v=2&relay=...&workspace=...&invite=...&seed=...&title=...`, and without a relay `v=3` with the inviting computer in the relay's place. The seed is the secret; it stands in the fragment.
import { isIP } from 'node:net';
import { z } from 'zod';
import type { PublicJwk } from '../../shared/access/identity.ts';
import { SEED_BYTES } from '../../shared/access/seed-key.ts';
import { AppError } from '../../shared/base/app-error.ts';
import { fromBase64url, toBase64url } from '../../shared/base/encoding.ts';
import { LONGEST_TITLE, asOneLine } from '../../shared/model/document/title.ts';
import { isDocumentId } from '../../shared/model/document/meta.ts';
import type { PeerAddress } from './peers/peer-connection.ts';
import { parseRelayUrl, type RelayUrl } from './relay-url.ts';

export interface JoinLink {
  /** Null in a link that leads to a computer. */
  readonly relay: RelayUrl | null;
  readonly workspace: string;
  /** What the inviter's workspace was called; shown until the real title has arrived. May be empty. */
  readonly title: string;
  /** Null in a link of the first kind, which names an open workspace and proves nothing. */
  readonly invite: { readonly id: string; readonly seed: Uint8Array } | null;
  /** The computer of who invites, where there is no relay. */
  readonly peer: InvitingComputer | null;
}

export interface InvitingComputer {
  /** Its device's key. */
  readonly key: PublicJwk;
  /** By this it sees that whoever comes has the link (PE1). */
  readonly meeting: Uint8Array;
  /** Where it listened when it invited, the likeliest first. */
  readonly addresses: readonly PeerAddress[];
}

/** Addresses in one link: more make it long, and a computer is rarely in more networks. */
export const LINK_ADDRESSES = 4;
const KEY_BYTES = 32;

const KEYS: Readonly<Record<string, ReadonlySet<string>>> = {
  1: new Set(['v', 'relay', 'workspace', 'title']),
  2: new Set(['v', 'relay', 'workspace', 'invite', 'seed', 'title']),
  3: new Set(['v', 'at', 'key', 'meeting', 'workspace', 'invite', 'seed', 'title']),
};

/** What a saved invite (`*.caravan-invite`) holds. */
const inviteFile = z.strictObject({ caravan: z.literal('invite'), link: z.string().max(10_000) });

export function formatJoinLink({ relay, workspace, title, invite, peer }: JoinLink): string {
  const parts: [string, string][] = [['v', peer ? '3' : invite ? '2' : '1']];
  if (peer) {
    const at = peer.addresses.slice(0, LINK_ADDRESSES).map(addressText).join(',');
    parts.push(['at', at], ['key', peer.key.x], ['meeting', toBase64url(peer.meeting)]);
  } else parts.push(['relay', relay ?? '']);
  parts.push(['workspace', workspace]);
  if (invite) parts.push(['invite', invite.id], ['seed', toBase64url(invite.seed)]);
  parts.push(['title', title]);
  return `caravan://join#${new URLSearchParams(parts).toString()}`;
}

/** Strict: every part exactly once, nothing unknown. The same fragment behind an https page, and an invite file's text, are accepted too. */
export function parseJoinLink(text: string): JoinLink {
  const trimmed = linkIn(text.trim());
  const [before, fragment, ...rest] = trimmed.split('#');
  const isPlace =
    before === 'caravan://join' || before === 'caravan://join/' || /^https:\/\/[^\s#]+$/.test(before ?? '');
  if (!isPlace || fragment === undefined || rest.length > 0) throw notALink('it does not begin with caravan://join#');
  const parts = new URLSearchParams(fragment);
  const version = parts.get('v');
  if (version === null) throw notALink('its version is missing; perhaps it was cut when it was copied');
  const known = KEYS[version];
  if (!known) {
    throw new AppError(
      'too-new',
      'This link was made by a newer version of Caravan. Nothing was changed. Update Caravan, then open it again.',
    );
  }
  for (const key of parts.keys()) {
    if (!known.has(key)) throw notALink(`this version does not know its part "${key.slice(0, 40)}"`);
    if (parts.getAll(key).length > 1) throw notALink(`its part "${key}" stands there twice`);
  }
  const relay = parts.get('relay');
  const workspace = parts.get('workspace');
  const isOfComputer = version === '3';
  if (!relay && !isOfComputer) throw notALink("the relay's address is missing; perhaps it was cut when it was copied");
  if (!isDocumentId(workspace)) throw notALink("the workspace's id is missing or cut");
  return {
    relay: isOfComputer ? null : parseRelayUrl(relay ?? ''),
    peer: isOfComputer ? peerIn(parts) : null,
    workspace,
    title: asOneLine(parts.get('title') ?? '').slice(0, LONGEST_TITLE),
    invite: version === '1' ? null : inviteIn(parts),
  };
}

function inviteIn(parts: URLSearchParams): NonNullable<JoinLink['invite']> {
  const id = parts.get('invite');
  const seed = fromBase64url(parts.get('seed') ?? '');
  if (!isDocumentId(id)) throw notALink("the invite's id is missing or cut");
  if (seed?.length !== SEED_BYTES) throw notALink('its secret is missing or cut');
  return { id, seed };
}

function peerIn(parts: URLSearchParams): InvitingComputer {
  const x = parts.get('key') ?? '';
  const meeting = fromBase64url(parts.get('meeting') ?? '');
  const addresses = (parts.get('at') ?? '').split(',').map(addressIn);
  if (fromBase64url(x)?.length !== KEY_BYTES) throw notALink('the key of the inviting computer is missing or cut');
  if (meeting?.length !== KEY_BYTES) throw notALink('the key of the workspace is missing or cut');
  const known = addresses.filter((address) => address !== null);
  if (known.length !== addresses.length || known.length > LINK_ADDRESSES) {
    throw notALink('the addresses of the inviting computer are missing or cut');
  }
  return { key: { kty: 'OKP', crv: 'Ed25519', x }, meeting, addresses: known };
}

function addressText({ host, port }: PeerAddress): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/** An IP address with a port, or null: a link must not make this computer look up names. */
function addressIn(text: string): PeerAddress | null {
  const [, six, four, digits] = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([0-9.]{7,15})):([0-9]{1,5})$/.exec(text) ?? [];
  const host = six ?? four ?? '';
  const port = Number(digits);
  if (isIP(host) !== (six === undefined ? 4 : 6) || !(port > 0 && port < 65_536)) return null;
  return { host, port };
}

/** The link of a saved invite; any other text is taken for the link itself. */
function linkIn(text: string): string {
  if (!text.startsWith('{')) return text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notALink('the invite file cannot be read');
  }
  const file = inviteFile.safeParse(value);
  if (!file.success) throw notALink('the file is not a saved invite');
  return file.data.link.trim();
}

function notALink(why: string): AppError {
  return new AppError(
    'bad-input',
    `This is not a link to join a workspace: ${why}. Nothing was changed. Ask for the link again and copy the whole of it.`,
  );
}
