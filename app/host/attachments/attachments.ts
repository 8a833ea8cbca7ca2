// The attachments of a host: adds them, says how each is, hands out their bytes, keeps every workspace's exchange going. No socket of its own. One file, for all of it is one account of what is here.
import { AppError } from '../../../shared/base/app-error.ts';
import { isBlobName } from '../../../shared/base/blob-name.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import { disposable, DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { Emitter, type Event } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { Operation } from '../../../shared/hub/access-policy.ts';
import type { BlobStore } from '../../../shared/hub/blob-store.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import type { AttachmentTruth, BlobHolders, BlobState } from '../../contract/attachments.ts';
import type { HostAccess } from '../host-access.ts';
import type { RelayLink } from '../relay-link.ts';
import { BlobExchange, type ExchangePlace } from './blob-exchange.ts';
import type { Wanted } from './blob-fetcher.ts';
import type { BlobReferences } from './blob-references.ts';
import type { BlobAt, BlobRow, BlobRows } from './blob-rows.ts';
import type { BlobSource } from './blob-source.ts';
import { bytesHere, bytesUnnamed } from './blob-sums.ts';
import type { FetchWishes } from './fetch-wishes.ts';
import { KnownMedia } from './known-media.ts';
import { isShown, type Media } from './media-type.ts';

export interface AttachmentsParts {
  readonly device: string;
  readonly access: HostAccess;
  readonly blobs: BlobStore;
  readonly rows: BlobRows;
  readonly references: BlobReferences;
  readonly wishes: FetchWishes;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether anything is exchanged with relays. */
  readonly links: boolean;
}

/** What is needed of a workspace. */
export interface AttachmentPlace {
  readonly id: string;
  readonly about: { readonly relay: string | null };
  readonly link: Pick<RelayLink, 'waiting' | 'fetching' | 'status'> | null;
  readonly onChange: Event<string>;
  relayDoor: ExchangePlace['door'];
}

/** Bytes of one attachment as they are handed out. */
export interface OpenBlob {
  readonly size: number;
  readonly media: Media;
  readonly shown: boolean;
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}

export class Attachments {
  readonly #parts: AttachmentsParts;
  readonly #exchanges = new Map<string, BlobExchange>();
  readonly #workspaces = new Map<string, AttachmentPlace>();
  readonly #held = new DisposableStore();
  readonly #changed = new Emitter<BlobAt>();
  readonly #media: KnownMedia;
  /** Something became different about an attachment. */
  readonly onChange = this.#changed.event;
  /** Fires with workspaces whose documents refer to others than before. */
  readonly onReferences: Event<ReadonlySet<string>>;
  #watching: Promise<unknown> = Promise.resolve();
  #isLeft: (workspace: string, row: BlobRow) => boolean = () => false;

  constructor(parts: AttachmentsParts) {
    this.#parts = parts;
    this.#media = new KnownMedia(parts.blobs);
    this.onReferences = parts.references.onChange;
    this.#held.add(
      parts.references.onChange((workspaces) => {
        for (const workspace of workspaces) this.#exchanges.get(workspace)?.wake();
      }),
    );
  }

  /** From now on; ends with forget() or close(). */
  watch(workspace: AttachmentPlace): void {
    const { references, logger } = this.#parts;
    const reading = this.dropLost(workspace.id)
      .finally(() => references.watch(workspace.id))
      .catch((error: unknown) => {
        logger.log('warn', 'attachments-not-watched', { workspace: workspace.id, error: String(error) });
      });
    this.#watching = Promise.all([this.#watching, reading]);
    this.#workspaces.set(workspace.id, workspace);
    if (!this.#parts.links) return;
    const { blobs, rows, clock } = this.#parts;
    const exchange = new BlobExchange({
      place: {
        workspace: workspace.id,
        door: () => workspace.relayDoor(),
        isBusy: () => (workspace.link?.waiting ?? 0) > 0 || (workspace.link?.fetching ?? 0) > 0,
        mayWrite: (space) => this.#may('blob.write', workspace.id, space),
        isLeft: (row) => this.#isLeft(workspace.id, row),
        mayRead: (space) => this.#may('blob.read', workspace.id, space),
        wanted: () => this.#parts.wishes.of(this.wanted(workspace.id)),
        isPaused: (at) => this.#parts.wishes.isPaused(at),
      },
      blobs,
      rows,
      clock,
      logger,
      onChange: (at) => this.#changed.fire(at),
    });
    this.#exchanges.set(workspace.id, exchange);
    let online = false;
    this.#held.add(
      workspace.onChange((part) => {
        const now = workspace.link?.status.state === 'online';
        if (part === 'truths' && now && !online) exchange.wake(true);
        if (part === 'spaces') exchange.wake(true);
        online = now;
      }),
    );
    exchange.start();
  }

  /** Lets go of all attachments of a workspace. */
  async forget(workspace: string): Promise<void> {
    await this.#exchanges.get(workspace)?.close();
    this.#exchanges.delete(workspace);
    this.#workspaces.delete(workspace);
    this.#parts.wishes.forget(workspace);
    await this.#parts.references.forget(workspace);
    await this.#parts.rows.forget(workspace);
    await this.#parts.blobs.removeAll(workspace);
  }

  /** Throws `not-allowed` where this device may not add to the space. */
  demandRight(workspace: string, space: string): void {
    if (this.#may('blob.write', workspace, space)) return;
    throw new AppError(
      'not-allowed',
      'You may read this space and not add to it. The file was not taken. Ask who manages it, or add it in another space.',
    );
  }

  /** Adds what `bytes` gives; durable when it resolves. Throws `too-large`, `not-allowed`, `disk-full`; nothing is left then. */
  async add(
    workspace: string,
    space: string,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<{ blob: string; size: number }> {
    this.demandRight(workspace, space);
    const made = await this.#parts.blobs.create(workspace);
    try {
      for await (const part of bytes) {
        if (made.size + part.length > LIMITS.blob) throw tooLarge();
        await made.append(part);
      }
    } catch (error) {
      await made.discard();
      throw error;
    }
    const { name, size } = await made.finish();
    await this.register({ workspace, space, blob: name }, size);
    return { blob: name, size };
  }

  /** The space has it from now on. The bytes are here. @param from a space that had it before. */
  async register(at: BlobAt, size: number, from?: string): Promise<void> {
    const { rows } = this.#parts;
    const added = from === undefined || rows.get({ ...at, space: from })?.added === true;
    await this.#put(at, size, { ...(from === undefined ? {} : { from }), ...(added ? { added: true as const } : {}) });
  }

  /** The space has it from now on: a computer brought it, whose it is to hand on. The bytes are here, and are so many. */
  takeOver(at: BlobAt, size: number, by: string): Promise<void> {
    return this.#put(at, size, { by });
  }

  /** Whether the space has it here. */
  has(at: BlobAt): boolean {
    return this.#parts.rows.get(at) !== null;
  }

  /** Whether it was added to the space on this computer, and not brought by another one. */
  isAdded(at: BlobAt): boolean {
    return this.#parts.rows.get(at)?.added === true;
  }

  /** A document, or a part of one, goes to another space: what is here of it goes along. False where it is not here. */
  async bringAlong(workspace: string, blob: string, to: string, from?: string): Promise<boolean> {
    const { rows, blobs } = this.#parts;
    if (rows.get({ workspace, space: to, blob })) return true;
    if (!this.#may('blob.write', workspace, to)) return false;
    for (const row of rows.of(workspace)) {
      if (row.blob !== blob || (from !== undefined && row.space !== from)) continue;
      if (!this.#may('read', workspace, row.space) || (await blobs.size(workspace, blob)) === null) continue;
      await this.register({ workspace, space: to, blob }, row.size, row.space);
      return true;
    }
    return false;
  }

  /** A document has moved from one room to another: what it refers to belongs to its new space as well. */
  async follow(from: string, to: string): Promise<void> {
    const { references } = this.#parts;
    const [source, target] = [parseRoomName(from), parseRoomName(to)];
    if (!source || !target) return;
    await references.refresh(from);
    for (const { blob } of references.ofRoom(from)) {
      await this.bringAlong(target.workspace, blob, target.space, source.space);
    }
  }

  /** What a document refers to, here or not. */
  referencesOf(room: string): readonly { readonly blob: string; readonly size: number }[] {
    return this.#parts.references.ofRoom(room);
  }

  /** Bytes that are gone, or are not as many (a folder put back in part), are fetched again, and nobody is told that they are here. */
  async dropLost(workspace: string): Promise<void> {
    const { blobs, rows } = this.#parts;
    const sizes = new Map<string, number | null>();
    const lost: BlobAt[] = [];
    for (const row of [...rows.of(workspace)]) {
      if (!sizes.has(row.blob)) sizes.set(row.blob, await blobs.size(workspace, row.blob));
      if (sizes.get(row.blob) === row.size) continue;
      await rows.remove(row);
      lost.push(row);
    }
    for (const { space, blob } of lost) this.#changed.fire({ workspace, space, blob });
    if (lost.length > 0) this.#exchanges.get(workspace)?.wake(true);
  }

  /** How many of the attachments that a document refers to are not here. */
  awayOf(room: string): number {
    const at = parseRoomName(room);
    if (!at) return 0;
    const { workspace, space } = at;
    return this.#parts.references.ofRoom(room).filter(({ blob }) => !this.#parts.rows.get({ workspace, space, blob }))
      .length;
  }

  /** The bytes, to whom a document of that space may be shown here; null for everybody and everything else. */
  async open({ workspace, space, blob }: BlobAt): Promise<OpenBlob | null> {
    const { blobs, rows } = this.#parts;
    const at = { workspace, space, blob };
    if (!isBlobName(blob) || !this.#may('read', workspace, space) || !rows.get(at)) return null;
    const size = await blobs.size(workspace, blob);
    if (size === null) return null;
    const media = await this.#media.of(workspace, blob, size);
    return { size, media, shown: isShown(media), read: (start, end) => blobs.read(workspace, blob, start, end) };
  }

  /** Whether somebody here may have it, once it is here. */
  mayHave({ workspace, space }: BlobAt): boolean {
    return this.#may('blob.read', workspace, space);
  }

  /** Rooms of that space that refer to it. */
  roomsOf(at: BlobAt): readonly string[] {
    return this.#parts.references.roomsOf(at);
  }

  /** What is known of the relay about one that is not here. */
  atRelay(at: BlobAt): BlobHolders['relay'] {
    if ((this.#workspaces.get(at.workspace)?.about.relay ?? null) === null) return 'none';
    return this.#exchanges.get(at.workspace)?.atRelay(at) ?? 'unknown';
  }

  /** These are fetched before all others, at once, also where they were paused, refused or not to be had a moment ago. */
  fetchFirst(workspace: string, files: readonly BlobAt[]): void {
    this.#parts.wishes.first(files);
    for (const at of files) this.#changed.fire(at);
    this.#exchanges.get(workspace)?.wake(true);
  }

  /** These are not fetched until fetchFirst() names them, or this host starts anew. What came of them stays. */
  pause(workspace: string, files: readonly BlobAt[]): void {
    this.#parts.wishes.pause(files);
    for (const at of files) this.#changed.fire(at);
    this.#exchanges.get(workspace)?.wake();
  }

  /** What documents here refer to, this device may read, and is not here; once for each space. */
  *wanted(workspace: string): Generator<Wanted> {
    const seen = new Set<string>();
    for (const { space, blob, size } of this.#parts.references.of(workspace)) {
      const at = { workspace, space, blob };
      const key = `${space}/${blob}`;
      if (seen.has(key) || this.#parts.rows.get(at) || !this.#may('blob.read', workspace, space)) continue;
      seen.add(key);
      yield { ...at, size };
    }
  }

  /** Somebody else who has attachments of a workspace, until it is disposed. */
  addSource(workspace: string, source: BlobSource): Disposable {
    return this.#exchanges.get(workspace)?.addSource(source) ?? disposable(() => undefined);
  }

  /** Who else brings to the relay what came from a computer; null: nobody. */
  leaveTo(isLeft: (workspace: string, row: BlobRow) => boolean): void {
    this.#isLeft = isLeft;
  }

  /** Whether a source gave something else under that name. */
  isBlamed({ workspace, blob }: BlobAt, source: string): boolean {
    return this.#exchanges.get(workspace)?.isBlamed(source, blob) ?? false;
  }

  /** A source may have what is not here. */
  wake(workspace: string): void {
    this.#exchanges.get(workspace)?.wake();
  }

  /** Who has one that is not here became somebody else. */
  holdersChanged(at: BlobAt): void {
    this.#changed.fire(at);
  }

  async state(at: BlobAt): Promise<BlobState> {
    const { workspace, space, blob } = at;
    const open = await this.open(at);
    const exchange = this.#exchanges.get(workspace);
    const common = { space, blob };
    if (open) {
      const { type, kind, width, height } = open.media;
      return {
        ...common,
        state: 'here',
        size: open.size,
        type,
        kind: open.shown ? kind : 'other',
        width,
        height,
        onRelay: this.#isOnRelay(at),
        trouble: exchange?.trouble('up', at) ?? null,
      };
    }
    const received = exchange?.received(at) ?? 0;
    const trouble = exchange?.trouble('down', at) ?? null;
    return { ...common, state: received > 0 ? 'coming' : 'absent', received, trouble };
  }

  /** What is here, what of it waits to leave, and what is still to come. */
  truth(workspace: string): AttachmentTruth {
    const truth = {
      ...bytesHere(this.#parts.rows, workspace),
      waiting: 0,
      waitingBytes: 0,
      missing: 0,
      missingBytes: 0,
      trouble: null as string | null,
      largest: LIMITS.blob,
    };
    const exchange = this.#exchanges.get(workspace);
    for (const row of this.#onlyHere(workspace)) {
      truth.waiting += 1;
      truth.waitingBytes += row.size;
      truth.trouble ??= exchange?.trouble('up', row) ?? null;
    }
    for (const one of this.wanted(workspace)) {
      truth.missing += 1;
      truth.missingBytes += one.size;
    }
    return truth;
  }

  /** Rooms that refer to attachments which are only here, with how many and since when. */
  waitingRooms(workspace: string): ReadonlyMap<string, { readonly files: number; readonly since: number }> {
    const here = new Map<string, number>();
    for (const { space, blob, at } of this.#onlyHere(workspace)) here.set(`${space}/${blob}`, at);
    const rooms = new Map<string, { files: number; since: number }>();
    if (here.size === 0) return rooms;
    for (const { room, space, blob } of this.#parts.references.of(workspace)) {
      const since = here.get(`${space}/${blob}`);
      if (since === undefined) continue;
      const known = rooms.get(room);
      rooms.set(room, { files: (known?.files ?? 0) + 1, since: Math.min(since, known?.since ?? since) });
    }
    return rooms;
  }

  /** The document is another one, or none, from now on: what it refers to is read anew. */
  async reread(room: string): Promise<void> {
    await this.#parts.references.refresh(room);
  }

  /** Bytes that no document here refers to now: history and undo may still show them (AT5). 0 while documents are being read. */
  unnamedBytes(): number {
    const { rows, references } = this.#parts;
    return references.isCurrent ? bytesUnnamed(rows, references, this.#workspaces.keys()) : 0;
  }

  /** Resolves when it is known what documents refer to. */
  async read(): Promise<void> {
    await this.#watching;
    await this.#parts.references.settled();
  }

  /** Resolves when nothing can be brought or fetched at this moment, or when `signal` is aborted. */
  async settled(workspace: string, signal: AbortSignal): Promise<void> {
    await this.read();
    const exchange = this.#exchanges.get(workspace);
    if (!exchange) return;
    exchange.wake(true);
    while (!signal.aborted && !exchange.isIdle) {
      await new Promise<void>((resolve) => this.#parts.clock.after(20, resolve));
    }
  }

  async close(): Promise<void> {
    this.#held.dispose();
    await Promise.all([...this.#exchanges.values()].map((exchange) => exchange.close()));
    await this.#watching;
    await this.#parts.references.close();
    this.#changed.clear();
  }

  async #put(at: BlobAt, size: number, more: Partial<BlobRow>): Promise<void> {
    const { rows, clock } = this.#parts;
    if (rows.get(at)) return;
    await rows.put(at, { size, at: clock.now(), shelf: null, ...more });
    this.#changed.fire(at);
    this.#exchanges.get(at.workspace)?.wake();
  }

  *#onlyHere(workspace: string): Generator<BlobAt & { readonly size: number; readonly at: number }> {
    if ((this.#workspaces.get(workspace)?.about.relay ?? null) === null) return;
    const shelf = this.#parts.rows.shelf(workspace);
    for (const row of this.#parts.rows.of(workspace)) {
      if ((row.shelf === null || row.shelf !== shelf) && this.#may('blob.write', workspace, row.space)) yield row;
    }
  }

  #isOnRelay(at: BlobAt): boolean {
    const shelf = this.#parts.rows.shelf(at.workspace);
    return shelf !== null && this.#parts.rows.get(at)?.shelf === shelf;
  }

  #may(operation: Operation, workspace: string, space: string): boolean {
    const { access, device } = this.#parts;
    return access.allows({ device, member: null }, operation, { workspace, space, document: '*' });
  }
}

export function tooLarge(): AppError {
  return new AppError(
    'too-large',
    `A file may have at most ${LIMITS.blob / 1_048_576} MiB. It was not taken, and nothing was changed. Put it where your team keeps large files, and link it.`,
  );
}
