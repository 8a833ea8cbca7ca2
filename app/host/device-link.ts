// The two codes by which a second computer of one's own comes in: a link that says where, an answer that proves a key. Neither is a secret.
import { deviceId } from '../../shared/access/device-key.ts';
import type { DeviceKey, PublicJwk } from '../../shared/access/identity.ts';
import { deviceStatement, prove, provesBy } from '../../shared/access/proof.ts';
import { AppError } from '../../shared/base/app-error.ts';
import { fromBase64url, toBase64url } from '../../shared/base/encoding.ts';
import { LONGEST_TITLE, asOneLine } from '../../shared/model/document/title.ts';
import { parseRelayUrl, type RelayUrl } from './relay-url.ts';

/** What the old computer shows: whose device the new one shall be, and where to ask. */
export interface DeviceLink {
  readonly relay: RelayUrl;
  readonly workspace: string;
  readonly member: string;
  /** What the workspace was called; may be empty. */
  readonly title: string;
}

const KEYS = new Set(['v', 'relay', 'workspace', 'member', 'title']);
const HASH = /^[A-Za-z0-9_][A-Za-z0-9_-]{42}$/;

export function formatDeviceLink({ relay, workspace, member, title }: DeviceLink): string {
  const parts = new URLSearchParams({ v: '1', relay, workspace, member, title });
  return `caravan://device#${parts.toString()}`;
}

/** Strict: every part exactly once, nothing unknown. */
export function parseDeviceLink(text: string): DeviceLink {
  const [before, fragment, ...rest] = text.trim().split('#');
  if (!/^caravan:\/\/device\/?$/.test(before ?? '') || fragment === undefined || rest.length > 0) {
    throw notALink('it does not begin with caravan://device#');
  }
  const parts = new URLSearchParams(fragment);
  for (const key of parts.keys()) {
    if (!KEYS.has(key)) throw notALink(`this version does not know its part "${key.slice(0, 40)}"`);
    if (parts.getAll(key).length > 1) throw notALink(`its part "${key}" stands there twice`);
  }
  const version = parts.get('v');
  if (version !== null && version !== '1') {
    throw new AppError(
      'too-new',
      'This link was made by a newer version of Caravan. Nothing was changed. Update Caravan, then open it again.',
    );
  }
  const [relay, workspace, member] = [parts.get('relay'), parts.get('workspace') ?? '', parts.get('member') ?? ''];
  if (version === null || !relay) throw notALink('a part is missing; perhaps it was cut when it was copied');
  if (!HASH.test(workspace) || !HASH.test(member)) throw notALink('an id in it is missing or cut');
  return {
    relay: parseRelayUrl(relay),
    workspace,
    member,
    title: asOneLine(parts.get('title') ?? '').slice(0, LONGEST_TITLE),
  };
}

const BEFORE = 'caravan-device:';
/** A version, the public key, and its signature over workspace, member and device. */
const [VERSION, KEY_BYTES, PROOF_BYTES] = [1, 32, 64];

/** What the new computer answers; worth nothing to anybody but that member in that workspace. */
export async function deviceCode(device: DeviceKey, { workspace, member }: DeviceLink): Promise<string> {
  const proof = await prove(device, deviceStatement(workspace, member, device.id));
  const key = fromBase64url(device.publicKey.x) ?? new Uint8Array();
  return `${BEFORE}${toBase64url(new Uint8Array([VERSION, ...key, ...(fromBase64url(proof) ?? [])]))}`;
}

/** What device.add needs of it. */
export interface DeviceAnswer {
  readonly device: PublicJwk;
  readonly id: string;
  readonly proof: string;
}

/** Throws `bad-input` for what is no code, and for one that was made for somebody else or another workspace. */
export async function readDeviceCode(text: string, workspace: string, member: string): Promise<DeviceAnswer> {
  const trimmed = text.replace(/\s+/g, '');
  const bytes = trimmed.startsWith(BEFORE) ? fromBase64url(trimmed.slice(BEFORE.length)) : null;
  if (bytes && bytes[0] !== undefined && bytes[0] > VERSION) {
    throw new AppError(
      'too-new',
      'This code was made by a newer version of Caravan. Nothing was changed. Update Caravan here.',
    );
  }
  if (bytes?.length !== 1 + KEY_BYTES + PROOF_BYTES || bytes[0] !== VERSION) {
    throw new AppError(
      'bad-input',
      'This is not the code of a new computer, or a part of it is missing. Nothing was changed. It begins with caravan-device: and stands on the new computer’s screen.',
    );
  }
  const device: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(bytes.subarray(1, 1 + KEY_BYTES)) };
  const proof = toBase64url(bytes.subarray(1 + KEY_BYTES));
  const id = await deviceId(device);
  if (!(await provesBy(device, deviceStatement(workspace, member, id), proof))) {
    throw new AppError(
      'bad-input',
      'This code was made for another workspace or another person. Nothing was changed. Make the link anew here, and open it on the new computer.',
    );
  }
  return { device, id, proof };
}

function notALink(why: string): AppError {
  return new AppError(
    'bad-input',
    `This is not a link for a computer of one's own: ${why}. Nothing was changed. Copy the whole of it from the other computer.`,
  );
}
