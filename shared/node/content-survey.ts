// Reads what a room's rows hold as a hub reads it, one room after the other: rows with sound checksums may still be such as nobody can read. It mends nothing.
import type { ClassicLevel } from 'classic-level';
import { AppError } from '../base/app-error.ts';
import { DeleteSet } from '../hub/delete-set.ts';
import type { RoomState } from '../hub/doc-store.ts';
import { fittingUpdates } from '../hub/fitting-updates.ts';
import { decodeStateVector, Knowledge } from '../hub/knowledge.ts';
import { readUpdateFacts } from '../hub/update-facts.ts';
import { readLayout } from '../hub/update-layout.ts';
import { unseal } from './checksummed.ts';
import { decodeRoomState, KEYS } from './store-records.ts';

export interface RoomContent {
  hasState: boolean;
  /** The merged state can be read, and holds what it says. */
  isStateSound: boolean;
  /** Updates that build on something that is missing, or that cannot be read. */
  waiting: number;
}

/** What a merged state holds; null where it cannot be read, or does not hold what it says. */
export function knowledgeOfState(state: RoomState): Knowledge | null {
  const clocks = decodeStateVector(state.stateVector);
  const deletes = DeleteSet.decode(state.deleteSet);
  const held = clocksOf(state.update);
  if (!clocks || !deletes || !held || held.size !== clocks.size) return null;
  return [...clocks].every(([client, clock]) => held.get(client) === clock) ? new Knowledge(clocks, deletes) : null;
}

/** Null for bytes that are no update, and for one with a hole in it. */
function clocksOf(update: Uint8Array): ReadonlyMap<number, number> | null {
  const known = new Knowledge();
  const layout = readLayout(update);
  if (layout) return known.addStored(layout) ? known.clocks : null;
  const facts = readUpdateFacts(update);
  if (!facts || known.fit(facts) === 'gap') return null;
  known.add(facts);
  return known.clocks;
}

/** Takes the updates of all rooms, those of a room behind each other. Memory is that of one room's waiting updates. */
export class ContentSurvey {
  readonly #level: ClassicLevel<string, Uint8Array>;
  #room: string | null = null;
  #content: RoomContent | null = null;
  /** Null where the state is damaged: what builds on it cannot be told. */
  #known: Knowledge | null = null;
  #waiting: Uint8Array[] = [];

  constructor(level: ClassicLevel<string, Uint8Array>) {
    this.#level = level;
  }

  async take(room: string, content: RoomContent, update: Uint8Array): Promise<void> {
    if (room !== this.#room) {
      this.end();
      this.#room = room;
      this.#content = content;
      this.#known = content.hasState ? await this.#readState(room) : new Knowledge();
    }
    if (this.#known) this.#waiting.push(...fittingUpdates(this.#known, [update]).waiting);
  }

  /** No more updates come of the room that came last. */
  end(): void {
    if (this.#known && this.#content) {
      this.#content.waiting = fittingUpdates(this.#known, this.#waiting).waiting.length;
    }
    this.#room = null;
    this.#content = null;
    this.#known = null;
    this.#waiting = [];
  }

  async #readState(room: string): Promise<Knowledge | null> {
    const key = KEYS.state(room);
    try {
      const sealed = await this.#level.get(key);
      return sealed === undefined ? null : knowledgeOfState(decodeRoomState(key, unseal(key, sealed)));
    } catch (error) {
      // LevelDB's own errors and ours mean the same here, and are found where the row itself is read.
      if (error instanceof AppError || (error instanceof Error && 'code' in error)) return null;
      throw error;
    }
  }
}
