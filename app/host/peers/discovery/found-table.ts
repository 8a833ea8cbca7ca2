// Where members' devices were heard on the network, and until when that holds. Bounded whatever is announced; it dials nobody.
import type { PeerAddress } from '../peer-connection.ts';

/** Addresses of one device: a laptop has a few. More are an attack, and push out the oldest. */
const MOST_ADDRESSES = 6;

export interface HeardAt {
  readonly workspace: string;
  readonly device: string;
  readonly address: PeerAddress;
}

interface Row {
  readonly at: HeardAt;
  until: number;
}

export class FoundTable {
  /** By workspace and device; the address that was heard last stands last. */
  readonly #rows = new Map<string, Map<string, Row>>();

  /** Devices that are heard now. */
  get size(): number {
    return this.#rows.size;
  }

  /** @returns whether it is new, and the address that it pushed out. */
  heard(at: HeardAt, until: number): { readonly isNew: boolean; readonly pushedOut: HeardAt | null } {
    const key = keyOf(at);
    const rows = this.#rows.get(key) ?? new Map<string, Row>();
    this.#rows.set(key, rows);
    const place = placeOf(at.address);
    const isNew = !rows.delete(place);
    rows.set(place, { at, until });
    if (rows.size <= MOST_ADDRESSES) return { isNew, pushedOut: null };
    const [oldest, row] = [...rows][0] ?? [];
    if (oldest !== undefined) rows.delete(oldest);
    return { isNew, pushedOut: row?.at ?? null };
  }

  /** It said itself that it goes, or it was not heard for as long as it had said. */
  expire(now: number): readonly HeardAt[] {
    return this.#take((row) => row.until <= now);
  }

  /** Everything of a workspace. */
  leave(workspace: string): readonly HeardAt[] {
    return this.#take((row) => row.at.workspace === workspace);
  }

  goodbye(at: HeardAt): boolean {
    return (
      this.#take((row) => keyOf(row.at) === keyOf(at) && placeOf(row.at.address) === placeOf(at.address)).length > 0
    );
  }

  #take(isOver: (row: Row) => boolean): HeardAt[] {
    const taken: HeardAt[] = [];
    for (const [key, rows] of this.#rows) {
      for (const [place, row] of rows) {
        if (!isOver(row)) continue;
        rows.delete(place);
        taken.push(row.at);
      }
      if (rows.size === 0) this.#rows.delete(key);
    }
    return taken;
  }
}

function keyOf({ workspace, device }: HeardAt): string {
  return `${workspace} ${device}`;
}

function placeOf({ host, port }: PeerAddress): string {
  return `${host} ${port}`;
}
