// What windows here took out of boards that no other hub has heard of: a deletion brings no clock of its own, so that nothing else would tell. It reads no text.
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { toWireError } from '../../shared/base/app-error.ts';
import type { Logger } from '../../shared/base/logger.ts';
import { DeleteSet, type ClockRange } from '../../shared/hub/delete-set.ts';
import type { Edit, EditRecorder } from '../../shared/hub/edit-recorder.ts';
import { readUpdateFacts } from '../../shared/hub/update-facts.ts';
import type { ValueStore } from '../../shared/hub/value-store.ts';

interface Parts {
  readonly values: ValueStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isBoard: (room: string) => boolean;
}

interface Kept {
  readonly deletes: DeleteSet;
  /** When the last of them was stored. */
  at: number;
  /** Numbers the rows of a room: each is new, so that a batch that fails leaves none. */
  rows: number;
}

/** What was just stored may not be in the outbox yet. */
const JUST_NOW = 1_000;
const AREA = 'unsent';

export class UnsentDeletions {
  readonly #parts: Parts;
  readonly #rooms = new Map<string, Kept>();
  #work: Promise<void> = Promise.resolve();
  #timer: Disposable | null = null;
  #isWaiting: ((room: string) => boolean) | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async load(): Promise<void> {
    for await (const [key, value] of this.#parts.values.entries(AREA)) {
      const at = key.lastIndexOf('/');
      const kept = this.#of(key.slice(0, at));
      kept.rows = Math.max(kept.rows, Number(key.slice(at + 1)) + 1);
      for (const [client, ranges] of DeleteSet.decode(value)?.clients ?? []) kept.deletes.add(client, ranges);
    }
  }

  /** What was taken out of a room, by client. */
  of(room: string): ReadonlyMap<number, readonly ClockRange[]> {
    return this.#rooms.get(room)?.deletes.clients ?? new Map<number, readonly ClockRange[]>();
  }

  /** Hears of what windows write, past a recorder. */
  hearing(inner: EditRecorder): EditRecorder {
    return {
      begin: (room, edits, clocks) => {
        const recorded = inner.begin(room, edits, clocks);
        const deletes = this.#parts.isBoard(room) ? deletedIn(edits) : null;
        if (!deletes) return recorded;
        const kept = this.#of(room);
        const row = { area: AREA, key: `${room}/${String(kept.rows++)}`, value: deletes.encode() };
        return {
          rows: [...recorded.rows, row],
          settled: (stored) => {
            recorded.settled(stored);
            if (!stored) return;
            for (const [client, ranges] of deletes.clients) kept.deletes.add(client, ranges);
            kept.at = this.#parts.clock.now();
          },
        };
      },
      ended: (origin) => inner.ended(origin),
      mayCollect: (room, merging) => inner.mayCollect(room, merging),
    };
  }

  /** Lets go of what has left. @param isWaiting whether a room has something that no other hub has acknowledged, as far as that is known. */
  settle(isWaiting: (room: string) => boolean): void {
    this.#isWaiting = isWaiting;
    const now = this.#parts.clock.now();
    let late = false;
    for (const [room, kept] of this.#rooms) {
      if (kept.deletes.clients.size === 0 || isWaiting(room)) continue;
      if (Math.abs(now - kept.at) < JUST_NOW) late = true;
      else this.#forget(room);
    }
    if (!late) return;
    this.#timer ??= this.#parts.clock.after(JUST_NOW, () => {
      this.#timer = null;
      if (this.#isWaiting) this.settle(this.#isWaiting);
    });
  }

  async close(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = null;
    await this.#work;
  }

  #of(room: string): Kept {
    const known = this.#rooms.get(room);
    if (known) return known;
    const kept: Kept = { deletes: new DeleteSet(), at: 0, rows: 0 };
    this.#rooms.set(room, kept);
    return kept;
  }

  #forget(room: string): void {
    const { values, logger } = this.#parts;
    const rows = this.#rooms.get(room)?.rows ?? 0;
    // The numbers go on: a row that is being written now is not one of these.
    this.#rooms.set(room, { deletes: new DeleteSet(), at: 0, rows });
    this.#work = this.#work
      .then(async () => {
        const gone: string[] = [];
        for await (const key of values.keys(AREA, `${room}/`)) {
          if (Number(key.slice(key.lastIndexOf('/') + 1)) < rows) gone.push(key);
        }
        if (gone.length > 0) await values.write(gone.map((key) => ({ area: AREA, key, value: null })));
      })
      .catch((error: unknown) => {
        // They are read again at the next start, and let go of then.
        logger.log('info', 'unsent-not-forgotten', { room, code: toWireError(error).code });
      });
  }
}

/** Of what was made here; null: nothing. */
function deletedIn(edits: readonly Edit[]): DeleteSet | null {
  const deletes = new DeleteSet();
  for (const { update, author } of edits) {
    // An update ends with its deletions, and only an empty set of them ends with a zero: most keys are not decoded for this.
    if (author.kind !== 'socket' || update.at(-1) === 0) continue;
    for (const [client, ranges] of readUpdateFacts(update)?.deletes ?? []) deletes.add(client, ranges);
  }
  return deletes.clients.size === 0 ? null : deletes;
}
