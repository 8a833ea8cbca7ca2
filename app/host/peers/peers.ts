// The links of this host to other members' computers, without a relay between them (docs/peers.md): one for each device of a workspace, however often it was found or dialed. It finds nobody, and proves nobody.
import { AppError } from '../../../shared/base/app-error.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { Emitter, type Event } from '../../../shared/base/emitter.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';
import type { HostAccess } from '../host-access.ts';
import { watchNetwork } from '../network-watch.ts';
import type { Workspace } from '../workspace.ts';
import type { Workspaces } from '../workspaces.ts';
import type { PeerAddress, PeerConnection, PeerDoor, PeerExpectation } from './peer-connection.ts';
import { logMark } from './log-mark.ts';
import { LogStep } from './log-step.ts';
import { openPeerLink, type PeerLink, type PeerLinkParts } from './peer-link.ts';
import { PeerWay, type LinkEnds, type PeerState } from './peer-way.ts';
import { WorkspaceRelays } from './workspace-relays.ts';

/** Whom a workspace may be linked to now: its person's switch. Without a device: whether to anybody. */
export interface PeerSwitch {
  isOn(workspace: string, device?: string): boolean;
  readonly onChange: Event<unknown>;
}

/** While it is on no link may be (Ready for travel). */
export interface Rehearsing {
  readonly isOn: boolean;
  readonly onChange: Event<unknown>;
}

export interface PeerEntry {
  readonly device: string;
  readonly member: string;
  readonly state: PeerState;
  /** This end dialed the link that stands. */
  readonly dialed: boolean;
  readonly address: PeerAddress | null;
  /** Since when it is in this state (milliseconds since the epoch). */
  readonly since: number;
  /** What went wrong last, in words for people. */
  readonly why?: string;
}

export interface PeersParts extends PeerLinkParts {
  readonly access: Pick<HostAccess, 'onChange'>;
  readonly workspaces: Pick<Workspaces, 'all' | 'find' | 'onAdded' | 'onRemoved'>;
  readonly switches: PeerSwitch;
  readonly rehearsing: Rehearsing;
  /** Replaced by tests. */
  readonly addresses?: () => string;
}

/** Devices of one workspace that are kept in mind; rogue announcements can name no more of them than there are members' devices. */
const MOST = 1_000;

/** What is kept of one workspace. */
interface Place {
  readonly workspace: Workspace;
  readonly relays: WorkspaceRelays;
  readonly ways: Map<string, PeerWay>;
  readonly held: DisposableStore;
  /** Rooms that windows have open. */
  readonly pins: Map<string, Map<string, Disposable>>;
  /** How many do something that no link may see. */
  paused: number;
}

export class Peers {
  readonly #parts: PeersParts;
  readonly #places = new Map<string, Place>();
  readonly #held = new DisposableStore();
  readonly #changes = new Emitter<string>();
  /** list() of a workspace may be another one; the value is the workspace. */
  readonly onChange: Event<string> = this.#changes.event;
  #door: PeerDoor | null = null;
  #ending: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: PeersParts) {
    this.#parts = parts;
    const { workspaces, access, switches, rehearsing, clock } = parts;
    for (const workspace of workspaces.all) this.#open(workspace);
    this.#held.add(workspaces.onAdded((workspace) => this.#open(workspace)));
    this.#held.add(workspaces.onRemoved((workspace) => this.#leave(workspace)));
    this.#held.add(access.onChange(() => this.#rightsChanged()));
    this.#held.add(switches.onChange(() => this.#switched()));
    this.#held.add(rehearsing.onChange(() => this.#switched()));
    this.#held.add(
      watchNetwork(
        clock,
        () => {
          for (const { ways } of this.#places.values()) for (const way of ways.values()) way.networkChanged();
        },
        parts.addresses,
      ),
    );
  }

  /** Dials through this door from now on; null: this host has none. */
  use(door: PeerDoor | null): void {
    this.#door = door;
    if (door) for (const { ways } of this.#places.values()) for (const way of ways.values()) way.retry();
  }

  /** What it dials through. */
  get door(): PeerDoor | null {
    return this.#door;
  }

  /** Whether the link to a device has no text to carry now, as far as this end knows; true where there is none. */
  isQuiet(workspace: string, device: string): boolean {
    return this.#places.get(workspace)?.ways.get(device)?.link?.isQuiet ?? true;
  }

  /** Discovery heard a member's device. Whatever else is heard leads nowhere. */
  found(workspace: string, device: string, address: PeerAddress): void {
    const place = this.#places.get(workspace);
    if (!place || !this.#isPeer(place, device)) return;
    if (!place.ways.has(device) && place.ways.size >= MOST) return;
    this.#way(place, device).found(address);
  }

  /** Discovery hears it there no more. */
  lost(workspace: string, device: string, address: PeerAddress): void {
    const place = this.#places.get(workspace);
    place?.ways.get(device)?.lost(address);
    if (place) this.#tidy(place);
  }

  /** A connection that the door let in, or that was dialed: one for links. It is owned from now on. */
  accept(connection: PeerConnection): void {
    const { workspace, device, transport, purpose } = connection;
    const place = this.#places.get(workspace);
    if (!place || purpose !== 'link' || !this.#isPeer(place, device)) {
      transport.close(CLOSE.forbidden, 'This connection is not wanted here.');
      return;
    }
    this.#way(place, device).take(connection);
    this.#tidy(place);
  }

  /** Dials an address that somebody was told; the answer is the device that is linked now. Rejects as the door's dial does. */
  async connect(workspace: string, address: PeerAddress, expected: PeerExpectation = {}): Promise<PeerEntry> {
    const place = this.#places.get(workspace);
    if (!place) throw new AppError('not-found', 'This workspace is not on this computer. Nothing was changed.');
    if (!this.#mayLink(place)) {
      throw new AppError(
        'not-allowed',
        'Links to other members’ computers are off here. Nothing was changed. Turn them on, then try again.',
      );
    }
    const connection = await this.#dial(workspace, address, expected);
    const { device } = connection;
    this.accept(connection);
    // Kept in mind, so that it is dialed there again after a loss, however long that lasts.
    if (this.#isPeer(place, device)) this.#way(place, device).found(address, true);
    const entry = this.list(workspace).find((one) => one.device === device);
    if (!entry) throw new AppError('unreachable', 'The connection was lost at once. Try again.');
    return entry;
  }

  /** Every device that is linked, dialed or was heard of. */
  list(workspace: string): PeerEntry[] {
    const place = this.#places.get(workspace);
    if (!place) return [];
    return [...place.ways].map(([device, way]) => ({
      device,
      member: place.workspace.log.membership.devices.get(device) ?? '',
      state: way.state,
      dialed: way.dialed,
      address: way.address,
      since: way.since,
      ...(way.why === null ? {} : { why: way.why }),
    }));
  }

  /** Rooms that linked computers have otherwise than this one, as far as those told that this end dialed. */
  *differing(workspace: string): Iterable<{ readonly room: string; readonly refused: boolean }> {
    for (const { link } of this.#places.get(workspace)?.ways.values() ?? []) {
      if (link?.dialing) yield* link.dialing.differing();
    }
  }

  /** Keeps a room first in line on every link that this host dialed, for as long as a window has it open. */
  pin(room: string): Disposable {
    const place = this.#places.get(room.slice(0, room.indexOf('/')));
    if (!place) return { dispose: () => undefined };
    const key = `${room} ${(this.#pinned += 1)}`;
    const pins = new Map<string, Disposable>();
    place.pins.set(key, pins);
    for (const [device, { link }] of place.ways) if (link) pins.set(device, link.pin(room));
    return {
      dispose: () => {
        place.pins.delete(key);
        for (const pin of pins.values()) pin.dispose();
        pins.clear();
      },
    };
  }

  #pinned = 0;

  /** Resolves when every link of a workspace that this end dialed has nothing left to say, as far as the other ends take it. */
  async settled(workspace: string): Promise<void> {
    const links = [...(this.#places.get(workspace)?.ways.values() ?? [])].map(({ link }) => link?.dialing?.settled());
    // A link that ends meanwhile has nothing left to say.
    await Promise.allSettled(links);
  }

  /** Does `work` while nothing is exchanged with peers of a workspace; what is remembered of them may be changed then. */
  async without(workspace: string, work: () => Promise<void>): Promise<void> {
    const place = this.#places.get(workspace);
    if (!place) return work();
    place.paused += 1;
    for (const way of place.ways.values()) way.stop(CLOSE.stopping, 'This end keeps no links now.');
    try {
      await Promise.all([...place.ways.values()].map((way) => way.ended()));
      await work();
    } finally {
      place.paused -= 1;
      for (const way of place.ways.values()) way.retry();
    }
  }

  /** The workspace goes from this computer: its links end; resolves when what they learned is stored. */
  async leave(workspace: string): Promise<void> {
    this.#leave(workspace);
    await this.#ending;
  }

  /** Ends all links; resolves when what they learned is stored. The store must stay open until then. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#held.dispose();
    for (const id of [...this.#places.keys()]) this.#leave(id);
    await this.#ending;
    this.#changes.clear();
  }

  #open(workspace: Workspace): void {
    if (this.#closed || this.#places.has(workspace.id)) return;
    const relays = new WorkspaceRelays(workspace);
    const held = new DisposableStore();
    held.add(relays);
    held.add(
      workspace.onChange((part) => {
        if (part !== 'spaces') return;
        const names = workspace.namesToFetch();
        for (const { link } of this.#places.get(workspace.id)?.ways.values() ?? []) link?.list(names);
      }),
    );
    this.#places.set(workspace.id, { workspace, relays, ways: new Map(), held, pins: new Map(), paused: 0 });
  }

  #leave(id: string): void {
    const place = this.#places.get(id);
    if (!place) return;
    this.#places.delete(id);
    const closing = [...place.ways.values()].map((way) => way.close());
    this.#ending = Promise.all([this.#ending, ...closing]).then(() => place.held.dispose());
  }

  /** Another device of a member, while this one is a member's itself. */
  #isPeer({ workspace }: Place, device: string): boolean {
    const { devices } = workspace.log.shared;
    return device !== this.#parts.device && devices.has(device) && devices.has(this.#parts.device);
  }

  #mayLink({ workspace, paused }: Place, device?: string): boolean {
    const { switches, rehearsing } = this.#parts;
    return !this.#closed && paused === 0 && switches.isOn(workspace.id, device) && !rehearsing.isOn;
  }

  #way(place: Place, device: string): PeerWay {
    const known = place.ways.get(device);
    if (known) return known;
    const { workspace } = place;
    const { device: own, clock } = this.#parts;
    const way: PeerWay = new PeerWay({
      own,
      device,
      clock,
      mayLink: () => this.#mayLink(place, device) && this.#isPeer(place, device),
      dial: (address) => this.#dial(workspace.id, address, { device }),
      open: (connection, rest) => this.#link(place, connection, rest),
      onChange: () => this.#changes.fire(workspace.id),
    });
    place.ways.set(device, way);
    return way;
  }

  #link(place: Place, connection: PeerConnection, rest: LinkEnds): PeerLink {
    const { workspace, relays, pins } = place;
    const { clock, logger } = this.#parts;
    const { log } = workspace;
    const { device, address, dialed } = connection;
    const head = (): string => logMark(log);
    const step = new LogStep({ head, exchange: () => this.#exchange(workspace.id, device, address), clock, logger });
    const grown = dialed ? log.onChange(() => step.look()) : null;
    const link = openPeerLink(
      { ...this.#parts, logger: logger.child('peer') },
      {
        ...rest,
        relays,
        log: { head, onChange: log.onChange },
        onLog: (theirs) => step.told(theirs),
        onEnd: (code, reason) => {
          step.dispose();
          grown?.dispose();
          rest.onEnd(code, reason);
        },
      },
      connection,
    );
    for (const [key, held] of pins) {
      held.get(device)?.dispose();
      held.set(device, link.pin(key.slice(0, key.indexOf(' '))));
    }
    link.list(workspace.namesToFetch());
    logger.log('info', 'peer-linked', { workspace: workspace.id, device, dialed });
    return link;
  }

  /** The door brings the logs in step before it hands a connection over: that is all that this one is for. */
  async #exchange(workspace: string, device: string, address: PeerAddress): Promise<void> {
    if (!this.#door) return;
    const { transport } = await this.#door.dial(workspace, address, 'log', { device });
    transport.close(1000, '');
  }

  #dial(workspace: string, address: PeerAddress, expected: PeerExpectation): Promise<PeerConnection> {
    if (!this.#door) {
      return Promise.reject(new AppError('unreachable', 'This program makes no connections to other computers.'));
    }
    return this.#door.dial(workspace, address, 'link', expected);
  }

  /** A removal counts at once: whoever is no member any more is closed, and whoever became one is dialed. */
  #rightsChanged(): void {
    for (const place of this.#places.values()) {
      for (const [device, way] of [...place.ways]) {
        if (this.#isPeer(place, device)) way.link?.rightsChanged();
        else {
          place.ways.delete(device);
          this.#ending = Promise.all([
            this.#ending,
            way.close(CLOSE.forbidden, 'This device is not a member of the workspace any more.'),
          ]);
          this.#changes.fire(place.workspace.id);
        }
      }
    }
  }

  #switched(): void {
    for (const place of this.#places.values()) {
      for (const [device, way] of place.ways) {
        if (!this.#mayLink(place, device)) way.stop(CLOSE.stopping, 'This end keeps no links now.');
        else way.retry();
      }
      this.#changes.fire(place.workspace.id);
    }
  }

  #tidy(place: Place): void {
    for (const [device, way] of [...place.ways]) {
      if (!way.isLost) continue;
      place.ways.delete(device);
      this.#ending = Promise.all([this.#ending, way.close()]);
    }
    this.#changes.fire(place.workspace.id);
  }
}
