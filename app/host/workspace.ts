// One workspace as this host runs it: its members, spaces and title, its link to the relay, and the truths about it. One file, for these hear of one another here.
import type { RecordBody } from '../../shared/access/identity.ts';
import { isDetached, ordererOf, ownerOf } from '../../shared/access/ordering.ts';
import { DisposableStore, type Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { AppError } from '../../shared/base/app-error.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import { workspaceRoom } from '../../shared/model/profile/profile.ts';
import { teamsRoom } from '../../shared/model/teams/teams.ts';
import type { DocumentHolders, MemberEntry, SpaceEntry, Truths, WorkspaceEntry } from '../contract/entities.ts';
import { memberEntries, mine, spaceEntries, type Names, type Standing } from './membership-entries.ts';
import type { WorkspaceLog } from './membership.ts';
import { noRelay } from './no-relay.ts';
import { relayClient, type RelayClient } from './relay-client.ts';
import type { RelayUrl } from './relay-url.ts';
import type { RelayLink } from './relay-link.ts';
import { RelayEntrance } from './relay-entrance.ts';
import { RoomPins } from './room-pins.ts';
import { SpaceReach, type ReachChange } from './space-reach.ts';
import { writeAbout, type WorkspaceAbout } from './workspace-folder.ts';
import type { WorkspacePart, WorkspaceParts } from './workspace-parts.ts';
import { isSilent } from '../../shared/model/personal/personal.ts';
import { byReach, holdersOf, largeIn, namesIn, outboxEntryOf } from './workspace-views.ts';

/** Looking for newer records of the log, when something came from a space or member that is not in it. */
const LOG_PATIENCE = 1_000;
/** A relay that does not answer is not waited for when this host ends: well within what its end may take. */
const LAST_WORDS = 1_500;
/** Open spaces without a part whose names are kept fresh. */
const OPEN_SPACES = 200;

export class Workspace {
  readonly id: string;
  readonly log: WorkspaceLog;
  readonly #parts: WorkspaceParts;
  readonly #changed = new Emitter<WorkspacePart>();
  readonly #subscriptions = new DisposableStore();
  readonly #pins = new RoomPins();
  #about: WorkspaceAbout;
  readonly #spaceReach: SpaceReach;
  /** The relay's address that the log named last. */
  #relaySet: string | null;
  #entrance: RelayEntrance | null = null;
  #dropped: string[] = [];
  /** The newest record when the relay had all of them. */
  #toldHead: string | null = null;
  #link: RelayLink | null = null;
  #linkEvents: DisposableStore | null = null;
  #logTimer: Disposable | null = null;
  #logSyncing: Promise<void> = Promise.resolve();
  readonly #ending = new AbortController();
  #closed = false;
  readonly onChange = this.#changed.event;
  readonly #reach = new Emitter<ReachChange>();
  /** A space's documents can be read on this computer from now on, or not any more. */
  readonly onReach = this.#reach.event;

  constructor(parts: WorkspaceParts, log: WorkspaceLog, about: WorkspaceAbout) {
    this.id = log.workspace;
    this.log = log;
    this.#parts = parts;
    this.#about = about;
    this.#spaceReach = new SpaceReach(parts.access, this.id, parts.device.id, log.membership.spaces.keys());
    this.#relaySet = log.membership.relay?.url ?? null;
    this.#subscriptions.add(log.onChange(() => this.#logChanged()));
    this.#subscriptions.add(parts.access.onChange(() => this.#rightsChanged()));
    this.#subscriptions.add(parts.rehearsal.onChange(() => this.#changed.fire('truths')));
    this.#subscriptions.add(
      parts.peerHolders.onChange((workspace) => {
        if (workspace === this.id) this.#changed.fire('holders');
      }),
    );
    this.#subscriptions.add(
      parts.catalogue.onChange((change) => {
        if (change.workspace === this.id) this.#noticeRows(change.rows.map((row) => row.room));
      }),
    );
    this.#startLink();
  }

  get about(): WorkspaceAbout {
    return this.#about;
  }

  get link(): RelayLink | null {
    return this.#link;
  }

  entry(): WorkspaceEntry {
    const own = this.#parts.catalogue.row(workspaceRoom(this.id));
    const { member, relay, title } = this.#about;
    return { id: this.id, title: own?.title ?? title, member, relay, ...mine(this.standing()) };
  }

  spaces(): readonly SpaceEntry[] {
    return spaceEntries(this.standing(), this.id, this.names());
  }

  members(): readonly MemberEntry[] {
    return memberEntries(this.standing(), this.names());
  }

  /** What the log comes to for this device now. */
  standing(): Standing {
    const { membership, facts } = this.log;
    const { device, clock } = this.#parts;
    return {
      membership,
      facts,
      member: this.#about.member,
      device: device.id,
      signs: device.d !== '',
      now: clock.now(),
    };
  }

  truths(): Truths {
    const link = this.#link;
    const { outbox, lost } = link ? this.#outbox(link.outbox()) : { outbox: [], lost: [] };
    return {
      storage: this.#parts.storage(),
      link: link ? link.status : { state: 'none' },
      outbox,
      lost,
      outboxIsComplete: link ? link.outboxIsComplete : true,
      fetching: link ? link.fetching : 0,
      fetched: link ? link.fetched : 0,
      large: largeIn(this.#parts.catalogue, this.id, this.#parts.large()),
      attachments: this.#parts.attachments.truth(this.id),
      ...(this.#dropped.length > 0 ? { dropped: [...this.#dropped] } : {}),
      ...(this.#parts.rehearsal.since === null ? {} : { rehearsing: this.#parts.rehearsal.since }),
    };
  }

  /**
   * What waits, as truths() say it, once it is known what waited before this host began (a short command asks at once); and
   * where no link is kept, since this device has no part in the workspace now.
   */
  async waits(): Promise<Pick<Truths, 'outbox' | 'lost'>> {
    if (this.#about.relay === null) return { outbox: [], lost: [] };
    const link = this.#link;
    await link?.loaded();
    return this.#outbox(link ? link.outbox() : await this.#parts.waitingWithoutLink(this.id));
  }

  /** Which members hold the newest change of a room, as far as anybody told this computer; it holds what it has itself. */
  async holders(room: string): Promise<DocumentHolders> {
    const told = (await this.#link?.holders(room)) ?? { hub: 'unknown', learnedAt: null, devices: [] };
    const peers = await this.#parts.peerHolders.devices(room);
    return holdersOf(this.standing(), this.names(), { room, hasRelay: this.#about.relay !== null, told, peers });
  }

  /**
   * Hands the workspace to a relay and keeps to it from now on; with a relay that has it already, only the way there is kept.
   * Nothing is kept of a relay that fails.
   */
  async attach(relay: RelayUrl, registration: string | null): Promise<void> {
    const client = this.#clientOf(relay);
    await client.check();
    const entrance = this.#entranceTo(relay, client);
    if (this.#about.relay === null) this.#requireOrdering();
    if (entrance.mayAttach) await entrance.attach(registration);
    else await this.#follow(entrance);
    this.#relaySet = this.log.membership.relay?.url ?? null;
    await this.#setAbout({ ...this.#about, relay, registration });
    await this.#restartLink();
  }

  /**
   * Goes on without a relay: this device, one of the owner's, puts the list of members in order from now on, and wins over whoever
   * did before (PL8). Throws `not-allowed` for everybody else; a relay that cannot be reached hears of it from others, or never.
   */
  async detach(): Promise<void> {
    const { membership, device, signs } = this.standing();
    if (!signs || ownerOf(membership)?.devices.includes(device) !== true) {
      throw new AppError(
        'not-allowed',
        'A workspace goes on without its relay by a computer of its owner. Nothing was changed. Ask the owner.',
      );
    }
    if (this.#about.relay === null && this.log.orders) {
      throw new AppError(
        'not-found',
        'There is no relay, and this computer puts the list of members in order. Nothing was changed.',
      );
    }
    const { relay } = this.#about;
    await this.tellLog();
    const entrance = relay === null ? null : this.#entranceHere(relay);
    const ticket = (await entrance?.ticket().catch(() => null)) ?? null;
    // First: whatever asks the relay in between would hand the workspace to it again.
    await this.#leaveRelay();
    await this.takeOver();
    if (!entrance || ticket === null) return;
    await entrance.sync(ticket).catch((error: unknown) => {
      this.#parts.logger.log('info', 'relay-not-told', { workspace: this.id, error: String(error) });
    });
  }

  /** One record by which this device, of the owner, orders from now on. */
  takeOver(): Promise<void> {
    return this.log.append({ verb: 'relay.set', key: this.#parts.device.publicKey, url: null });
  }

  /** Whether something in a room may be nowhere but here, as far as that is known. Without a relay nothing is on its way anywhere. */
  isWaiting(room: string): boolean {
    return this.#about.relay !== null && (this.#link?.isWaiting(room) ?? true);
  }

  /** Keeps a room in step at once for as long as a window has it open. */
  pin(room: string): Disposable {
    return this.#pins.pin(room);
  }

  /** Brings the log in step with the relay; throws what people can read, `not-found` where there is no relay. */
  async syncLog(): Promise<void> {
    const { relay, registration } = this.#about;
    if (relay === null) throw noRelay(this.entry().title);
    const entrance = this.#entranceHere(relay);
    const next = this.#logSyncing.then(async () => {
      const before = this.#toldHead;
      await entrance.refresh(registration ?? null);
      this.#toldHead = this.log.membership.head;
      // The relay knows now what it did not when it refused a room of a space that is new.
      if (this.#toldHead !== before) this.#link?.rightsChanged();
    });
    this.#logSyncing = next.catch(() => undefined); // The caller hears of it; a later one must still run.
    await next;
  }

  /**
   * A record of mine is in the log: the relay hears of it now, or the next time that it can be reached. The answer is whether it
   * has it; nothing waits for a relay that is known to be away.
   */
  async tellLog(): Promise<boolean> {
    if (this.#about.relay === null) return false;
    const telling = this.syncLog().then(
      () => true,
      (error: unknown) => {
        this.#parts.logger.log('info', 'log-waits', { workspace: this.id, error: String(error) });
        return false;
      },
    );
    const state = this.#link?.status.state;
    const isAway = state === 'offline' || state === 'refused';
    return isAway ? false : telling;
  }

  /** This computer is in again, by a key of its own that is new: `records` name it. Throws `not-allowed` where they do not. */
  async comeBack(records: readonly string[]): Promise<void> {
    await this.log.adopt(records);
    const { membership, member, device } = this.standing();
    if (membership.devices.get(device) !== member) {
      throw new AppError('not-allowed', 'This computer is not in the workspace. Nothing was changed.');
    }
    await this.#restartLink();
  }

  /** Does `work` while nothing is exchanged with the relay; what is remembered of it may be changed then. */
  async withoutLink(work: () => Promise<void>): Promise<void> {
    await this.#stopLink();
    try {
      await work();
    } finally {
      this.#startLink();
      this.#changed.fire('truths');
    }
  }

  /** A ticket for one room (`<space>/<document>`), or null where the relay gives none. */
  async ticket(room: string): Promise<string | null> {
    const { relay } = this.#about;
    if (relay === null) throw noRelay(this.entry().title);
    await this.syncLog();
    return this.#entranceHere(relay).ticket(room);
  }

  /** The way to the relay's attachments, while it is there. */
  async relayDoor(): Promise<{ url: RelayUrl; ticket: string; shelf: string; demandLinks: () => void } | null> {
    const { relay } = this.#about;
    const { isOn, demandLinks } = this.#parts.rehearsal;
    if (isOn || relay === null || this.#link?.status.state !== 'online') return null;
    const entrance = this.#entranceHere(relay);
    const ticket = await entrance.ticket();
    const { shelf } = entrance;
    return ticket === null || shelf === null ? null : { url: relay, ticket, shelf, demandLinks };
  }

  /** Whether what is in a space can be shown on this computer. */
  mayRead(space: string): boolean {
    const { access, device } = this.#parts;
    const place = { workspace: this.id, space, document: '*' };
    return access.allows({ device: device.id, member: null }, 'list', place);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // What was said a moment ago (a computer added, somebody taken out) still reaches a relay that answers.
    const late = this.#parts.clock.after(LAST_WORDS, () => this.#ending.abort());
    this.#subscriptions.dispose();
    this.#logTimer?.dispose();
    await this.#logSyncing;
    late.dispose();
    this.#ending.abort();
    await this.#stopLink();
    await this.#logSyncing;
    this.#changed.clear();
    this.#reach.clear();
  }

  async #leaveRelay(): Promise<void> {
    this.#relaySet = null;
    await this.#setAbout({ ...this.#about, relay: null, registration: null, agreed: null });
    await this.#restartLink();
  }

  /** Where no relay is, one computer of the owner orders: a relay that another one had attached would make a second history (PL1). */
  #requireOrdering(): void {
    if (ordererOf(this.log.membership).kind === 'relay' || this.log.orders) return;
    const isOwners = ownerOf(this.log.membership)?.devices.includes(this.#parts.device.id) === true;
    throw new AppError(
      'not-allowed',
      isOwners
        ? 'Another computer of yours puts this workspace’s list of members in order, and attaches it to a relay. Nothing was changed. Attach it there; if that computer is lost, run "caravan relay detach" here first.'
        : 'A workspace without a relay is attached to one on its owner’s computer. Nothing was changed. Ask the owner to attach it.',
    );
  }

  async #setAbout(about: WorkspaceAbout): Promise<void> {
    await writeAbout(this.#parts.folder, this.id, about);
    this.#about = about;
  }

  #clientOf(url: RelayUrl): RelayClient {
    return relayClient(url, this.#parts.rehearsal.demandLinks, this.#ending.signal);
  }

  #entranceTo(url: RelayUrl, client = this.#clientOf(url)): RelayEntrance {
    const { device, clock } = this.#parts;
    return new RelayEntrance({
      log: this.log,
      device,
      clock,
      client,
      url,
      agreed: () => this.#about.agreed ?? null,
      onAgreed: (agreed) => this.#setAbout({ ...this.#about, agreed }),
      onDropped: (bodies) => this.#dropRecords(bodies),
    });
  }

  /** The one of the relay that the workspace keeps to. */
  #entranceHere(url: RelayUrl): RelayEntrance {
    this.#entrance ??= this.#entranceTo(url);
    return this.#entrance;
  }

  /** For whoever cannot attach: the relay must be the one that the log names, at whatever address. */
  async #follow(entrance: RelayEntrance): Promise<void> {
    if ((await entrance.isNamed()) === true) {
      await entrance.enter(null);
      return;
    }
    throw new AppError(
      'not-allowed',
      'A workspace is attached to a relay by its owner or an admin. Nothing was changed. Ask one of them to attach it.',
    );
  }

  /** Before the link opens: the log in step both ways, and a fresh ticket. */
  #enter(relay: RelayUrl): Promise<string> {
    const next = this.#logSyncing.then(() => this.#entranceHere(relay).enter(this.#about.registration ?? null));
    this.#logSyncing = next.then(
      () => undefined,
      () => undefined, // The link hears of it; a later one must still run.
    );
    return next.catch((error: unknown) => {
      // Another history is nothing that mends itself: the link stops and says so.
      const isForked = error instanceof AppError && error.details['forked'] === true;
      if (!isForked) throw error;
      throw new AppError('not-allowed', error.message, { details: { ...error.details, closeCode: CLOSE.forbidden } });
    });
  }

  #startLink(): void {
    const { openLink } = this.#parts;
    const { relay } = this.#about;
    if (!openLink || relay === null || this.#closed || this.entry().mine !== 'member') return;
    const link = openLink(this.id, {
      url: relay,
      enter: () => this.#enter(relay),
      onLog: (head) => {
        if (head !== this.log.membership.head) this.#lookForRecords(0);
      },
    });
    const events = new DisposableStore();
    let online = false;
    const look = (): void => {
      const now = link.status.state === 'online';
      // The relay ended it for good: perhaps because this device was taken out.
      if (link.status.state === 'refused' && online) this.#lookForRecords(0);
      online = now;
      this.#changed.fire('truths');
    };
    events.add(link.onStatus(look));
    events.add(link.onOutbox(() => this.#changed.fire('truths')));
    events.add(link.onHolders(() => this.#changed.fire('holders')));
    this.#link = link;
    this.#linkEvents = events;
    this.#pins.follow(link);
    this.#pinOpenSpaces();
    look();
  }

  async #stopLink(): Promise<void> {
    const link = this.#link;
    this.#linkEvents?.dispose();
    this.#link = null;
    this.#pins.follow(null);
    await link?.close();
  }

  async #restartLink(): Promise<void> {
    await this.#stopLink();
    this.#entrance = null;
    this.#startLink();
    this.#changed.fire('about');
    this.#changed.fire('truths');
  }

  #logChanged(): void {
    const { access, logger } = this.#parts;
    access.set(this.id, this.log);
    this.#changed.fire('spaces');
    this.#changed.fire('members');
    this.#changed.fire('about');
    const { mine: standing } = this.entry();
    const named = this.log.membership.relay?.url ?? null;
    if (standing !== 'member') void this.#stopLink().then(() => this.#changed.fire('truths'));
    else if (this.#about.relay !== null && isDetached(this.log.membership)) {
      // The owner's computer orders from now on, by a record that came from the relay or from a peer.
      this.#leaveRelay().catch((error: unknown) => {
        logger.log('warn', 'relay-not-left', { workspace: this.id, error: String(error) });
      });
    } else if (named !== this.#relaySet) {
      this.#relaySet = named;
      if (named === null || named === this.#about.relay) return;
      this.#setAbout({ ...this.#about, relay: named })
        .then(() => this.#restartLink())
        .catch((error: unknown) => {
          logger.log('warn', 'relay-not-followed', { workspace: this.id, error: String(error) });
        });
    }
  }

  /** By a record, or by the clock: what can be read and written here is told anew, and the relay is asked again. */
  #rightsChanged(): void {
    const changes = this.#spaceReach.look(this.log.membership.spaces.keys());
    if (!changes) return;
    for (const change of changes) this.#reach.fire(change);
    this.#changed.fire('spaces');
    this.#changed.fire('members');
    if (changes.length > 0) this.#changed.fire('truths');
    this.#link?.rightsChanged();
    this.#pinOpenSpaces();
  }

  #pinOpenSpaces(): void {
    this.#pins.list(this.namesToFetch());
  }

  /** Rooms with the names of spaces that one could enter: they are fetched, though nothing else of these spaces is. */
  namesToFetch(): ReadonlySet<string> {
    const enterable = this.spaces().filter((space) => space.part === null && space.visibility === 'open');
    return new Set(enterable.slice(0, OPEN_SPACES).map(({ room }) => room));
  }

  #dropRecords(bodies: readonly RecordBody[]): void {
    for (const { verb } of bodies) {
      this.#parts.logger.log('warn', 'record-dropped', { workspace: this.id, verb });
      this.#dropped.push(verb);
    }
    this.#changed.fire('truths');
  }

  /** Documents of spaces and members, and those of unknown ones: names to announce, records to look for. */
  #noticeRows(rooms: readonly string[]): void {
    const parts = new Set<WorkspacePart>();
    const { spaces, members } = this.log.membership;
    let unknown = false;
    for (const room of rooms) {
      const address = parseRoomName(room);
      if (!address) continue;
      if (room === workspaceRoom(this.id)) parts.add('about');
      else if (room === teamsRoom(this.id)) continue;
      else if (address.space.startsWith('@')) {
        parts.add('members');
        unknown ||= !members.has(address.space.slice(1));
      } else if (!address.space.startsWith('~')) {
        if (address.document === address.space) parts.add('spaces');
        unknown ||= !spaces.has(address.space);
      }
    }
    for (const part of parts) this.#changed.fire(part);
    if (unknown) this.#lookForRecords(LOG_PATIENCE);
  }

  #lookForRecords(wait: number): void {
    if (this.#closed || this.#logTimer || this.#about.relay === null) return;
    this.#logTimer = this.#parts.clock.after(wait, () => {
      this.#logTimer = null;
      this.syncLog().catch((error: unknown) => {
        // The link's own status says when the relay is away; the log is asked for again when it is back.
        this.#parts.logger.log('info', 'log-not-in-step', { workspace: this.id, error: String(error) });
      });
    });
  }

  /** A document whose attachments are only here is not on the relay, whatever is said of its text. */
  #outbox(all: ReturnType<RelayLink['outbox']>): Pick<Truths, 'outbox' | 'lost'> {
    const { catalogue, attachments } = this.#parts;
    const waiting = new Map(attachments.waitingRooms(this.id));
    const own = `${this.id}/~${this.about.member}/`;
    const rooms = all.filter(({ room }) => !room.startsWith(own) || !isSilent(room.slice(own.length)));
    const entries = rooms.map(({ room, since }) => {
      const attached = waiting.get(room);
      waiting.delete(room);
      return { ...outboxEntryOf(catalogue, room, since), ...(attached ? { files: attached.files } : {}) };
    });
    for (const [room, { files, since }] of waiting) {
      entries.push({ ...outboxEntryOf(catalogue, room, since), files });
    }
    return byReach(entries, (space) => this.mayRead(space));
  }

  /** What people, devices and spaces are called here. */
  names(): Names {
    return namesIn(this.#parts.catalogue, this.id, (device) => {
      const seen = [this.#link?.lastSeen(device), this.#parts.peerHolders.lastSeen(this.id, device)];
      return seen.reduce<number | null>((newest, at) => Math.max(newest ?? 0, at ?? 0) || null, null);
    });
  }
}
