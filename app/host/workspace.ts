// One workspace as this host runs it: its members, spaces and title, its link to the relay, and the truths about it.
import type { Clock } from '../../shared/base/clock.ts';
import { disposable, DisposableStore, type Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { Logger } from '../../shared/base/logger.ts';
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
import { syncLog } from './log-sync.ts';
import { memberEntries, mine, spaceEntries, type Names, type Standing } from './membership-entries.ts';
import type { WorkspaceLog } from './membership.ts';
import { relayClient } from './relay-client.ts';
import type { RelayUrl } from './relay-url.ts';
import type { RelayLink } from './relay-link.ts';
import { writeAbout, type WorkspaceAbout } from './workspace-folder.ts';

export interface WorkspaceParts {
  readonly device: { readonly id: string };
  readonly folder: DataFolder;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly storage: () => StorageStatus;
  /** Documents over half their limit, in bytes. */
  readonly large: () => ReadonlyMap<string, number>;
  /** Makes and starts the link to a relay; null where this host keeps no links (a short command). */
  readonly openLink: ((workspace: string, relay: RelayUrl) => RelayLink) | null;
}

/** What became different; the host announces it. */
export type WorkspacePart = 'about' | 'spaces' | 'members' | 'truths';

/** What lists call the device that exists as words alone. */
const RECOVERY_KEY = 'Recovery key';
/** Looking for newer records of the log, when something came from a space or member that is not in it. */
const LOG_PATIENCE = 1_000;

export class Workspace {
  readonly id: string;
  readonly log: WorkspaceLog;
  readonly #parts: WorkspaceParts;
  readonly #changed = new Emitter<WorkspacePart>();
  readonly #subscriptions = new DisposableStore();
  /** Rooms that windows have open, with how many. */
  readonly #pinned = new Map<string, { count: number; pin: Disposable | null }>();
  #about: WorkspaceAbout;
  #link: RelayLink | null = null;
  #linkEvents: DisposableStore | null = null;
  #logTimer: Disposable | null = null;
  #logSyncing: Promise<void> = Promise.resolve();
  #closed = false;
  readonly onChange = this.#changed.event;

  constructor(parts: WorkspaceParts, log: WorkspaceLog, about: WorkspaceAbout) {
    this.id = log.workspace;
    this.log = log;
    this.#parts = parts;
    this.#about = about;
    this.#subscriptions.add(
      log.onChange(() => {
        this.#changed.fire('spaces');
        this.#changed.fire('members');
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

  /** Checks that a relay is there, hands it the log, and keeps to it from now on. Nothing is kept of a relay that fails. */
  async attach(relay: RelayUrl): Promise<void> {
    const client = relayClient(relay);
    await client.check();
    await syncLog(this.log, client);
    await this.#setAbout({ ...this.#about, relay });
    await this.#stopLink();
    this.#startLink();
    this.#changed.fire('about');
    this.#changed.fire('truths');
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
    const { relay } = this.#about;
    if (relay === null) throw noRelay(this.entry().title);
    const next = this.#logSyncing.then(() => syncLog(this.log, relayClient(relay)));
    this.#logSyncing = next.catch(() => undefined); // The caller hears of it; a later one must still run.
    await next;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#subscriptions.dispose();
    this.#logTimer?.dispose();
    await this.#stopLink();
    await this.#logSyncing;
    this.#changed.clear();
  }

  async #setAbout(about: WorkspaceAbout): Promise<void> {
    await writeAbout(this.#parts.folder, this.id, about);
    this.#about = about;
  }

  #startLink(): void {
    const { openLink } = this.#parts;
    const { relay } = this.#about;
    if (!openLink || relay === null || this.#closed) return;
    const link = openLink(this.id, relay);
    const events = new DisposableStore();
    let online = false;
    const look = (): void => {
      const now = link.status.state === 'online';
      if (now && !online) this.#lookForRecords(0);
      online = now;
      this.#changed.fire('truths');
    };
    events.add(link.onStatus(look));
    events.add(link.onOutbox(() => this.#changed.fire('truths')));
    this.#link = link;
    this.#linkEvents = events;
    for (const [room, held] of this.#pinned) held.pin = link.pin(room);
    look();
  }

  async #stopLink(): Promise<void> {
    const link = this.#link;
    this.#linkEvents?.dispose();
    this.#link = null;
    for (const held of this.#pinned.values()) {
      held.pin?.dispose();
      held.pin = null;
    }
    await link?.close();
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
