// Who holds the newest change of one room, as far as this end was told: a pure judgement that never claims more than that.
import type { Holder } from '../protocol/cursor-frames.ts';
import type { HolderRecord } from './holder-memory.ts';

export interface RoomHolder {
  readonly device: string;
  /** Whether it holds everything of the room that is here and at the other hub. False: not, or nobody said so. */
  readonly held: boolean;
  /** When the device last said what it holds, by the publishing hub's clock. */
  readonly at: number;
}

export interface RoomHolders {
  /** What the linked hub has: everything that is here, not yet everything, or not known. */
  readonly hub: 'held' | 'waiting' | 'unknown';
  /** When the list was learned, by this end's clock; null: nothing is known of any device. */
  readonly learnedAt: number | null;
  readonly devices: readonly RoomHolder[];
}

export interface RoomFacts {
  /** The room's document. */
  readonly document: string;
  /** Whether something of the room waits for the linked hub; null: that is not known. */
  readonly waiting: boolean | null;
  /** The room's newest number there that was named here, or null. */
  readonly number: number | null;
  readonly record: HolderRecord | null;
}

export function roomHolders({ document, waiting, number, record }: RoomFacts): RoomHolders {
  const hub = waiting === null ? 'unknown' : waiting ? 'waiting' : number === null ? 'unknown' : 'held';
  const holds = (holder: Holder): boolean =>
    hub === 'held' && number !== null && holder.number >= number && !holder.lacks.includes(document);
  return {
    hub,
    learnedAt: record?.learnedAt ?? null,
    devices: (record?.holders ?? []).map((holder) => ({ device: holder.device, held: holds(holder), at: holder.at })),
  };
}
