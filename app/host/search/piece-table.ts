// The pieces of an index by their numbers: whose they are, where their text lies, what they belong to. It knows no words and reads no file.
import type { Facts, Piece, PieceClass } from './pieces.ts';
import type { Place } from './piece-log.ts';

export const CLASSES: readonly PieceClass[] = ['text', 'comment', 'post', 'name'];

/** A thing that is found: a page, a card, a person, a file. */
export interface Unit {
  readonly key: string;
  /** Number of its space in the table. */
  readonly space: number;
  /** Live ones, in the order of their numbers. */
  readonly pieces: number[];
}

/** As it lies on disk: columns of numbers, and names. */
export interface StoredTable {
  readonly rooms: readonly string[];
  readonly units: readonly string[];
  readonly members: readonly string[];
  readonly facts: readonly (readonly [piece: number, facts: Facts])[];
  /** By piece: offset, length, hash, from, to, room, unit, author, class, flags, whether it is dead. */
  readonly columns: Float64Array;
}
const COLUMNS = 11;

interface Row extends Place {
  readonly hash: number;
  readonly from: number;
  readonly to: number;
  readonly room: number;
  readonly unit: number;
  readonly by: number;
  readonly class: number;
  readonly flags: number;
}

/** Strings with numbers, each once. */
class Names {
  readonly all: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.all.push(name);
    this.#numbers.set(name, this.all.length - 1);
    return this.all.length - 1;
  }

  known(name: string): number | null {
    return this.#numbers.get(name) ?? null;
  }
}

export class PieceTable {
  readonly #rooms = new Names();
  readonly #spaces = new Names();
  readonly #members = new Names();
  readonly #units: Unit[] = [];
  readonly #unitNumbers = new Map<string, number>();
  readonly #ofRoom: number[][] = [];
  readonly #facts = new Map<number, Facts>();
  #columns = new Float64Array(COLUMNS * 1_024);
  #count = 0;
  #dead = 0;
  /** Rooms that have pieces. */
  #held = 0;

  static of(stored: StoredTable): PieceTable {
    const table = new PieceTable();
    for (const room of stored.rooms) table.#room(room);
    for (const unit of stored.units) table.#unit(unit);
    for (const member of stored.members) table.#members.number(member);
    const facts = new Map(stored.facts);
    for (let number = 0; number < stored.columns.length / COLUMNS; number += 1) {
      const [
        offset = 0,
        length = 0,
        hash = 0,
        from = 0,
        to = 0,
        room = 0,
        unit = 0,
        by = 0,
        kind = 0,
        flags = 0,
        dead = 0,
      ] = stored.columns.subarray(number * COLUMNS, (number + 1) * COLUMNS);
      const row = { offset, length, hash, from, to, room, unit, by, class: kind, flags };
      table.#push(row, facts.get(number) ?? null, dead === 1);
    }
    return table;
  }

  stored(): StoredTable {
    return {
      rooms: this.#rooms.all,
      units: this.#units.map(({ key }) => key),
      members: this.#members.all,
      facts: [...this.#facts],
      columns: this.#columns.subarray(0, this.#count * COLUMNS),
    };
  }

  get count(): number {
    return this.#count;
  }
  get dead(): number {
    return this.#dead;
  }
  get units(): readonly Unit[] {
    return this.#units;
  }
  get rooms(): number {
    return this.#held;
  }

  /** The number of the piece that is added next is `count`. */
  add(room: string, piece: Piece, hash: number, place: Place): void {
    const row: Row = {
      ...place,
      hash,
      from: piece.from,
      to: piece.to,
      room: this.#room(room),
      unit: this.#unit(piece.unit),
      by: piece.by === null ? -1 : this.#members.number(piece.by),
      class: CLASSES.indexOf(piece.class),
      flags: piece.flags,
    };
    this.#push(row, piece.facts, false);
  }

  kill(number: number): void {
    if (this.isDead(number)) return;
    this.#columns[number * COLUMNS + 10] = 1;
    this.#dead += 1;
    this.#facts.delete(number);
    const beside = this.#ofRoom[this.room(number)] ?? [];
    drop(beside, number);
    if (beside.length === 0) this.#held -= 1;
    drop(this.#units[this.unit(number)]?.pieces ?? [], number);
  }

  /** A copy without dead pieces and with the places that they have in another log; `renumber` says their numbers there, or -1. */
  copied(place: (number: number) => Place): { readonly table: PieceTable; readonly renumber: Int32Array } {
    const table = new PieceTable();
    const renumber = new Int32Array(this.#count).fill(-1);
    for (let number = 0; number < this.#count; number += 1) {
      if (this.isDead(number)) continue;
      renumber[number] = table.#count;
      const by = this.by(number);
      const row = {
        ...place(number),
        hash: this.hash(number),
        from: this.from(number),
        to: this.to(number),
        room: table.#room(this.roomName(number)),
        unit: table.#unit(this.#units[this.unit(number)]?.key ?? ''),
        by: by < 0 ? -1 : table.#members.number(this.#members.all[by] ?? ''),
        class: this.class(number),
        flags: this.flags(number),
      };
      table.#push(row, this.#facts.get(number) ?? null, false);
    }
    return { table, renumber };
  }

  place(number: number): Place {
    return { offset: this.#at(number, 0), length: this.#at(number, 1) };
  }
  hash(number: number): number {
    return this.#at(number, 2);
  }
  from(number: number): number {
    return this.#at(number, 3);
  }
  to(number: number): number {
    return this.#at(number, 4);
  }
  room(number: number): number {
    return this.#at(number, 5);
  }
  unit(number: number): number {
    return this.#at(number, 6);
  }
  by(number: number): number {
    return this.#at(number, 7);
  }
  class(number: number): number {
    return this.#at(number, 8);
  }
  flags(number: number): number {
    return this.#at(number, 9);
  }
  isDead(number: number): boolean {
    return this.#at(number, 10) === 1;
  }
  roomName(number: number): string {
    return this.#rooms.all[this.room(number)] ?? '';
  }

  /** Live pieces of a room. */
  inRoom(room: string): readonly number[] {
    const number = this.#rooms.known(room);
    return number === null ? [] : (this.#ofRoom[number] ?? []);
  }

  /** Rooms that have pieces. */
  roomNames(): readonly string[] {
    return this.#rooms.all.filter((_, number) => (this.#ofRoom[number] ?? []).length > 0);
  }

  member(id: string): number | null {
    return this.#members.known(id);
  }
  memberId(number: number): string | null {
    return this.#members.all[number] ?? null;
  }
  /** By `<workspace>/<space>`. */
  space(key: string): number | null {
    return this.#spaces.known(key);
  }
  get spaces(): number {
    return this.#spaces.all.length;
  }

  /** What is said of a thing; of a card that stands on two boards, what the one with the smaller name says. Null where its face has not arrived. */
  factsOf(unit: Unit): { readonly facts: Facts; readonly flags: number; readonly at: number } | null {
    let facts: Facts | null = null;
    let room = '';
    let flags = 0;
    let at = 0;
    for (const number of unit.pieces) {
      flags |= this.flags(number);
      at = Math.max(at, this.to(number));
      const said = this.#facts.get(number);
      const name = said ? this.roomName(number) : '';
      if (said && (facts === null || name < room)) [facts, room] = [said, name];
    }
    return facts && { facts, flags, at: Math.max(at, facts.at) };
  }

  #at(number: number, column: number): number {
    return this.#columns[number * COLUMNS + column] ?? 0;
  }

  #room(name: string): number {
    const number = this.#rooms.number(name);
    this.#ofRoom[number] ??= [];
    return number;
  }

  #unit(key: string): number {
    const known = this.#unitNumbers.get(key);
    if (known !== undefined) return known;
    const second = key.indexOf('/', key.indexOf('/') + 1);
    this.#units.push({ key, space: this.#spaces.number(key.slice(0, second)), pieces: [] });
    this.#unitNumbers.set(key, this.#units.length - 1);
    return this.#units.length - 1;
  }

  #push(row: Row, facts: Facts | null, isDead: boolean): void {
    const number = this.#count;
    if ((number + 1) * COLUMNS > this.#columns.length) {
      const grown = new Float64Array(Math.ceil(this.#columns.length * 1.5));
      grown.set(this.#columns);
      this.#columns = grown;
    }
    const { offset, length, hash, from, to, room, unit, by, class: kind, flags } = row;
    this.#columns.set([offset, length, hash, from, to, room, unit, by, kind, flags, isDead ? 1 : 0], number * COLUMNS);
    this.#count += 1;
    if (isDead) {
      this.#dead += 1;
      return;
    }
    if (facts) this.#facts.set(number, facts);
    if (this.#ofRoom[room]?.push(number) === 1) this.#held += 1;
    this.#units[unit]?.pieces.push(number);
  }
}

function drop(list: number[], number: number): void {
  const at = list.indexOf(number);
  if (at >= 0) list.splice(at, 1);
}
