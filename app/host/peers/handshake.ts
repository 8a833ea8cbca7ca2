// How two members' computers prove themselves to each other over one connection, step by step (PROTOCOL.md, section PE). No socket and no clock.
import { randomBytes } from 'node:crypto';
import { deviceId } from '../../../shared/access/device-key.ts';
import type { DeviceKey, Membership, PublicJwk } from '../../../shared/access/identity.ts';
import { provesPeer, signPeerStatement, type PeerRole, type PeerStatement } from '../../../shared/access/peer-proof.ts';
import { toBase64url } from '../../../shared/base/encoding.ts';
import { commonVersion } from '../../../shared/protocol/link-frames.ts';
import {
  encodeOpening,
  encodePeerFrame,
  NO_CODE,
  PEER_PURPOSES,
  PEER_VERSIONS,
  PROOF_BYTES,
  readAnswer,
  readGreeting,
  readPeerFrame,
  withProof,
  type Claim,
} from '../../../shared/protocol/peer-frames.ts';
import type { WorkspaceLog } from '../membership.ts';
import type { PeerExpectation, PeerPurpose, PeerTalk } from './peer-connection.ts';
import { codeProof, deviceHint, isSame, knowledgeProof, Said } from './peer-secrets.ts';
import { plainCode } from './peer-codes.ts';
import { refusedPeer, strangeVersion } from './refused-peer.ts';

/** What both ends bring. */
export interface HandshakeParts {
  readonly talk: PeerTalk;
  /** The secret of this very connection. */
  readonly channel: Uint8Array;
  readonly device: DeviceKey;
  /** Versions that this end speaks, best first. Default: all of this program. */
  readonly versions?: readonly number[];
}

/** The code of a workspace, at the accepting end. */
export interface CodeCheck {
  current(workspace: string): string | null;
  needed(workspace: string): boolean;
  failed(workspace: string): void;
  knows(workspace: string, device: string): boolean;
}

/** What a dialing end must have of a workspace: its log, or what a link to join says. */
export interface Acquaintance {
  readonly workspace: string;
  readonly shared: Pick<Membership, 'devices' | 'removedDevices' | 'keys'>;
  meeting(): Promise<Uint8Array>;
}

/** The other device, proved by its key over this connection. Whether it is a member is not asked yet. */
export interface ProvedPeer<L extends Acquaintance = WorkspaceLog> {
  readonly log: L;
  readonly purpose: PeerPurpose;
  readonly device: string;
  readonly publicKey: PublicJwk;
  /** Both ends proved the code. */
  readonly byCode: boolean;
  /** It came without the code that is needed here: it may show an invitation, and nothing is said to it before that. */
  readonly mustJoin: boolean;
}

/** What is the same for all statements of one conversation. */
type Terms = Pick<PeerStatement, 'workspace' | 'version' | 'purpose' | 'channel'>;

/** The dialing end. Rejects with what this end is to be told; nothing of it may reach the other one. */
export async function greet<L extends Acquaintance>(
  { talk, channel, device, versions = PEER_VERSIONS }: HandshakeParts,
  log: L,
  purpose: PeerPurpose,
  expected: PeerExpectation = {},
): Promise<ProvedPeer<L>> {
  const meeting = await log.meeting();
  const code = expected.code === undefined ? null : plainCode(expected.code);
  const said = new Said(channel);
  const greeting = opening({ kind: 'greeting', purpose: PEER_PURPOSES[purpose] }, versions, (nonce) =>
    code === null ? NO_CODE : codeProof(meeting, code, 'dialing', said.hash, nonce),
  );
  const sent = withProof(greeting, knowledgeProof(meeting, 'dialing', said.hash, greeting));
  talk.send(sent);
  said.add(sent);

  const message = await talk.receive();
  const answer = readAnswer(message);
  if (!answer || !isSame(answer.proof, knowledgeProof(meeting, 'accepting', said.hash, answer.said))) {
    throw refusedPeer('That computer does not know this workspace.');
  }
  const { version, versions: theirs, nonce, code: shown } = answer.opening;
  if (code !== null && !isSame(shown, codeProof(meeting, code, 'accepting', said.hash, nonce))) {
    throw refusedPeer('That computer shows another code.');
  }
  // What both lists come to, or somebody chose for them.
  if (version !== commonVersion(theirs, versions))
    throw refusedPeer('That computer chose another version than both speak.');
  said.add(message);

  const terms: Terms = { workspace: log.workspace, version, purpose, channel };
  talk.send(await claim('dialing', terms, said, device, false));

  const before = said.hash;
  const reply = await talk.receive();
  const claimed = readPeerFrame(reply);
  if (claimed?.kind !== 'claim') throw refusedPeer('That computer does not let this one in.');
  const other = await identify(claimed, 'accepting', terms, before, log);
  if (!other || other.device === device.id) throw refusedPeer('That computer did not prove who it is.');
  if (log.shared.removedDevices.has(other.device)) {
    throw refusedPeer('That computer has no part in this workspace any more.');
  }
  if (expected.device !== undefined && expected.device !== other.device) {
    throw refusedPeer('Another computer answers there than the one that was asked for.');
  }
  said.add(reply);
  if (claimed.key.length === 0) {
    // It knows this device not yet, and says no more before it has the records that name it.
    if (!log.shared.devices.has(other.device)) throw refusedPeer('Neither computer knows the other one.');
    talk.send(encodePeerFrame({ kind: 'key', key: keyBytes(device.publicKey) }));
  }
  return { log, purpose, ...other, byCode: code !== null, mustJoin: false };
}

/**
 * The accepting end: finds among `logs` the one that the other end proves to know, without a name having been said. Rejects with
 * what this end may write down; to the other end every reason must look the same.
 */
export async function welcome(
  { talk, channel, device, versions = PEER_VERSIONS }: HandshakeParts,
  logs: Iterable<WorkspaceLog>,
  codes: CodeCheck,
): Promise<ProvedPeer> {
  const said = new Said(channel);
  const message = await talk.receive();
  const greeting = readGreeting(message);
  if (!greeting) throw refusedPeer('It did not greet.');
  const known = await findLog(logs, (meeting) =>
    isSame(greeting.proof, knowledgeProof(meeting, 'dialing', said.hash, greeting.said)),
  );
  if (!known) throw refusedPeer('It knows no workspace of this computer.');
  const { log, meeting } = known;
  const { nonce, code: given } = greeting.opening;
  const code = codes.current(log.workspace);
  const byCode = given.length > 0;
  if (byCode) {
    const proved = code !== null && isSame(given, codeProof(meeting, plainCode(code), 'dialing', said.hash, nonce));
    if (!proved) {
      codes.failed(log.workspace);
      throw refusedPeer('It has another code than the one that is shown.');
    }
  }
  const purpose = purposeOf(greeting.opening.purpose);
  const version = commonVersion(greeting.opening.versions, versions);
  if (version === null || !purpose) throw strangeVersion();
  said.add(message);

  const answer = opening({ kind: 'answer', version }, versions, (own) =>
    !byCode || code === null ? NO_CODE : codeProof(meeting, plainCode(code), 'accepting', said.hash, own),
  );
  const sent = withProof(answer, knowledgeProof(meeting, 'accepting', said.hash, answer));
  talk.send(sent);
  said.add(sent);

  const terms: Terms = { workspace: log.workspace, version, purpose, channel };
  const before = said.hash;
  const first = await talk.receive();
  const claimed = readPeerFrame(first);
  if (claimed?.kind !== 'claim') throw refusedPeer('It did not say who it is.');
  said.add(first);
  const found = await identify(claimed, 'dialing', terms, before, log);
  const isKnown = found !== null && codes.knows(log.workspace, found.device);
  const mustJoin = !byCode && !isKnown && codes.needed(log.workspace);
  if (mustJoin && !(purpose === 'log' && (found || expectsSomebody(log)))) throw refusedPeer('It has no code.');
  // Nobody hears who is here who is not a member now, as far as this end knows.
  if (found && (!log.shared.devices.has(found.device) || found.device === device.id)) {
    throw refusedPeer('It has no part in this workspace any more.');
  }
  if (found && !mustJoin) {
    talk.send(await claim('accepting', terms, said, device, true));
    return { log, purpose, ...found, byCode, mustJoin };
  }
  talk.send(await claim('accepting', terms, said, device, false));
  const second = readPeerFrame(await talk.receive());
  const other =
    second?.kind === 'key' ? await identify({ ...claimed, key: second.key }, 'dialing', terms, before, log) : null;
  if (!other) throw refusedPeer('It did not prove who it is.');
  return { log, purpose, ...other, byCode, mustJoin };
}

/** Whether somebody could show an invitation that is good now. */
function expectsSomebody(log: WorkspaceLog): boolean {
  return [...log.membership.invites.keys()].some((invite) => log.isInviteGood(invite));
}

function opening(
  what: { readonly kind: 'greeting'; readonly purpose: number } | { readonly kind: 'answer'; readonly version: number },
  versions: readonly number[],
  code: (nonce: Uint8Array) => Uint8Array,
): Uint8Array {
  const nonce = randomBytes(PROOF_BYTES);
  return encodeOpening({ ...what, versions, nonce, code: code(nonce) });
}

async function claim(role: PeerRole, terms: Terms, said: Said, device: DeviceKey, open: boolean): Promise<Uint8Array> {
  const signature = await signPeerStatement(device, { role, ...terms, said: said.hash });
  const hint = deviceHint(device.id, role, said.hash);
  const message = encodePeerFrame({ kind: 'claim', hint, signature, key: open ? keyBytes(device.publicKey) : NO_CODE });
  said.add(message);
  return message;
}

/** The device that signed, by the key that came with it or else among all that the log ever knew; null: none, or a wrong signature. */
async function identify(
  { hint, signature, key }: Claim,
  role: PeerRole,
  terms: Terms,
  before: Uint8Array,
  log: Acquaintance,
): Promise<{ readonly device: string; readonly publicKey: PublicJwk } | null> {
  let device: string | null = null;
  let publicKey: PublicJwk | undefined;
  if (key.length > 0) {
    publicKey = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(key) };
    device = await deviceId(publicKey);
    if (!isSame(hint, deviceHint(device, role, before))) return null;
  } else {
    for (const [known, its] of log.shared.keys) {
      if (!isSame(hint, deviceHint(known, role, before))) continue;
      device = known;
      publicKey = its;
      break;
    }
  }
  if (device === null || !publicKey) return null;
  return (await provesPeer(publicKey, { role, ...terms, said: before }, signature)) ? { device, publicKey } : null;
}

/** All are tried, whichever fits: how long it takes tells nothing of which. */
async function findLog(
  logs: Iterable<WorkspaceLog>,
  fits: (meeting: Uint8Array) => boolean,
): Promise<{ readonly log: WorkspaceLog; readonly meeting: Uint8Array } | null> {
  let found: { readonly log: WorkspaceLog; readonly meeting: Uint8Array } | null = null;
  for (const log of logs) {
    const meeting = await log.meeting();
    if (fits(meeting)) found = { log, meeting };
  }
  return found;
}

function purposeOf(number: number): PeerPurpose | null {
  if (number === PEER_PURPOSES.link) return 'link';
  if (number === PEER_PURPOSES.log) return 'log';
  return number === PEER_PURPOSES.blobs ? 'blobs' : null;
}

function keyBytes({ x }: PublicJwk): Uint8Array {
  return Buffer.from(x, 'base64url');
}
