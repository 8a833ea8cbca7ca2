// Writes a bundle: the log, the documents with their history, attachments where they are wanted, the signature. What may be in it is bundle-audience.ts.
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { decodeSegment } from '../../../shared/hub/history/segment.ts';
import { decodeStateVector, encodeStateVector } from '../../../shared/hub/knowledge.ts';
import { RoomBytes } from '../../../shared/hub/room-bytes.ts';
import { AppError, toWireError } from '../../../shared/base/app-error.ts';
import { toBase64url } from '../../../shared/base/encoding.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { syncFolder } from '../../../shared/node/atomic-file.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { BundleTarget } from '../../contract/bundles.ts';
import { Breath } from '../breath.ts';
import type { HostParts } from '../call-handlers.ts';
import { fileError } from '../file-error.ts';
import type { JobContext } from '../jobs.ts';
import type { Workspace } from '../workspace.ts';
import type { Audience } from './bundle-audience.ts';
import { encodeEntry, sittingName, type BundleAbout, type Entry } from './bundle-entries.ts';
import { encodeHeader, type Opening } from './bundle-header.ts';
import type { BundleKnowledge } from './bundle-knowledge.ts';
import { BUNDLE_LIMITS } from './bundle-limits.ts';
import { BundleDigest } from './bundle-signature.ts';
import { demandNoFile } from './bundles.ts';
import { tooManyComputers, weakPassphrase } from './bundle-words.ts';
import { KEY, passphraseKey, seal, sealToDevices } from './seal-keys.ts';
import { payloadKey, SealedWriter } from './sealed-file.ts';

/** What scrypt costs: 128 MiB, half a second. */
const COST = 17;

export interface BundleOrder {
  readonly to: BundleTarget;
  /** Leave out what the others are known to have. */
  readonly since: boolean;
  readonly files: boolean;
  readonly passphrase: string | null;
}

export interface WrittenBundle {
  readonly size: number;
  /** With changes in it. */
  readonly documents: number;
  readonly sittings: number;
  readonly files: number;
  /** Attachments that its documents show and that are not on this computer, or were not wanted. */
  readonly filesLeft: number;
  /** Documents that cannot be read here. */
  readonly unreadable: number;
}

interface Known {
  readonly vector: Uint8Array;
  readonly isHeld: (digest: Uint8Array) => boolean;
  readonly sittings: ReadonlySet<string>;
}

const NOTHING_KNOWN: Known = { vector: encodeStateVector(new Map()), isHeld: () => false, sittings: new Set() };

/** The rooms that go into it or that it speaks of, in a fixed order. */
export async function roomsOf(host: HostParts, workspace: string, audience: Audience): Promise<readonly string[]> {
  const rooms: string[] = [];
  for await (const room of host.store.rooms(workspace)) if (audience.takes(room)) rooms.push(room);
  if (audience.carries) return rooms.sort();
  const own: string[] = [];
  const breath = new Breath();
  for (const room of rooms.sort()) {
    if (breath.isDue) await breath.take();
    const sessions = await host.history.sessionsOf(room);
    if (sessions.some(({ device }) => device === host.device.id)) own.push(room);
  }
  return own;
}

/** Whole under its name when it resolves, or not there at all. Throws `already-exists`, `disk-full`, `read-only`, `cancelled`. */
export async function writeBundle(
  host: HostParts,
  workspace: Workspace,
  { audience, knowledge, order }: { audience: Audience; knowledge: BundleKnowledge; order: BundleOrder },
  target: string,
  context: JobContext,
): Promise<WrittenBundle> {
  const fileKey = new Uint8Array(randomBytes(KEY));
  const opening = await openingFor(fileKey, audience, order.passphrase);
  const { bytes, hash } = encodeHeader({ workspace: workspace.id, opening });
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.${randomId()}.tmp`);
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      const sealed = new SealedWriter(file, payloadKey(fileKey, hash));
      const digest = new BundleDigest(hash);
      const put = async (entry: Entry): Promise<void> => {
        const raw = encodeEntry(entry, workspace.id);
        if (entry.kind !== 'end') digest.add(raw);
        await sealed.write(raw);
      };
      const written = await writeEntries(host, workspace, { audience, knowledge, order }, put, context);
      await put({ kind: 'end', signature: digest.sign(host.device) });
      await sealed.end();
      context.commit();
      await file.sync();
      const { size } = await file.stat();
      await file.close();
      // Writing took its time: what came there meanwhile is not written over.
      await demandNoFile(target);
      await rename(beside, target);
      // Not every file system of a stick knows this; the file itself is on it.
      await syncFolder(path.dirname(target)).catch(() => undefined);
      return { ...written, size };
    } finally {
      await file.close().catch(() => undefined); // It is closed where all went well.
    }
  } catch (error) {
    await rm(beside, { force: true });
    throw fileError(error, `The bundle ${target} cannot be written.`);
  }
}

async function openingFor(fileKey: Uint8Array, { devices }: Audience, passphrase: string | null): Promise<Opening> {
  if (passphrase !== null) {
    if ([...passphrase].length < BUNDLE_LIMITS.leastPassphrase) throw weakPassphrase(BUNDLE_LIMITS.leastPassphrase);
    const salt = new Uint8Array(randomBytes(16));
    const key = await passphraseKey(passphrase, salt, COST, 1);
    return { kind: 'passphrase', salt, cost: COST, parallel: 1, sealed: seal(key, fileKey) };
  }
  if (devices.length > BUNDLE_LIMITS.recipients) throw tooManyComputers(BUNDLE_LIMITS.recipients);
  const { ephemeral, sealed } = sealToDevices(
    fileKey,
    devices.map(({ key }) => key),
  );
  const parts = sealed.flatMap((one, at) => (one ? [{ device: devices[at]?.device ?? '', sealed: one }] : []));
  return { kind: 'devices', ephemeral, devices: parts };
}

async function writeEntries(
  host: HostParts,
  workspace: Workspace,
  { audience, knowledge, order }: { audience: Audience; knowledge: BundleKnowledge; order: BundleOrder },
  put: (entry: Entry) => Promise<void>,
  context: JobContext,
): Promise<Omit<WrittenBundle, 'size'>> {
  const { to, since } = order;
  const { certified, pending, records } = workspace.log;
  const about: BundleAbout = {
    v: 1,
    workspace: workspace.id,
    writer: host.device.id,
    hub: host.hub.hub,
    at: host.clock.now(),
    to,
    since,
    ordered: certified.length,
    word: certified.word,
  };
  await put({ kind: 'about', about });
  for (const text of [...records.slice(0, certified.length), ...pending]) await put({ kind: 'record', text });
  const rooms = await roomsOf(host, workspace.id, audience);
  await host.history.cut(rooms);
  const counts = { documents: 0, sittings: 0, files: 0, filesLeft: 0, unreadable: 0 };
  const brought: string[] = [];
  const segments: { readonly room: string; readonly hash: string }[] = [];
  const breath = new Breath();
  for (const [at, room] of rooms.entries()) {
    if (breath.isDue) await breath.take();
    demandGoingOn(context);
    context.progress(at, rooms.length, host.catalogue.row(room)?.title ?? '');
    const bytes = await contentOf(host, room);
    if (!bytes) {
      counts.unreadable += 1;
      continue;
    }
    // Asked once the bytes are in hand: who holds what is here now holds these, and what is typed meanwhile is in neither.
    const known = since ? await knownOf(workspace, knowledge, audience, room) : NOTHING_KNOWN;
    const hashes = [...(await host.store.segments.ofRoom(room))].sort();
    const digest = bytes.digest();
    const update = known.isHeld(digest) ? null : bytes.diff(known.vector);
    const sittings = hashes.map(sittingName).slice(0, BUNDLE_LIMITS.sittings);
    await put({ kind: 'room', part: { room, digest, vector: bytes.stateVector(), sittings, update } });
    if (update) {
      counts.documents += 1;
      brought.push(room);
    }
    for (const hash of hashes) if (!known.sittings.has(sittingName(hash))) segments.push({ room, hash });
  }
  for (const { room, hash } of segments) {
    if (breath.isDue) await breath.take();
    demandGoingOn(context);
    const bytes = await host.store.segments.read(workspace.id, hash);
    if (!bytes || bytes.length > LIMITS.segment || (!audience.carries && !isOwn(host, bytes))) continue;
    await put({ kind: 'segment', room, hash, bytes });
    counts.sittings += 1;
  }
  const which = { wanted: order.files, carries: audience.carries };
  await writeFiles(host, workspace.id, brought, which, counts, put, context);
  return counts;
}

/** What every one of the computers is known to have. */
async function knownOf(
  workspace: Workspace,
  knowledge: BundleKnowledge,
  { devices }: Audience,
  room: string,
): Promise<Known> {
  const { devices: told } = await workspace.holders(room);
  const hold = new Set(told.filter(({ held }) => held).map(({ device }) => device));
  const known = await Promise.all(devices.map(({ device }) => knowledge.of(device, room)));
  const isHeld = (digest: Uint8Array): boolean =>
    devices.every(
      ({ device }, at) => hold.has(device) || Buffer.compare(known[at]?.digest ?? new Uint8Array(), digest) === 0,
    );
  const said = known.flatMap((one) => (one ? [one] : []));
  // A vector of nothing where one of them never said anything.
  const [first, ...others] = said.length === devices.length ? said : [];
  const clocks = new Map(first && decodeStateVector(first.vector));
  for (const { vector } of others) {
    const theirs = decodeStateVector(vector) ?? new Map<number, number>();
    for (const [client, clock] of clocks) clocks.set(client, Math.min(clock, theirs.get(client) ?? 0));
  }
  for (const [client, clock] of clocks) if (clock === 0) clocks.delete(client);
  const theirs = others.map((other) => new Set(other.sittings));
  const sittings = new Set(first?.sittings.filter((one) => theirs.every((has) => has.has(one))));
  return { vector: encodeStateVector(clocks), isHeld, sittings };
}

/** Null for what is damaged here: somebody else has it. */
async function contentOf(host: HostParts, room: string): Promise<RoomBytes | null> {
  try {
    const stored = await host.store.load(room);
    const bytes = stored && new RoomBytes(stored);
    return bytes && bytes.whole().length <= LIMITS.frame ? bytes : null;
  } catch (error) {
    if (toWireError(error).code === 'damaged') return null;
    throw error;
  }
}

function isOwn({ device }: HostParts, bytes: Uint8Array): boolean {
  const segment = decodeSegment(bytes);
  return segment !== null && toBase64url(segment.signer) === device.publicKey.x;
}

async function writeFiles(
  host: HostParts,
  workspace: string,
  rooms: readonly string[],
  { wanted, carries }: { readonly wanted: boolean; readonly carries: boolean },
  counts: { files: number; filesLeft: number },
  put: (entry: Entry) => Promise<void>,
  context: JobContext,
): Promise<void> {
  for (const { blob, spaces } of await filesOf(host, workspace, rooms, carries)) {
    const [space] = spaces;
    const file = wanted && space !== undefined ? await host.attachments.open({ workspace, space, blob }) : null;
    if (!file) {
      counts.filesLeft += 1;
      continue;
    }
    context.progress(counts.files, null, 'Attachments');
    await put({ kind: 'blob', blob, size: file.size, spaces });
    for await (const part of file.read(0, file.size)) {
      demandGoingOn(context);
      for (let at = 0; at < part.length; at += BUNDLE_LIMITS.chunk) {
        await put({ kind: 'piece', bytes: part.subarray(at, at + BUNDLE_LIMITS.chunk) });
      }
    }
    counts.files += 1;
  }
}

/** What these documents show, with the spaces from which it may go along; none where it is not here, or is not its writer's to hand on (PB3). */
export async function filesOf(
  { attachments }: HostParts,
  workspace: string,
  rooms: readonly string[],
  carries: boolean,
): Promise<readonly { readonly blob: string; readonly spaces: readonly string[] }[]> {
  await attachments.read();
  const files = new Map<string, Set<string>>();
  for (const room of rooms) {
    const space = parseRoomName(room)?.space ?? '';
    for (const { blob } of attachments.referencesOf(room)) {
      const spaces = files.get(blob) ?? new Set();
      files.set(blob, spaces);
      const at = { workspace, space, blob };
      if (spaces.size < BUNDLE_LIMITS.spaces && (carries ? attachments.has(at) : attachments.isAdded(at)))
        spaces.add(space);
    }
  }
  return [...files].map(([blob, spaces]) => ({ blob, spaces: [...spaces] }));
}

function demandGoingOn({ signal }: JobContext): void {
  if (signal.aborted) throw new AppError('cancelled', 'It was cancelled. Nothing was written.');
}
