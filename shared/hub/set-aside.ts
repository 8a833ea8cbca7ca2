// Words that could not stay where they were typed, because somebody else took their clocks: kept on disk until they are put
// back or let go. It decides nothing about rooms.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type * as Y from 'yjs';
import { AppError } from '../base/app-error.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { randomId } from '../base/random-id.ts';
import { DeleteSet } from './delete-set.ts';
import { besideWords, joinedWords, readWords } from './joined-words.ts';
import type { ValueStore } from './value-store.ts';
import { readStructs } from './struct-lists.ts';
import { cutOf, joinedMoves, type Moved, type Moves } from './moved-clocks.ts';
import { namesOf, readText, type Cut } from './transplant.ts';

/** One passage. */
export interface AsidePassage {
  readonly id: string;
  readonly room: string;
  /** When it was first set aside. */
  readonly at: number;
  /** From where it was taken, by client id. */
  readonly moved: Moves;
  /** An update that brings the words back, under ids that nobody else has. */
  readonly update: Uint8Array;
  /** Clocks that they were typed under, as far as the room counted them as empty: a window that was told so deletes them without meaning it. */
  readonly emptied: DeleteSet;
  /** What people would read in it. */
  readonly text: string;
  /** `open` is offered; the others stay for a while, so that they can be taken back, and that what follows finds them. */
  readonly state: 'open' | 'returned' | 'dismissed';
}

/** A piece, and the passage that it is in. */
export interface MovedInto extends Moved {
  readonly passage: string;
}

const AREA = 'aside';
const VERSION = 1;
const STATES = ['open', 'returned', 'dismissed'] as const;
/**
 * Milliseconds for which it is remembered where settled words went: a window that was open all the while brings them again with
 * what it typed behind them, and they must not become other words than those that were put back.
 */
const FOLLOWED = 7 * 86_400_000;

export class SetAside {
  readonly #values: ValueStore;
  readonly #passages = new Map<string, AsidePassage>();
  readonly #changed = new Emitter<string>();

  /** Makes an id under which nobody writes. */
  readonly freshClient: () => number;

  constructor(values: ValueStore, freshClient: () => number) {
    this.#values = values;
    this.freshClient = freshClient;
  }

  /** Fires with the room whose passages changed. */
  readonly onChange: (listener: (room: string) => void) => Disposable = this.#changed.event;

  /** Reads what is kept; settled passages that nobody can follow any more are let go of. */
  async load(now: number): Promise<void> {
    const over: string[] = [];
    for await (const [key, value] of this.#values.entries(AREA)) {
      const passage = decode(key, value);
      if (passage.state === 'open' || now - passage.at < FOLLOWED) this.#passages.set(passage.id, passage);
      else over.push(key);
    }
    if (over.length > 0) await this.#values.write(over.map((key) => ({ area: AREA, key, value: null })));
  }

  /** The passages that are offered, oldest first. */
  open(workspace: string): readonly AsidePassage[] {
    return [...this.#passages.values()]
      .filter(({ room, state }) => state === 'open' && room.startsWith(`${workspace}/`))
      .sort((a, b) => a.at - b.at);
  }

  get(id: string): AsidePassage | null {
    return this.#passages.get(id) ?? null;
  }

  /** Where structs of the room's clients went before: what comes later of the same client follows them. */
  moved(room: string): Moves<MovedInto> {
    const passages = [...this.#passages.values()].filter((passage) => passage.room === room);
    return joinedMoves(
      passages.map(({ id, moved }) => {
        return new Map([...moved].map(([client, all]) => [client, all.map((to) => ({ ...to, passage: id }))]));
      }),
    );
  }

  /** The passage with words that stood beside what is cut out now, or null. */
  beside(room: string, cut: Cut): string | null {
    const isCut = (id: Y.ID): boolean => id.clock >= (cut.get(id.client) ?? Infinity);
    for (const passage of this.#passages.values()) {
      if (passage.room !== room || passage.state === 'returned') continue;
      const parts = [...readStructs([passage.update]).structs.values()].flat();
      if (parts.some((part) => namesOf(part).some(isCut))) return passage.id;
    }
    return null;
  }

  /** Clocks of words that went aside from the room, as far as it counted them as empty. */
  emptied(room: string): DeleteSet {
    const all = [...this.#passages.values()].filter((passage) => passage.room === room);
    return all.reduce((joined, { emptied }) => joined.with(emptied), new DeleteSet());
  }

  /** From which clocks on nothing of the room's clients stands any more: the words of these were put back under other ids. */
  returned(room: string): readonly (readonly [client: number, cut: number])[] {
    return [...this.#passages.values()].flatMap(({ room: of, state, moved }) =>
      of === room && state === 'returned'
        ? [...moved.keys()].map((client) => [client, cutOf(moved, client)] as const)
        : [],
    );
  }

  /** Everything of the room's clients that ever went anywhere. */
  allMoved(room: string): readonly (readonly [client: number, to: Moved])[] {
    const passages = [...this.#passages.values()].filter((passage) => passage.room === room);
    return passages.flatMap(({ moved }) =>
      [...moved].flatMap(([client, all]) => all.map((to) => [client, to] as const)),
    );
  }

  /**
   * Keeps words durably: with the passage that `follows`, or as one of their own. What a window says that it typed counts before
   * what stood in the room under the same clocks: that may be a forger's.
   */
  async keep(
    words: Pick<AsidePassage, 'room' | 'at' | 'moved' | 'update' | 'emptied' | 'text'>,
    follows: string | null,
    from: 'window' | 'room',
  ): Promise<void> {
    const before = follows === null ? null : this.get(follows);
    if (!before) return this.#store({ ...words, id: randomId(), state: 'open' });
    const { update: earlier } = before;
    const update =
      from === 'window' ? joinedWords(words.update, earlier) : joinedWords(earlier, besideWords(words.update, earlier));
    const { structs, deletes } = readWords(update);
    const moved = joinedMoves([before.moved, words.moved]);
    const emptied = before.emptied.with(words.emptied);
    await this.#store({ ...before, moved, update, emptied, text: readText(structs, deletes), state: 'open' });
  }

  /** The same words under other ids; resolves with them once that is durable. */
  async renew(passage: AsidePassage): Promise<AsidePassage> {
    await this.#store(passage);
    return passage;
  }

  async settle(id: string, state: AsidePassage['state']): Promise<void> {
    const passage = this.get(id);
    if (!passage) throw new AppError('not-found', 'These words are not kept aside any more. Nothing was changed.');
    if (passage.state !== state) await this.#store({ ...passage, state });
  }

  /** The room is no more: what was taken from it goes with it. */
  async purged(room: string): Promise<void> {
    const ids = [...this.#passages.values()].filter((passage) => passage.room === room).map(({ id }) => id);
    if (ids.length === 0) return;
    await this.#values.write(ids.map((key) => ({ area: AREA, key, value: null })));
    for (const id of ids) this.#passages.delete(id);
    this.#changed.fire(room);
  }

  close(): void {
    this.#changed.clear();
  }

  async #store(passage: AsidePassage): Promise<void> {
    // In memory first: what arrives while this is being written belongs to it already.
    const before = this.get(passage.id);
    this.#passages.set(passage.id, passage);
    try {
      await this.#values.write([{ area: AREA, key: passage.id, value: encode(passage) }]);
    } catch (error) {
      if (this.get(passage.id) === passage) {
        if (before) this.#passages.set(passage.id, before);
        else this.#passages.delete(passage.id);
      }
      throw error;
    }
    this.#changed.fire(passage.room);
  }
}

function encode(passage: AsidePassage): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, VERSION);
  encoding.writeVarString(encoder, passage.room);
  encoding.writeVarUint(encoder, passage.at);
  encoding.writeVarUint(encoder, STATES.indexOf(passage.state));
  const moved = [...passage.moved].flatMap(([client, all]) => all.map(({ cut, fresh }) => [client, cut, fresh]));
  encoding.writeVarUint(encoder, moved.length);
  for (const number of moved.flat()) encoding.writeVarUint(encoder, number);
  encoding.writeVarString(encoder, passage.text);
  encoding.writeVarUint8Array(encoder, passage.update);
  encoding.writeVarUint8Array(encoder, passage.emptied.encode());
  return encoding.toUint8Array(encoder);
}

function decode(id: string, value: Uint8Array): AsidePassage {
  try {
    const decoder = decoding.createDecoder(new Uint8Array(value));
    if (decoding.readVarUint(decoder) !== VERSION) throw new Error('another version');
    const room = decoding.readVarString(decoder);
    const at = decoding.readVarUint(decoder);
    const state = STATES[decoding.readVarUint(decoder)] ?? 'open';
    const moved: Moves[] = [];
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const client = decoding.readVarUint(decoder);
      const cut = decoding.readVarUint(decoder);
      moved.push(new Map([[client, [{ cut, fresh: decoding.readVarUint(decoder) }]]]));
    }
    const text = decoding.readVarString(decoder);
    const update = decoding.readVarUint8Array(decoder);
    // An earlier version wrote none.
    const emptied = decoding.hasContent(decoder) ? DeleteSet.decode(decoding.readVarUint8Array(decoder)) : null;
    return { id, room, at, state, moved: joinedMoves(moved), text, update, emptied: emptied ?? new DeleteSet() };
  } catch (cause) {
    throw new AppError(
      'damaged',
      'Words that were set aside cannot be read. They are kept as they are; restore the folder from a backup.',
      { cause, details: { passage: id } },
    );
  }
}
