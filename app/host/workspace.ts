// One workspace as this host runs it: its members, spaces and title, its link to the relay, and the truths about it.
import type { DeviceKey, RecordBody } from '../../shared/access/identity.ts';
import type { Clock } from '../../shared/base/clock.ts';
import { disposable, DisposableStore, type Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { Logger } from '../../shared/base/logger.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import { profileRoom, workspaceRoom } from '../../shared/model/profile/profile.ts';
import { spaceRoom } from '../../shared/model/space/space.ts';
import type {
  DocumentHolders,
  MemberEntry,
  OutboxEntry,
  SpaceEntry,
  StorageStatus,
  Truths,
  WorkspaceEntry,
} from '../contract/entities.ts';
import type { Catalogue } from './catalogue.ts';
import type { DataFolder } from './data-folder.ts';
import type { HostAccess } from './host-access.ts';
import { memberEntries, mine, spaceEntries, type Names, type Standing } from './membership-entries.ts';
import type { WorkspaceLog } from './membership.ts';
import { relayClient } from './relay-client.ts';
import type { RelayUrl } from './relay-url.ts';
import type { RelayLink, RelayPlace } from './relay-link.ts';
import { RelayEntrance } from './relay-entrance.ts';
import { writeAbout, type WorkspaceAbout } from './workspace-folder.ts';

export interface WorkspaceParts {
  readonly device: DeviceKey;
  readonly access: HostAccess;
  readonly folder: DataFolder;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly storage: () => StorageStatus;
  /** Documents over half their limit, in bytes. */
  readonly large: () => ReadonlyMap<string, number>;
  /** Makes and starts the link to a relay; null where this host keeps no links (a short command). */
  readonly openLink: ((workspace: string, relay: RelayPlace) => RelayLink) | null;
}

/** What became different; the host announces it. */
export type WorkspacePart = 'about' | 'spaces' | 'members' | 'truths';

/** What lists call the device that exists as words alone. */
const RECOVERY_KEY = 'Recovery key';
/** Looking for newer records of the log, when something came from a space or member that is not in it. */
const LOG_PATIENCE = 1_000;
/** Open spaces without a part whose names are kept fresh. */
const OPEN_SPACES = 200;

export class Workspace {
  readonly id: string;
  readonly log: WorkspaceLog;
  readonly #parts: WorkspaceParts;
  readonly #changed = new Emitter<WorkspacePart>();
  readonly #subscriptions = new DisposableStore();
  /** Rooms that windows have open, with how many. */
  readonly #pinned = new Map<string, { count: number; pin: Disposable | null }>();
  #about: WorkspaceAbout;
  /** What this device may do in each space, as it was told last. */
  #rights: ReadonlyMap<string, string>;
  /** The relay's address that the log named last. */
  #relaySet: string | null;
  #entrance: RelayEntrance | null = null;
  #dropped: string[] = [];
  /** The newest record when the relay had all of them. */
  #toldHead: string | null = null;
  readonly #openPins = new Map<string, Disposable>();
  #link: RelayLink | null = null;
  #linkEvents: DisposableStore | null = null;
  #logTimer: Disposable | null = null;
  #logSyncing: Promise<void> = Promise.resolve();
  #closed = false;
  readonly onChange = this.#changed.event;
  readonly #reach = new Emitter<{ readonly space: string; readonly readable: boolean }>();
  /** A space's documents can be read on this computer from now on, or not any more. */
  readonly onReach = this.#reach.event;

  constructor(parts: WorkspaceParts, log: WorkspaceLog, about: WorkspaceAbout) {
    this.id = log.workspace;
    this.log = log;
    this.#parts = parts;
    this.#about = about;
    this.#rights = this.#rightsNow();
    this.#relaySet = log.membership.relay?.url ?? null;
    this.#subscriptions.add(log.onChange(() => this.#logChanged()));
    this.#subscriptions.add(parts.access.onChange(() => this.#rightsChanged()));
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
    return spaceEntries(this.standing(), this.id, this.#names());
  }

  members(): readonly MemberEntry[] {
    return memberEntries(this.standing(), this.#names());
  }

  /** What the log comes to for this device now. */
  standing(): Standing {
    const { membership, facts } = this.log;
    const { device, clock } = this.#parts;
    return { membership, facts, member: this.#about.member, device: device.id, now: clock.now() };
  }

  truths(): Truths {
    const link = this.#link;
    return {
      storage: this.#parts.storage(),
      link: link ? link.status : { state: 'none' },
      outbox: link ? link.outbox().map((entry) => this.#outboxEntry(entry.room, entry.since)) : [],
      outboxIsComplete: link ? link.outboxIsComplete : true,
      fetching: link ? link.fetching : 0,
      fetched: link ? link.fetched : 0,
      large: [...this.#parts.large()]
        .filter(([room]) => room.startsWith(`${this.id}/`))
        .map(([room, bytes]) => {
          const { id, title } = this.#outboxEntry(room, 0);
          return { room, id, title, bytes, limit: LIMITS.document };
        }),
      ...(this.#dropped.length > 0 ? { dropped: [...this.#dropped] } : {}),
    };
  }

  /** Which members hold the newest change of a room, as far as anybody told this computer; it holds what it has itself. */
  async holders(room: string): Promise<DocumentHolders> {
    const { members, devices } = this.log.membership;
    const told = (await this.#link?.holders(room)) ?? { hub: 'unknown', learnedAt: null, devices: [] };
    const holding = new Set([this.#about.member]);
    const others = told.devices.filter(({ device }) => device !== this.#parts.device.id);
    const entries = others.map(({ device, held, at }) => {
      const member = devices.get(device) ?? null;
      if (held && member !== null && members.has(member)) holding.add(member);
      const name = member === null ? '' : (this.#parts.catalogue.row(profileRoom(this.id, member))?.title ?? '');
      return { device, member, name, held, at };
    });
    return {
      relay: this.#about.relay === null ? 'none' : told.hub,
      learnedAt: told.learnedAt,
      members: { held: holding.size, of: members.size },
      devices: entries,
    };
  }

  /**
   * Hands the workspace to a relay and keeps to it from now on; with a relay that has it already, only the way there is kept.
   * Nothing is kept of a relay that fails.
   */
  async attach(relay: RelayUrl, registration: string | null): Promise<void> {
    const client = relayClient(relay);
    await client.check();
    const entrance = this.#entranceTo(relay, client);
    if (entrance.mayAttach) await entrance.attach(registration);
    else await this.#follow(entrance);
    this.#relaySet = this.log.membership.relay?.url ?? null;
    await this.#setAbout({ ...this.#about, relay, registration });
    await this.#restartLink();
  }

  /** Keeps a room in step at once for as long as a window has it open. */
  pin(room: string): Disposable {
    const held = this.#pinned.get(room) ?? { count: 0, pin: this.#link?.pin(room) ?? null };
    held.count += 1;
    this.#pinned.set(room, held);
    return disposable(() => {
      held.count -= 1;
      if (held.count > 0) return;
      held.pin?.dispose();
      this.#pinned.delete(room);
    });
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

  /** A ticket for one room (`<space>/<document>`), or null where the relay gives none. */
  async ticket(room: string): Promise<string | null> {
    const { relay } = this.#about;
    if (relay === null) throw noRelay(this.entry().title);
    await this.syncLog();
    return this.#entranceHere(relay).ticket(room);
  }

  /** Whether what is in a space can be shown on this computer. */
  mayRead(space: string): boolean {
    const { access, device } = this.#parts;
    const place = { workspace: this.id, space, document: '*' };
    return access.allows({ device: device.id, member: null }, 'list', place);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#subscriptions.dispose();
    this.#logTimer?.dispose();
    await this.#stopLink();
    await this.#logSyncing;
    this.#changed.clear();
    this.#reach.clear();
  }

  async #setAbout(about: WorkspaceAbout): Promise<void> {
    await writeAbout(this.#parts.folder, this.id, about);
    this.#about = about;
  }

  #entranceTo(url: RelayUrl, client = relayClient(url)): RelayEntrance {
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
      onLog: (head) => this.#heardOfLog(head),
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
    this.#link = link;
    this.#linkEvents = events;
    for (const [room, held] of this.#pinned) held.pin = link.pin(room);
    this.#pinOpenSpaces();
    look();
  }

  async #stopLink(): Promise<void> {
    const link = this.#link;
    this.#linkEvents?.dispose();
    this.#link = null;
    for (const pin of this.#openPins.values()) pin.dispose();
    this.#openPins.clear();
    for (const held of this.#pinned.values()) {
      held.pin?.dispose();
      held.pin = null;
    }
    await link?.close();
  }

  #heardOfLog(head: string): void {
    if (head !== this.log.membership.head) this.#lookForRecords(0);
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
    access.set(this.id, this.log.membership);
    this.#changed.fire('spaces');
    this.#changed.fire('members');
    this.#changed.fire('about');
    const { mine: standing } = this.entry();
    const named = this.log.membership.relay?.url ?? null;
    if (standing !== 'member') void this.#stopLink().then(() => this.#changed.fire('truths'));
    else if (named !== this.#relaySet) {
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
    const before = this.#rights;
    const now = this.#rightsNow();
    if (JSON.stringify([...before]) === JSON.stringify([...now])) return;
    this.#rights = now;
    for (const space of new Set([...before.keys(), ...now.keys()])) {
      const readable = now.get(space)?.includes('r') ?? false;
      if ((before.get(space)?.includes('r') ?? false) !== readable) this.#reach.fire({ space, readable });
    }
    this.#changed.fire('spaces');
    this.#changed.fire('members');
    this.#link?.rightsChanged();
    this.#pinOpenSpaces();
  }

  #rightsNow(): ReadonlyMap<string, string> {
    const { access, device } = this.#parts;
    const own = { device: device.id, member: null };
    const rights = new Map<string, string>();
    for (const space of this.log.membership.spaces.keys()) {
      const place = { workspace: this.id, space, document: '*' };
      const may = `${access.allows(own, 'read', place) ? 'r' : ''}${access.allows(own, 'write', place) ? 'w' : ''}`;
      rights.set(space, may);
    }
    return rights;
  }

  /** Names of spaces that one could enter are fetched, though nothing else of them is. */
  #pinOpenSpaces(): void {
    const link = this.#link;
    if (!link) return;
    const enterable = this.spaces().filter((space) => space.part === null && space.visibility === 'open');
    const rooms = new Set(enterable.slice(0, OPEN_SPACES).map(({ room }) => room));
    for (const [room, pin] of this.#openPins) {
      if (rooms.has(room)) continue;
      pin.dispose();
      this.#openPins.delete(room);
    }
    for (const room of rooms) if (!this.#openPins.has(room)) this.#openPins.set(room, link.pin(room));
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

  #names(): Names {
    const { catalogue } = this.#parts;
    return {
      member: (id) => catalogue.row(profileRoom(this.id, id))?.title ?? '',
      device: (member, device) => {
        const profile = catalogue.row(profileRoom(this.id, member));
        return profile?.devices[device] ?? (profile?.recovery?.device === device ? RECOVERY_KEY : '');
      },
      space: (id) => {
        const row = catalogue.row(spaceRoom(this.id, id));
        return { name: row?.title ?? '', purpose: row?.purpose ?? '' };
      },
      lastSeen: (device) => this.#link?.lastSeen(device) ?? null,
    };
  }

  #outboxEntry(room: string, since: number): OutboxEntry {
    const row = this.#parts.catalogue.row(room);
    return {
      room,
      id: parseRoomName(room)?.document ?? room.slice(0, 64),
      title: row?.title ?? '',
      kind: row?.kind ?? 'page',
      since,
    };
  }
}

export function noRelay(title: string): AppError {
  return new AppError(
    'not-found',
    `The workspace "${title}" has no relay: it lives on this computer alone, and everything is kept here. Attach one with "caravan relay attach URL".`,
  );
}
