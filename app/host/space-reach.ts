// What this device may do in each space of a workspace, as it was told last: the difference is what windows hear of.
import type { HostAccess } from './host-access.ts';

export interface ReachChange {
  readonly space: string;
  /** Whether its documents can be read here from now on. */
  readonly readable: boolean;
}

interface Reach {
  readonly read: boolean;
  readonly write: boolean;
}

const NONE: Reach = { read: false, write: false };

export class SpaceReach {
  readonly #access: HostAccess;
  readonly #workspace: string;
  readonly #device: string;
  #known: ReadonlyMap<string, Reach>;

  constructor(access: HostAccess, workspace: string, device: string, spaces: Iterable<string>) {
    this.#access = access;
    this.#workspace = workspace;
    this.#device = device;
    this.#known = this.#judge(spaces);
  }

  /** Looks again. Null: nothing is different; else the spaces that can be read now and could not, or the other way round. */
  look(spaces: Iterable<string>): readonly ReachChange[] | null {
    const before = this.#known;
    const now = this.#judge(spaces);
    this.#known = now;
    const changes: ReachChange[] = [];
    let differs = before.size !== now.size;
    for (const space of new Set([...before.keys(), ...now.keys()])) {
      const [was, is] = [before.get(space) ?? NONE, now.get(space) ?? NONE];
      differs ||= was.read !== is.read || was.write !== is.write;
      if (was.read !== is.read) changes.push({ space, readable: is.read });
    }
    return differs ? changes : null;
  }

  #judge(spaces: Iterable<string>): ReadonlyMap<string, Reach> {
    const own = { device: this.#device, member: null };
    const reach = new Map<string, Reach>();
    for (const space of spaces) {
      const place = { workspace: this.#workspace, space, document: '*' };
      reach.set(space, {
        read: this.#access.allows(own, 'read', place),
        write: this.#access.allows(own, 'write', place),
      });
    }
    return reach;
  }
}
