// Members' computers beside this one, as windows and commands ask for them: who is here, the switch for looking, the code to show, and going to one. It finds by `Discovery`, links by `Peers`, and proves by the door.
import { meetingKey } from '../../../shared/access/meeting-key.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import { DisposableStore } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { PeerCode, PeerEntry, PeersHere } from '../../contract/peers.ts';
import type { Rehearsal } from '../rehearsal.ts';
import type { Settings } from '../settings.ts';
import type { Workspace } from '../workspace.ts';
import type { Workspaces } from '../workspaces.ts';
import { dayOf, workspaceTag } from './discovery/day-tags.ts';
import { Discovery } from './discovery/discovery.ts';
import { localNetworks, type LocalNetwork } from './discovery/local-networks.ts';
import type { Multicast } from './discovery/multicast.ts';
import { fewDials } from './few-dials.ts';
import { goThere, wantedPlace, type Typed } from './go-there.ts';
import { ownAddresses } from './own-addresses.ts';
import type { PeerDoor } from './peer-connection.ts';
import { formatPeerLink, MOST_ADDRESSES } from './peer-link-text.ts';
import type { PeerEntry as LinkedPeer, Peers, PeerSwitch } from './peers.ts';
import { ShownCodes } from './shown-codes.ts';
import { formatAddress } from './typed-address.ts';

export interface NearbyParts {
  /** This device's id. */
  readonly device: string;
  readonly settings: Pick<Settings, 'discovers' | 'setDiscovers'>;
  readonly workspaces: Workspaces;
  readonly rehearsal: Pick<Rehearsal, 'isOn' | 'onChange' | 'demandLinks'>;
  /** Whether this host links to anybody at all. */
  readonly links: boolean;
  /** The one address that the door listens on; null: every one of this computer. */
  readonly listen: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Replaced by tests. */
  readonly networks?: () => readonly LocalNetwork[];
}

/** What it is joined to once the host is built. */
export interface NearbyMeans {
  readonly peers: Peers;
  /** Null: this program makes no connections to other computers. */
  readonly door: PeerDoor | null;
  /** Null: it neither announces itself nor looks. */
  readonly multicast: Multicast | null;
}

export class Nearby {
  readonly codes: ShownCodes;
  readonly #parts: NearbyParts;
  readonly #held = new DisposableStore();
  readonly #changed = new Emitter<string>();
  readonly #switched = new Emitter<void>();
  /** here() of a workspace may be another one, or its code; the value is the workspace. */
  readonly onChange = this.#changed.event;
  #means: NearbyMeans | null = null;
  #discovery: Discovery | null = null;
  #settling: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: NearbyParts) {
    this.#parts = parts;
    this.codes = new ShownCodes(parts.clock, (workspace) => parts.settings.discovers(workspace));
    this.#held.add(this.codes.onChange((workspace) => this.#changed.fire(workspace)));
  }

  /** Whom this computer may be linked to: where nobody is looked for, those that came by a code, or were gone to by one. */
  get switches(): PeerSwitch {
    const { links, settings } = this.#parts;
    return {
      isOn: (workspace, device) =>
        links && (device === undefined || settings.discovers(workspace) || this.codes.knows(workspace, device)),
      onChange: this.#switched.event,
    };
  }

  /** From here on it finds, and is found. The door is closed by whoever opened it. */
  join(means: NearbyMeans): void {
    const { clock, device, logger, workspaces, rehearsal } = this.#parts;
    const { peers, door, multicast } = means;
    this.#means = means;
    this.#held.add(peers.onChange((workspace) => this.#changed.fire(workspace)));
    if (door) peers.use(fewDials(door));
    if (multicast) {
      this.#discovery = new Discovery({
        device,
        multicast,
        sink: peers,
        port: () => door?.port ?? null,
        clock,
        logger,
      });
      this.#held.add(this.#discovery.onChange(() => this.#tellAll()));
    }
    this.#held.add(
      workspaces.onAdded((workspace) => {
        this.#watch(workspace);
        this.#settle();
      }),
    );
    this.#held.add(
      workspaces.onRemoved((workspace) => {
        this.codes.forget(workspace);
        this.#discovery?.end(workspace);
      }),
    );
    this.#held.add(
      rehearsal.onChange(() => {
        this.#settle();
        this.#tellAll();
      }),
    );
    for (const workspace of workspaces.all) this.#watch(workspace);
    this.#settle();
  }

  here(workspace: Workspace): PeersHere {
    const { settings, rehearsal } = this.#parts;
    const { peers, door } = this.#means ?? {};
    return {
      discover: settings.discovers(workspace.id),
      looking: rehearsal.isOn ? 'links-off' : (this.#discovery?.state ?? 'off'),
      closed: (door?.port ?? null) === null,
      peers: (peers?.list(workspace.id) ?? [])
        .filter(({ member }) => isShown(workspace, member))
        .map((peer) => this.#entry(workspace, peer)),
    };
  }

  /** How many are linked. */
  linked(id: string): number {
    const workspace = this.#parts.workspaces.find(id);
    return workspace ? this.here(workspace).peers.filter(({ state }) => state === 'linked').length : 0;
  }

  /** Throws `not-allowed` where nobody could come in. */
  async code(workspace: Workspace, fresh: boolean): Promise<PeerCode> {
    const { clock, device, listen, rehearsal, networks = localNetworks } = this.#parts;
    this.#requirePart(workspace);
    rehearsal.demandLinks();
    const port = this.#means?.door?.port ?? null;
    if (port === null) {
      throw new AppError(
        'not-allowed',
        'No other computer can come in here: Caravan could open no port on this one. Nothing was changed. Let your colleague show the code instead, and enter it here.',
      );
    }
    const addresses = (listen === null ? ownAddresses(networks()) : [listen])
      .slice(0, MOST_ADDRESSES)
      .map((host) => ({ host, port }));
    if (addresses.length === 0) {
      throw new AppError(
        'not-allowed',
        'This computer is in no network, so nobody can reach it. Nothing was changed. Join the same Wi-Fi, or make a hotspot on one of the two computers; then show the code again.',
      );
    }
    const key = await meetingKey(workspace.log.records[0] ?? '');
    const { code, until } = this.codes.show(workspace.id, fresh);
    const tag = workspaceTag(key, dayOf(clock.now()));
    const link = formatPeerLink({ workspaceTag: tag, device, code, addresses });
    return { code, addresses: addresses.map(formatAddress), link, until };
  }

  /** Goes where somebody typed. Throws what people can read. */
  async connect(workspace: Workspace, typed: Typed): Promise<PeerEntry> {
    const { clock, device, rehearsal, workspaces, networks = localNetworks } = this.#parts;
    this.#requirePart(workspace);
    rehearsal.demandLinks();
    const { peers, door } = this.#means ?? {};
    if (!peers || !door) throw new AppError('not-allowed', 'This program makes no connections to other computers.');
    const keys = await Promise.all(
      workspaces.all.map(async ({ id, log }) => ({ id, meetingKey: await meetingKey(log.records[0] ?? '') })),
    );
    const place = wantedPlace(typed, { workspace: workspace.id, device, keys, now: clock.now(), networks: networks() });
    const linked = await goThere(place, workspace.entry().title, (address, expected) =>
      peers.connect(workspace.id, address, expected),
    );
    return this.#entry(workspace, linked);
  }

  async setDiscovers(workspace: Workspace, on: boolean): Promise<void> {
    await this.#parts.settings.setDiscovers(workspace.id, on);
    this.#settle();
    this.#switched.fire();
    this.#changed.fire(workspace.id);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#held.dispose();
    this.codes.dispose();
    await this.#settling;
    await this.#discovery?.close();
    this.#changed.clear();
    this.#switched.clear();
  }

  #watch(workspace: Workspace): void {
    const { id, log } = workspace;
    this.#held.add(log.onChange(() => this.#discovery?.devicesChanged(id)));
    let mine = workspace.entry().mine;
    this.#held.add(
      workspace.onChange((part) => {
        if (part !== 'members' || workspace.entry().mine === mine) return;
        mine = workspace.entry().mine;
        this.#settle();
      }),
    );
  }

  /** Announces where it is to be, and nowhere else. */
  #settle(): void {
    this.#settling = this.#settling.then(async () => {
      const { workspaces, settings, links, rehearsal } = this.#parts;
      const discovery = this.#discovery;
      if (!discovery || this.#closed) return;
      for (const workspace of [...workspaces.all]) {
        const { id, log } = workspace;
        const key = await meetingKey(log.records[0] ?? '');
        if (this.#closed) return;
        // As it is now: it may have gone from this computer while the key was made, and nobody would take that back.
        const wanted =
          links &&
          !rehearsal.isOn &&
          workspaces.find(id) === workspace &&
          workspace.entry().mine === 'member' &&
          settings.discovers(id);
        if (wanted) discovery.begin({ id, meetingKey: key, devices: () => log.membership.devices.keys() });
        else discovery.end(id);
      }
    });
  }

  #entry(workspace: Workspace, { device, member, state, since, address, why }: LinkedPeer): PeerEntry {
    const names = workspace.names();
    return {
      ...{ device, member, state, since },
      name: names.device(member, device),
      memberName: names.member(member),
      me: member === workspace.about.member,
      address: address && formatAddress(address),
      byCode: this.codes.knows(workspace.id, device),
      why: why?.slice(0, 2_000) ?? null,
    };
  }

  #requirePart(workspace: Workspace): void {
    if (workspace.entry().mine === 'member') return;
    throw new AppError(
      'not-allowed',
      'This computer has no part in this workspace any more: no colleague’s computer lets it in. Nothing was changed.',
    );
  }

  #tellAll(): void {
    for (const { id } of this.#parts.workspaces.all) this.#changed.fire(id);
  }
}

/** A guest sees nobody but the people of their spaces, whoever's computer it is that hands things on. */
function isShown(workspace: Workspace, member: string): boolean {
  return workspace.entry().role !== 'guest' || workspace.mayRead(`@${member}`);
}
