// The port through which a hub hands on what was edited at it, in the batch that stores it: the ground of history. No content is judged.
import type { EditKind, Origin, Principal } from '../link/room-source.ts';
import type { Appended, DocStore } from './doc-store.ts';
import type { FreshValue } from './value-store.ts';

/** Whose edit it is, and which editing session it belongs to. */
export interface Author {
  readonly kind: EditKind;
  readonly origin: Origin;
  readonly principal: Principal;
}

/** An update as it came, before it is merged with others. */
export interface Edit {
  readonly update: Uint8Array;
  readonly author: Author;
  /** When it came, by this hub's clock (milliseconds since the epoch). */
  readonly at: number;
}

export interface RecordedBatch {
  /** To be written alongside the append of these edits. */
  readonly rows: readonly FreshValue[];
  /** Called once, after the append. */
  settled(stored: boolean): void;
}

/** A room that is about to be merged, which collects what was deleted in it. */
export interface Merging {
  /** Of all that is stored. */
  readonly clocks: ReadonlyMap<number, number>;
  /** No room is left: waiting would refuse what people write. */
  readonly urgent: boolean;
  /** All that is stored as one update, nothing collected; null where it cannot be built. Slow. */
  whole(): Promise<Uint8Array | null>;
}

export interface EditRecorder {
  /** Cheap, and never throws: it stands in the way of every keystroke. `clocks`: what the room holds without these edits. */
  begin(room: string, edits: readonly Edit[], clocks?: ReadonlyMap<number, number>): RecordedBatch;
  /** Nothing more will come from this origin. */
  ended(origin: Origin): void;
  /** Whether merging may collect what was deleted (rule SG14). Never throws. */
  mayCollect(room: string, merging: Merging): Promise<boolean>;
}

/**
 * Appends an update together with the record of the edits that were merged into it. Nothing of the edits is kept meanwhile: they
 * would outlive the youngest garbage.
 */
export function appendRecorded(
  store: DocStore,
  recorder: EditRecorder | null,
  room: string,
  update: Uint8Array,
  edits: readonly Edit[],
  clocks: ReadonlyMap<number, number>,
): Promise<Appended> {
  if (!recorder || edits.length === 0) return store.append(room, update);
  return settling(recorder.begin(room, edits, clocks), (rows) => store.append(room, update, rows));
}

async function settling(
  recorded: RecordedBatch,
  append: (rows: readonly FreshValue[]) => Promise<Appended>,
): Promise<Appended> {
  let stored = false;
  try {
    const appended = await append(recorded.rows);
    stored = true;
    return appended;
  } finally {
    recorded.settled(stored);
  }
}
