// Several hosts linked to each other, with or without a relay between them, for tests that count what an edit costs; hubs are doubles.
import { FakeClock } from '../../shared/base/clock.ts';
import { linkHubs, type Linked } from './linked-hubs.ts';
import { RoomSourceDouble } from './room-source-double.ts';
import { framesOf } from './sent-frames.ts';
import { RelayLinks } from '../../shared/link/relay-links.ts';
import { decodeRoomFrame } from '../../shared/protocol/room-frames.ts';
import { expect } from 'vitest';

const W = 'workspace';

/** Milliseconds of the mesh's own clock: by how much it moves at once, and for longer than what anybody keeps anything to itself. */
const STEP = 10;
const LONGEST_KEPT = 400;
/** Turns of the event loop without anything sent: then nobody has work left that waits for no time. */
const TURNS = 5;

export interface MeshOptions {
  readonly hosts: number;
  readonly shape: 'mesh' | 'chain';
  readonly relay: boolean;
}

/** What went over all wires. `carried`: room messages with content, that is the edit itself. */
export interface Cost {
  readonly carried: number;
  readonly frames: number;
}

export class Mesh {
  readonly hosts: RoomSourceDouble[];
  readonly relay = new RoomSourceDouble(W);
  readonly toRelay: Linked[] = [];
  readonly between: Linked[] = [];
  readonly #known: RelayLinks[];
  readonly #clock = new FakeClock();

  private constructor({ hosts, shape, relay }: MeshOptions) {
    this.hosts = Array.from({ length: hosts }, () => new RoomSourceDouble(W));
    if (relay)
      for (const host of this.hosts)
        this.toRelay.push(linkHubs(host, () => this.relay, { workspace: W, clock: this.#clock }));
    this.#known = this.hosts.map((_, at) => new RelayLinks(relay ? [this.toRelay[at]!.link] : []));
    for (let from = 0; from < hosts; from += 1) {
      for (let to = from + 1; to < (shape === 'chain' ? Math.min(from + 2, hosts) : hosts); to += 1) {
        const relays = { dialing: this.#known[from]!, accepting: this.#known[to]! };
        this.between.push(
          linkHubs(this.hosts[from]!, () => this.hosts[to]!, { workspace: W, clock: this.#clock, hosts: relays }),
        );
      }
    }
  }

  static async start(options: MeshOptions): Promise<Mesh> {
    const mesh = new Mesh(options);
    for (const { link } of mesh.links) await link.start();
    await mesh.settle();
    return mesh;
  }

  get links(): readonly Linked[] {
    return [...this.toRelay, ...this.between];
  }

  async settle(): Promise<void> {
    const settled = Promise.all(this.links.map(({ link }) => link.settled()));
    await this.quiet();
    for (const { link } of this.links) expect(link.status.state).toBe('online');
    await settled;
  }

  /** What `change` costs until every host shows `text` in the room and no wire has anything left to carry. */
  async cost(room: string, change: () => void, text: string): Promise<Cost> {
    const before = this.#count();
    change();
    await this.quiet();
    for (const host of this.hosts) expect(host.text(room)).toBe(text);
    const after = this.#count();
    return { carried: after.carried - before.carried, frames: after.frames - before.frames };
  }

  /** Resolves when nothing is on its way and nothing was sent for longer than anybody keeps anything to itself, as the mesh's clock goes. */
  async quiet(): Promise<void> {
    let still = 0;
    for (let steps = 0; still < LONGEST_KEPT; steps += 1) {
      if (steps > 10_000) throw new Error('the mesh never comes to rest');
      const sent = await this.#delivered();
      this.#clock.advance(STEP);
      still = (await this.#delivered()) === sent ? still + STEP : 0;
    }
  }

  async close(): Promise<void> {
    for (const known of this.#known) known.dispose();
    await Promise.all(this.links.map(({ link }) => link.close()));
  }

  /** Lets everything arrive that is on its way, with what it brings about at once. Answers how many messages were sent so far. */
  async #delivered(): Promise<number> {
    let last = -1;
    for (let stillTurns = 0; stillTurns < TURNS;) {
      await new Promise((resolve) => setImmediate(resolve));
      const sent = this.links.reduce((sum, { pipe }) => sum + pipe().a.sent.length + pipe().b.sent.length, 0);
      const waits = this.links.some(({ pipe }) => pipe().waiting > 0);
      stillTurns = sent === last && !waits ? stillTurns + 1 : 0;
      last = sent;
    }
    return last;
  }

  #count(): Cost {
    const all = this.links.flatMap(({ pipe }) => framesOf(pipe()));
    const carried = all.filter((frame) => {
      if (frame.kind !== 'data') return false;
      const message = decodeRoomFrame(frame.bytes);
      // An answer without structs and deletions carries nothing.
      return (message?.kind === 'update' || message?.kind === 'step2') && message.update.length > 2;
    }).length;
    return { carried, frames: all.filter(({ kind }) => kind !== 'heartbeat').length };
  }
}
