// SegmentRows in memory, for the store double in memory. It keeps what its medium keeps.
import type { SegmentRef } from '../link/segment-source.ts';
import { parseRoomName } from '../protocol/room-name.ts';
import { AppError } from '../base/app-error.ts';
import type { ValueWrite } from './value-store.ts';
import { NO_HISTORY, type Replacement, type SegmentRows, type SpaceHistory } from './segment-rows.ts';

export interface MemorySegment extends SegmentRef {
  readonly bytes: Uint8Array;
}

interface Gate {
  /** Throws when nothing can be read. */
  read(): void;
  /** Throws when nothing can be written; else makes the writes. */
  write(replaced: readonly ValueWrite[]): void;
}

export class MemorySegmentRows implements SegmentRows {
  readonly spaces: Map<string, SpaceHistory>;
  readonly #segments: Map<string, MemorySegment>;
  readonly #gate: Gate;

  /** @param segments by `<workspace>/<hash>`. */
  constructor(segments: Map<string, MemorySegment>, spaces: Map<string, SpaceHistory>, gate: Gate) {
    this.#segments = segments;
    this.spaces = spaces;
    this.#gate = gate;
  }

  async add(
    { hash, room, endedAt }: Pick<SegmentRef, 'hash' | 'room' | 'endedAt'>,
    bytes: Uint8Array,
    replaced: readonly ValueWrite[] = [],
  ): Promise<number | null> {
    const { workspace, space } = spaceOf(room);
    this.#gate.write(replaced);
    if (this.#segments.has(`${workspace}/${hash}`)) return null;
    const before = this.spaces.get(space) ?? NO_HISTORY;
    const number = before.number + 1;
    this.#segments.set(`${workspace}/${hash}`, { hash, room, number, size: bytes.length, endedAt, bytes });
    this.spaces.set(space, { ...before, number, count: before.count + 1, bytes: before.bytes + bytes.length });
    return number;
  }

  async remove(segments: readonly SegmentRef[], replacement?: Replacement): Promise<void> {
    this.#gate.write([]);
    this.#take(segments, true);
    this.#take(replacement?.bases ?? [], false);
    if (replacement?.base) await this.add(replacement.base.segment, replacement.base.bytes);
  }

  #take(segments: readonly SegmentRef[], raiseBound: boolean): void {
    for (const { hash, room, size, endedAt } of segments) {
      const { workspace, space } = spaceOf(room);
      if (!this.#segments.delete(`${workspace}/${hash}`)) continue;
      const before = this.spaces.get(space) ?? NO_HISTORY;
      this.spaces.set(space, {
        ...before,
        count: before.count - 1,
        bytes: before.bytes - size,
        removedUntil: raiseBound ? Math.max(before.removedUntil, endedAt) : before.removedUntil,
      });
    }
  }

  async after(workspace: string, space: string, after: number, limit: number): Promise<readonly SegmentRef[]> {
    this.#gate.read();
    return [...this.#segments.values()]
      .filter(({ room, number }) => room.startsWith(`${workspace}/${space}/`) && number > after)
      .sort((a, b) => a.number - b.number)
      .slice(0, limit)
      .map(({ hash, room, number, size, endedAt }) => ({ hash, room, number, size, endedAt }));
  }

  async has(workspace: string, hash: string): Promise<boolean> {
    this.#gate.read();
    return this.#segments.has(`${workspace}/${hash}`);
  }

  async read(workspace: string, hash: string): Promise<Uint8Array | null> {
    this.#gate.read();
    return this.#segments.get(`${workspace}/${hash}`)?.bytes ?? null;
  }

  async ofRoom(room: string): Promise<readonly string[]> {
    this.#gate.read();
    return [...this.#segments.values()].filter((segment) => segment.room === room).map(({ hash }) => hash);
  }
}

function spaceOf(room: string): { readonly workspace: string; readonly space: string } {
  const address = parseRoomName(room);
  if (!address) {
    throw new AppError('bad-input', 'This is not a room’s name. Nothing was stored.', { details: { room } });
  }
  return { workspace: address.workspace, space: `${address.workspace}/${address.space}` };
}
