// Several hosts linked to each other, with or without a relay between them, for tests that count what an edit costs; hubs are doubles.
import { eventually } from './eventually.ts';
import { linkHubs, type Linked } from './linked-hubs.ts';
import { RoomSourceDouble } from './room-source-double.ts';
import { framesOf } from './sent-frames.ts';
import { RelayLinks } from '../../shared/link/relay-links.ts';
import { decodeRoomFrame } from '../../shared/protocol/room-frames.ts';
import { expect } from 'vitest';

const W = 'workspace';

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

  private constructor({ hosts, shape, relay }: MeshOptions) {
    this.hosts = Array.from({ length: hosts }, () => new RoomSourceDouble(W));
    if (relay) for (const host of this.hosts) this.toRelay.push(linkHubs(host, () => this.relay, { workspace: W }));
    this.#known = this.hosts.map((_, at) => new RelayLinks(relay ? [this.toRelay[at]!.link] : []));
    for (let from = 0; from < hosts; from += 1) {
      for (let to = from + 1; to < (shape === 'chain' ? Math.min(from + 2, hosts) : hosts); to += 1) {
        const relays = { dialing: this.#known[from]!, accepting: this.#known[to]! };
        this.between.push(linkHubs(this.hosts[from]!, () => this.hosts[to]!, { workspace: W, hosts: relays }));
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
    await eventually(() => {
      for (const { link } of this.links) expect(link.status.state).toBe('online');
    });
    for (let round = 0; round < 2; round += 1) await Promise.all(this.links.map(({ link }) => link.settled()));
  }

  /** What `change` costs until every host shows `text` in the room and no wire has anything left to carry. */
  async cost(room: string, change: () => void, text: string): Promise<Cost> {
    const before = this.#count();
    change();
    await eventually(() => {
      for (const host of this.hosts) expect(host.text(room)).toBe(text);
    });
    await this.quiet();
    const after = this.#count();
    return { carried: after.carried - before.carried, frames: after.frames - before.frames };
  }

  /** Resolves when nothing was sent for longer than anybody keeps anything to itself. */
  async quiet(): Promise<void> {
    let last = -1;
    let since = performance.now();
    await eventually(() => {
      const { frames } = this.#count();
      if (frames !== last) since = performance.now();
      last = frames;
      expect(performance.now() - since).toBeGreaterThan(400);
    });
  }

  async close(): Promise<void> {
    for (const known of this.#known) known.dispose();
    await Promise.all(this.links.map(({ link }) => link.close()));
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
