// Takes a bundle in: the log first, then each document through the hub's own check, its history, attachments. A part that is refused stops no other; what is taken twice changes nothing.
import { createHash, type Hash } from 'node:crypto';
import type { Membership } from '../../../shared/access/identity.ts';
import { isAllowed } from '../../../shared/access/rights.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import { toBase64url } from '../../../shared/base/encoding.ts';
import { decodeSegment, type DecodedSegment } from '../../../shared/hub/history/segment.ts';
import { LinkOrigin } from '../../../shared/link/room-channel.ts';
import type { ApplyOutcome, Principal } from '../../../shared/link/room-source.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { BundleTaken } from '../../contract/bundles.ts';
import { Breath } from '../breath.ts';
import type { HostParts } from '../call-handlers.ts';
import { RELAY } from '../host-access.ts';
import type { JobContext } from '../jobs.ts';
import type { Workspace } from '../workspace.ts';
import { mayBring } from './bundle-audience.ts';
import type { Entry } from './bundle-entries.ts';
import type { BundleKnowledge } from './bundle-knowledge.ts';
import { takeLog } from './bundle-log.ts';
import { cancelledReading, removedWriter, stoppedTaking } from './bundle-words.ts';
import type { OpenBundle } from './open-bundle.ts';
import type { BundleFront } from './read-bundle.ts';

/** A document that is being merged, or loaded anew, is tried again so often, after so many milliseconds. */
const TRIES = 20;
const AGAIN = 100;
/** Documents that could not be taken and are named. */
const NAMED = 200;
/** Bytes of what comes by signatures alone: profiles of 10,000 people. */
const MOST_SIGNED = 64 * 1024 * 1024;
const GAP =
  'It builds on changes that are not on this computer. Nothing of it was taken; ask for a bundle with everything ("since the last meeting" off).';
/** Who brings an attachment's bytes, in the store of unfinished ones. */
const WRITER = 'bundle';

/** @param front of the same bundle, which was read to its end before. */
export async function takeBundle(
  host: HostParts,
  workspace: Workspace,
  { bundle, front, knowledge }: { bundle: OpenBundle; front: BundleFront; knowledge: BundleKnowledge },
  context: JobContext,
): Promise<BundleTaken> {
  const taking = new Taking(host, workspace, front);
  await taking.log();
  const learning = await knowledge.learning(front.about);
  const breath = new Breath();
  try {
    for await (const { entry, at } of bundle.entries()) {
      if (breath.isDue) await breath.take();
      if (context.signal.aborted) throw cancelledReading(taking.documents);
      context.progress(bundle.size + at, 2 * bundle.size, 'Taking in what is new');
      await taking.take(entry);
      // Of rooms that are nothing to this computer nothing is remembered.
      if (entry.kind === 'room' && taking.mayHave(entry.part.room)) await learning.add(entry.part);
    }
    await learning.end();
  } catch (error) {
    throw taking.stopped(error);
  } finally {
    await taking.letGo();
  }
  // Whoever waited for the job finds what came in the next lists.
  await Promise.all([host.catalogue.settled(), host.threads.settled()]);
  return taking.result();
}

interface ComingFile {
  readonly blob: string;
  readonly size: number;
  readonly spaces: readonly string[];
  at: number;
  /** Of one that is here already: whether the bundle has its bytes is looked at all the same. Null: they are written as they come. */
  readonly here: Hash | null;
}

class Taking {
  readonly #host: HostParts;
  readonly #workspace: Workspace;
  readonly #front: BundleFront;
  readonly #origin: LinkOrigin;
  readonly #devices = new Map<string, string>();
  readonly #counts = { documents: 0, same: 0, sittings: 0, files: 0, hidden: 0 };
  readonly #refused: { document: string; title: string; reason: string }[] = [];
  #more = 0;
  readonly #signed: { readonly room: string; readonly at: number; readonly update: Uint8Array }[] = [];
  #signedBytes = 0;
  /** The attachment that comes, or null while it is passed over. */
  #file: ComingFile | null = null;

  constructor(host: HostParts, workspace: Workspace, front: BundleFront) {
    this.#host = host;
    this.#workspace = workspace;
    this.#front = front;
    this.#origin = new LinkOrigin(front.about.hub);
    for (const [device, { x }] of front.log.membership.keys) this.#devices.set(x, device);
  }

  get documents(): number {
    return this.#counts.documents;
  }

  result(): BundleTaken {
    return { ...this.#counts, records: this.#front.log.fresh, refused: this.#refused, more: this.#more };
  }

  /** What is said of it where it ended before the bundle did. */
  stopped(error: unknown): AppError {
    return error instanceof AppError && error.code === 'cancelled' ? error : stoppedTaking(error, this.documents);
  }

  async log(): Promise<void> {
    const { log } = this.#workspace;
    await takeLog(log, this.#front.log);
    // A removal among what nobody has put in order yet counts from now on.
    if (!log.shared.devices.has(this.#front.about.writer))
      throw removedWriter(this.#workspace.names().member(this.#front.member));
  }

  async take(entry: Entry): Promise<void> {
    if (entry.kind === 'blob' || entry.kind === 'end') await this.#takeSigned();
    switch (entry.kind) {
      case 'room':
        if (entry.part.update) await this.#room(entry.part.room, entry.part.update);
        return;
      case 'segment':
        await this.#segment(entry.room, entry.hash, entry.bytes);
        return;
      case 'blob':
        await this.#blob(entry);
        return;
      case 'piece':
        await this.#piece(entry.bytes);
        return;
      default:
    }
  }

  async #room(room: string, update: Uint8Array): Promise<void> {
    if (!this.mayHave(room)) {
      this.#counts.hidden += 1;
      return;
    }
    if (!this.#brings(room)) {
      // Who people are comes with its own signatures, below.
      if (!isAbout(room)) this.#refuse(room, 'Whoever wrote the bundle may read it and not write in it.');
      return;
    }
    const outcome = await this.#apply(room, update, { device: this.#front.about.writer, member: null });
    if (outcome === 'stored') this.#counts.documents += 1;
    else if (outcome === 'unchanged') this.#counts.same += 1;
    else this.#refuse(room, outcome.reason);
  }

  async #segment(room: string, hash: string, bytes: Uint8Array): Promise<void> {
    const { history } = this.#host;
    const segment = this.mayHave(room) ? decodeSegment(bytes) : null;
    if (!segment || segment.room !== room || !this.#mayCarry(room, segment)) return;
    const { id } = this.#workspace;
    const wanted = await history.wantsSegment({ room, hash, size: bytes.length, endedAt: segment.endedAt });
    const added = wanted ? await history.addSegment(id, hash, bytes, room) : null;
    if (added?.kind === 'stored') this.#counts.sittings += 1;
    if (this.#brings(room)) return;
    // Signed by whoever may write there, so it counts, whoever carried it; put in order once all are here. What counts are the bytes
    // that were checked when they were stored: those in the bundle may be others, under a hash that is known here.
    const held = await history.readSegment(id, hash);
    const checked = held && decodeSegment(held);
    if (!checked || checked.room !== room || !this.#mayCarry(room, checked)) return;
    for (const { at, update } of checked.updates) {
      this.#signedBytes += update.length;
      if (this.#signedBytes <= MOST_SIGNED) this.#signed.push({ room, at, update: new Uint8Array(update) });
    }
  }

  /** What documents of people say, by the signatures of those who wrote it. */
  async #takeSigned(): Promise<void> {
    const signed = this.#signed.splice(0).sort((a, b) => a.at - b.at);
    for (const { room, update } of signed) await this.#apply(room, update, RELAY);
  }

  async #blob({ blob, size, spaces }: Extract<Entry, { kind: 'blob' }>): Promise<void> {
    this.#file = null;
    const { id: workspace } = this.#workspace;
    const { blobs, attachments } = this.#host;
    const isHere = (await blobs.size(workspace, blob)) === size;
    // Bytes that are gone behind the program's back, or are not as many, come again, whatever is remembered of them.
    const lacks = (space: string): boolean => !isHere || !attachments.has({ workspace, space, blob });
    const mine = spaces.filter((space) => this.#mayAttach(space) && lacks(space));
    if (mine.length === 0) return;
    // What an earlier try left begins anew.
    if (!isHere) await blobs.discard(workspace, blob, WRITER);
    this.#file = { blob, size, spaces: mine, at: 0, here: isHere ? createHash('sha256') : null };
    if (size === 0) await this.#piece(new Uint8Array());
  }

  async #piece(bytes: Uint8Array): Promise<void> {
    const file = this.#file;
    if (!file) return;
    const { id: workspace } = this.#workspace;
    const { blobs, attachments } = this.#host;
    const { blob, size, here } = file;
    if (here) {
      here.update(bytes);
      file.at += bytes.length;
    } else file.at = await blobs.append(workspace, blob, WRITER, file.at, once(bytes), LIMITS.blob);
    if (file.at < size) return;
    const isIt = here ? here.digest('hex') === blob : (await blobs.finish(workspace, blob, WRITER)) === 'stored';
    this.#file = null;
    if (!isIt) {
      this.#note('', '', 'An attachment in it is not the one that it names.');
      return;
    }
    const { writer } = this.#front.about;
    for (const space of file.spaces) await attachments.takeOver({ workspace, space, blob }, size, writer);
    if (!here) this.#counts.files += 1;
  }

  /** Nothing of an attachment that did not come to its end stays. */
  async letGo(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    // A disk that cannot be written keeps it: it is swept when it is old (BS4).
    if (file && !file.here) {
      await this.#host.blobs.discard(this.#workspace.id, file.blob, WRITER).catch(() => undefined);
    }
  }

  /** Through the hub, which judges it like anybody's: it decodes, fits, is not too large, and claims no clocks of ours. */
  async #apply(
    room: string,
    update: Uint8Array,
    from: Principal,
  ): Promise<'stored' | 'unchanged' | { readonly reason: string }> {
    const { hub, clock } = this.#host;
    for (let tries = 1; ; tries += 1) {
      const opened = await hub.open(room, from);
      if (opened.kind === 'refused') return { reason: opened.reason };
      let outcome: ApplyOutcome;
      try {
        outcome = await opened.room.apply(update, this.#origin);
      } finally {
        opened.room.dispose();
      }
      if (outcome.kind === 'stored' || outcome.kind === 'unchanged') return outcome.kind;
      if (outcome.kind === 'gap') return { reason: GAP };
      if (outcome.kind === 'aside') return 'stored';
      if (outcome.kind === 'refused') return { reason: outcome.reason };
      if (tries === TRIES || outcome.code === CLOSE.stopping) {
        const { storage } = hub;
        throw new AppError(storage.state === 'failing' ? storage.code : 'internal', outcome.reason);
      }
      await new Promise<void>((resolve) => clock.after(AGAIN, resolve));
    }
  }

  /** By which others are judged, live: with what the bundle itself told of removals. */
  get #membership(): Membership {
    return this.#workspace.log.shared;
  }

  #brings(room: string): boolean {
    return mayBring(this.#membership, this.#front.about.writer, room, this.#host.clock.now());
  }

  /** Whether it may be read on this computer. */
  mayHave(room: string): boolean {
    const address = parseRoomName(room);
    return address !== null && this.#host.access.allows(RELAY, 'read', address);
  }

  /** A sitting: from whoever may write there; by its own signature, where it is of somebody who may; of viewers and guests their own alone. */
  #mayCarry(room: string, { signer }: DecodedSegment): boolean {
    const { about, carries } = this.#front;
    const device = this.#devices.get(toBase64url(signer)) ?? '';
    if (!carries && device !== about.writer) return false;
    if (this.#brings(room)) return true;
    return isAbout(room) && mayBring(this.#membership, device, room, this.#host.clock.now());
  }

  #mayAttach(space: string): boolean {
    const { about } = this.#front;
    const place = { workspace: this.#workspace.id, space, document: '*' };
    const writer = { device: about.writer, member: null };
    const may = isAllowed(this.#membership, writer, 'blob.write', place, this.#host.clock.now());
    return may && this.#host.access.allows(RELAY, 'read', place);
  }

  #refuse(room: string, reason: string): void {
    this.#note(parseRoomName(room)?.document ?? '', this.#host.catalogue.row(room)?.title ?? '', reason);
  }

  #note(document: string, title: string, reason: string): void {
    if (this.#refused.length < NAMED) this.#refused.push({ document, title: title.slice(0, 500), reason });
    else this.#more += 1;
  }
}

/** Profiles, the workspace's own document, its teams: what a member carries though others wrote it. */
function isAbout(room: string): boolean {
  return parseRoomName(room)?.space.startsWith('@') ?? false;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
