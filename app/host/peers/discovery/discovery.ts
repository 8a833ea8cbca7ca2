// Says on the network who is here, in tags that only members understand, and hears whose other computers are (PE40 to PE47). It dials nobody and proves nobody.
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { Emitter } from '../../../../shared/base/emitter.ts';
import type { Logger } from '../../../../shared/base/logger.ts';
import { watchNetwork } from '../../network-watch.ts';
import type { PeerAddress } from '../peer-connection.ts';
import { dayOf, deviceTag, startOf, workspaceTag } from './day-tags.ts';
import { FoundTable, type HeardAt } from './found-table.ts';
import { KnownTags, type Announced } from './known-tags.ts';
import { bareAddress, neighboursOf, type LocalNetwork, type Neighbours } from './local-networks.ts';
import type { HeardPacket, Multicast } from './multicast.ts';
import { lookingState, type LookingState } from './network-sense.ts';
import {
  asksForUs,
  freshName,
  HOLDS,
  readAnnouncements,
  recordsOf,
  type HeardAnnouncement,
} from './service-records.ts';

export type { Announced } from './known-tags.ts';

/** Who is told what was heard. */
export interface FoundSink {
  found(workspace: string, device: string, address: PeerAddress): void;
  lost(workspace: string, device: string, address: PeerAddress): void;
}

export interface DiscoveryParts {
  /** This device's id: what is heard of it is an echo. */
  readonly device: string;
  readonly multicast: Multicast;
  readonly sink: FoundSink;
  /** Where the door listens; null: nobody is told of it. */
  readonly port: () => number | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1); replaced by tests. */
  readonly random?: () => number;
  /** Of this computer, as one text; replaced by tests. */
  readonly addresses?: () => string;
}

/** Milliseconds. */
const LOOK = 10_000;
const SAY_EVERY = 60_000;
/** After coming to a network: all who are here answer the question. */
const BURST: readonly number[] = [0, 1_000, 3_000];
/** What is asked by several is answered once (RFC 6762, section 6). */
const ANSWER_AFTER = 20;
const ANSWER_WITHIN = 100;
const ANSWER_EVERY = 1_000;
/** A look that comes so late found this computer asleep. */
const SLEPT = 30_000;
/** Within so long after midnight (UTC) the tags become those of the new day, each workspace's at a moment of its own. */
const CHANGE_WITHIN = 12 * 3_600_000;
/** Packets that are read in one look; a network that says more is not one of people. */
const MOST_PACKETS = 4_000;

interface Spoken {
  readonly announced: Announced;
  name: string;
  workspaceTag: string;
  deviceTag: string;
  /** When name and tags are made anew. */
  until: number;
}

export class Discovery {
  readonly #parts: DiscoveryParts;
  readonly #random: () => number;
  readonly #spoken = new Map<string, Spoken>();
  readonly #tags = new KnownTags();
  readonly #table = new FoundTable();
  readonly #timers = new Set<Disposable>();
  readonly #changed = new Emitter<void>();
  /** `state` became another one. */
  readonly onChange = this.#changed.event;
  #look: Disposable | null = null;
  #watch: Disposable | null = null;
  #hearing: Disposable | null = null;
  #neighbours: { readonly of: readonly LocalNetwork[]; readonly find: Neighbours } | null = null;
  #lookedAt = 0;
  #saidAt = 0;
  #answering = false;
  #packets = 0;
  #askedAt: number | null = null;
  #echoAt: number | null = null;
  #otherAt: number | null = null;
  #told: LookingState = 'off';
  #leaving: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: DiscoveryParts) {
    this.#parts = parts;
    this.#random = parts.random ?? Math.random;
  }

  get state(): LookingState {
    const { clock, multicast } = this.#parts;
    return lookingState(
      {
        on: this.#spoken.size > 0,
        networks: multicast.networks.filter(({ internal }) => !internal).length || multicast.open,
        open: multicast.open,
        askedAt: this.#askedAt,
        echoAt: this.#echoAt,
        otherAt: this.#otherAt,
      },
      clock.now(),
    );
  }

  /** Devices that are heard now. */
  get size(): number {
    return this.#table.size;
  }

  /** Announces this computer in a workspace, and looks for its members' computers. */
  begin(announced: Announced): void {
    if (this.#closed || this.#spoken.has(announced.id)) return;
    this.#spoken.set(announced.id, this.#fresh(announced));
    this.#tags.set(announced);
    if (this.#look === null) this.#start();
    else this.#burst();
    this.#tell();
  }

  /** Takes back what was said of a workspace, and forgets what was heard of it. */
  end(workspace: string): void {
    const spoken = this.#spoken.get(workspace);
    if (!spoken) return;
    this.#sayOne(spoken, 0);
    this.#spoken.delete(workspace);
    this.#tags.delete(workspace);
    for (const at of this.#table.leave(workspace)) this.#lost(at);
    if (this.#spoken.size === 0) {
      this.#stop();
      this.#leaving = this.#parts.multicast.leave();
    }
    this.#tell();
  }

  devicesChanged(workspace: string): void {
    this.#tags.devicesChanged(workspace);
    // Who was unknown a moment ago is asked for again.
    if (this.#spoken.has(workspace)) this.#parts.multicast.ask();
  }

  /** Another network, or the same one after a sleep: what was heard before may not hold, and is asked for anew. */
  networkChanged(anew = false): void {
    if (this.#look === null) return;
    this.#parts.multicast.refresh(anew);
    this.#burst();
    this.#tell();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const workspace of [...this.#spoken.keys()]) this.end(workspace);
    this.#changed.clear();
    await this.#leaving;
    await this.#parts.multicast.close();
  }

  #start(): void {
    const { multicast, clock, addresses } = this.#parts;
    this.#hearing = multicast.onHeard((heard) => this.#hear(heard));
    this.#watch = watchNetwork(clock, () => this.networkChanged(), addresses);
    this.#lookedAt = clock.now();
    this.#lookAgain();
    multicast.refresh();
    this.#burst();
  }

  #stop(): void {
    this.#hearing?.dispose();
    this.#watch?.dispose();
    this.#look?.dispose();
    this.#hearing = this.#watch = this.#look = null;
    for (const timer of this.#timers) timer.dispose();
    this.#timers.clear();
    this.#answering = false;
    this.#askedAt = this.#echoAt = this.#otherAt = null;
  }

  #lookAgain(): void {
    const { clock } = this.#parts;
    this.#look = clock.after(LOOK, () => {
      const now = clock.now();
      const slept = now - this.#lookedAt > SLEPT;
      this.#lookedAt = now;
      this.#packets = 0;
      this.#lookAgain();
      for (const at of this.#table.expire(now)) this.#lost(at);
      for (const [id, { announced, until }] of this.#spoken) {
        // Without a goodbye: who goes and who comes at one moment would be one and the same.
        if (now >= until) this.#spoken.set(id, this.#fresh(announced));
      }
      if (slept) this.networkChanged(true);
      else if (now - this.#saidAt >= SAY_EVERY - LOOK * this.#random()) this.#say();
      this.#tell();
    });
  }

  /** Asks and says a few times: the first packet after coming to a network is often lost. */
  #burst(): void {
    const { clock, multicast } = this.#parts;
    this.#askedAt = clock.now();
    this.#echoAt = this.#otherAt = null;
    for (const wait of BURST) {
      this.#after(wait + Math.round(this.#random() * ANSWER_WITHIN), () => {
        multicast.ask();
        this.#say();
      });
    }
    // For what is to be said of the network when nothing came.
    for (const wait of [6_000, 31_000]) this.#after(wait, () => this.#tell());
  }

  #after(wait: number, run: () => void): void {
    const timer: Disposable = this.#parts.clock.after(wait, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }

  #say(): void {
    this.#saidAt = this.#parts.clock.now();
    for (const spoken of this.#spoken.values()) this.#sayOne(spoken);
  }

  #sayOne({ name, workspaceTag: workspace, deviceTag: device }: Spoken, ttl?: number): void {
    const port = this.#parts.port();
    if (port === null) return;
    this.#parts.multicast.say((addresses) => recordsOf({ name, port, workspace, device }, addresses, ttl));
  }

  #fresh(announced: Announced): Spoken {
    const { clock, device } = this.#parts;
    const day = dayOf(clock.now());
    return {
      announced,
      name: freshName(),
      workspaceTag: workspaceTag(announced.meetingKey, day),
      deviceTag: deviceTag(announced.meetingKey, device, day),
      until: startOf(day + 1) + Math.floor(this.#random() * CHANGE_WITHIN),
    };
  }

  #hear({ kind, packet, from, network }: HeardPacket): void {
    const { multicast, clock } = this.#parts;
    this.#packets += 1;
    if (this.#packets > MOST_PACKETS) return;
    if (multicast.networks.some(({ address }) => address === bareAddress(from))) this.#echoAt = clock.now();
    else this.#otherAt = clock.now();
    if (kind === 'query') {
      const names = new Set([...this.#spoken.values()].map(({ name }) => name));
      if (asksForUs(packet, names)) this.#answer();
      return;
    }
    for (const announcement of readAnnouncements(packet)) this.#take(announcement, from, network);
  }

  #answer(): void {
    if (this.#answering) return;
    this.#answering = true;
    const { clock } = this.#parts;
    const since = clock.now() - this.#saidAt;
    const wait = Math.max(ANSWER_AFTER + this.#random() * ANSWER_WITHIN, ANSWER_EVERY - since);
    this.#after(Math.round(wait), () => {
      this.#answering = false;
      // Said meanwhile for another reason: that answers it, too.
      if (clock.now() - this.#saidAt >= ANSWER_EVERY) this.#say();
    });
  }

  #take(announcement: HeardAnnouncement, from: string, network: LocalNetwork): void {
    const { clock, multicast, device, sink } = this.#parts;
    const now = clock.now();
    const whose = this.#tags.find(announcement, now);
    // An echo, or somebody who plays back what this computer said.
    if (!whose || whose.device === device) return;
    const near = this.#near(multicast.networks);
    // Where it came from leads there most surely: a list may name addresses of other networks.
    for (const said of [...announcement.addresses, from]) {
      const host = near(said, network);
      if (host === null) continue;
      const at = { ...whose, address: { host, port: announcement.port } };
      if (announcement.goodbye) {
        if (this.#table.goodbye(at)) this.#lost(at);
        continue;
      }
      const { isNew, pushedOut } = this.#table.heard(at, now + HOLDS * 1_000);
      if (pushedOut) this.#lost(pushedOut);
      if (isNew || said === from) sink.found(at.workspace, at.device, at.address);
    }
  }

  #near(networks: readonly LocalNetwork[]): Neighbours {
    if (this.#neighbours?.of !== networks) this.#neighbours = { of: networks, find: neighboursOf(networks) };
    return this.#neighbours.find;
  }

  #lost({ workspace, device, address }: HeardAt): void {
    this.#parts.sink.lost(workspace, device, address);
  }

  #tell(): void {
    const { state } = this;
    if (state === this.#told) return;
    this.#told = state;
    this.#parts.logger.log('info', 'looking', { state });
    this.#changed.fire();
  }
}
