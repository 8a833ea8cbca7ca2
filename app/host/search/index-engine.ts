// The search index itself: takes the pieces of rooms in and out, keeps them on disk, and says what it holds. It decides no access and knows no worker. Synchronous: it runs in a thread of its own.
import { rmSync } from 'node:fs';
import { eachToken, Folder } from '../../../shared/model/search/fold.ts';
import { bytesIn, clean, logPath, readCurrent, readPicture, writeCurrent, writePicture } from './index-files.ts';
import { PieceLog } from './piece-log.ts';
import { PieceTable } from './piece-table.ts';
import type { Piece } from './pieces.ts';
import { IN_STRONG, IN_TITLE, OFTEN, Postings } from './postings.ts';

/** What stands in the log beside pieces. */
export interface IndexState {
  /** `<workspace>/<space>` to the number of its newest change that is in the index. */
  readonly reached: Readonly<Record<string, number>>;
  /** The opening of the store in which they were reached: a store that was put back does not know them (SE6). */
  readonly epoch: string;
}

export interface IndexSize {
  readonly rooms: number;
  readonly units: number;
  readonly pieces: number;
  readonly dead: number;
  readonly words: number;
  /** Of the words and where they stand, in memory. */
  readonly memory: number;
  /** Of all files. */
  readonly disk: number;
}

/** A picture of the words is made anew when the log grew by so much, and by half. */
const PICTURE_EVERY = 4 * 1024 * 1024;
/** Dead pieces are taken out when there are so many, and so large a part of all. */
const MOST_DEAD = 2_000;
const DEAD_PART = 0.3;
const NOTHING: IndexState = { reached: {}, epoch: '' };

interface StoredPiece {
  readonly room: string;
  readonly hash: number;
  readonly piece: Piece;
}

export class IndexEngine {
  readonly #folder: string;
  readonly folder = new Folder();
  #generation = 1;
  #log: PieceLog;
  table = new PieceTable();
  postings = new Postings();
  #state: IndexState = NOTHING;
  #pictured = 0;

  private constructor(folder: string, generation: number) {
    this.#folder = folder;
    this.#generation = generation;
    this.#log = new PieceLog(logPath(folder, generation));
  }

  /** What is in the folder, as far as it is whole and of this version; else an empty one in its place. */
  static open(folder: string): IndexEngine {
    const current = readCurrent(folder);
    if (current !== null) {
      clean(folder, current);
      const known = new IndexEngine(folder, current);
      if (known.#load()) return known;
      known.#log.close();
    }
    clean(folder, null);
    const made = new IndexEngine(folder, 1);
    made.setState(NOTHING);
    writeCurrent(folder, 1);
    return made;
  }

  get state(): IndexState {
    return this.#state;
  }

  get size(): IndexSize {
    const { table, postings } = this;
    return {
      rooms: table.rooms,
      units: table.units.reduce((count, unit) => count + (unit.pieces.length > 0 ? 1 : 0), 0),
      pieces: table.count,
      dead: table.dead,
      words: postings.words,
      memory: postings.bytes,
      disk: bytesIn(this.#folder),
    };
  }

  /** What a room says now; nothing for none. Answers whether that is different. */
  put(room: string, pieces: readonly Piece[]): boolean {
    const known = new Map<number, number>();
    for (const number of this.table.inRoom(room)) known.set(this.table.hash(number), number);
    const fresh: [Piece, number][] = [];
    for (const piece of pieces) {
      const hash = hashOf(piece);
      if (!known.delete(hash)) fresh.push([piece, hash]);
    }
    const gone = [...known.values()];
    if (gone.length > 0) {
      this.#log.append('drop', gone);
      for (const number of gone) this.table.kill(number);
    }
    for (const [piece, hash] of fresh) {
      const stored: StoredPiece = { room, hash, piece };
      const place = this.#log.append('piece', stored);
      this.#take(stored, place);
    }
    return gone.length > 0 || fresh.length > 0;
  }

  /** Takes out every room whose name begins so. Answers whether there were any. */
  drop(prefix: string): boolean {
    const rooms = this.table.roomNames().filter((room) => room.startsWith(prefix));
    for (const room of rooms) this.put(room, []);
    return rooms.length > 0;
  }

  /** Everything before this call is kept, with how far rooms are read. */
  setState(state: IndexState): void {
    this.#state = state;
    this.#log.append('state', state);
    this.#log.flush();
    this.#tidy();
  }

  /** What fails here (a full disk) loses nothing, and is tried again with the next state. */
  #tidy(): void {
    const { count, dead } = this.table;
    try {
      if (dead > MOST_DEAD && dead > count * DEAD_PART) this.compact();
      else if (this.#log.end - this.#pictured > Math.max(PICTURE_EVERY, this.#pictured / 2)) this.picture();
    } catch {
      return;
    }
  }

  piece(number: number): Piece {
    return (this.#log.read(this.table.place(number)) as StoredPiece).piece;
  }

  /** So that the next start reads no text. */
  picture(): void {
    const { table, postings } = this;
    writePicture(this.#folder, this.#generation, { table, postings, upTo: this.#log.end, state: this.#state });
    this.#pictured = this.#log.end;
  }

  /** Writes everything that is alive into new files and removes the old ones: then nothing is left of what was taken out. */
  compact(): void {
    const generation = this.#generation + 1;
    rmSync(logPath(this.#folder, generation), { force: true });
    const log = new PieceLog(logPath(this.#folder, generation));
    try {
      const { table, renumber } = this.table.copied((number) => log.copy(this.#log, this.table.place(number)));
      const postings = this.postings.copied(renumber);
      log.append('state', this.#state);
      log.flush();
      writePicture(this.#folder, generation, { table, postings, upTo: log.end, state: this.#state });
      writeCurrent(this.#folder, generation);
      this.table = table;
      this.postings = postings;
    } catch (error) {
      log.close();
      throw error;
    }
    this.#log.close();
    this.#log = log;
    this.#generation = generation;
    this.#pictured = log.end;
    clean(this.#folder, generation);
  }

  close(): void {
    this.#log.flush();
    if (this.#log.end > this.#pictured) this.picture();
    this.#log.close();
  }

  /** False where what is there contradicts itself. */
  #load(): boolean {
    const picture = readPicture(this.#folder, this.#generation);
    let from = 0;
    if (picture && picture.upTo <= this.#log.size) {
      this.table = picture.table;
      this.postings = picture.postings;
      this.#state = readState(picture.state) ?? NOTHING;
      from = picture.upTo;
    }
    this.#pictured = from;
    try {
      this.#log.replay(from, ({ kind, offset, length }, content) => {
        if (kind === 'piece') this.#take(content() as StoredPiece, { offset, length });
        else if (kind === 'drop') for (const number of content() as number[]) this.table.kill(number);
        else this.#state = readState(content()) ?? this.#state;
      });
    } catch {
      return false;
    }
    return true;
  }

  #take({ room, hash, piece }: StoredPiece, place: { readonly offset: number; readonly length: number }): void {
    const number = this.table.count;
    const words = new Map<string, number>();
    for (const { text, weight } of piece.parts) {
      const where = weight === 'title' ? IN_TITLE : weight === 'strong' ? IN_STRONG : 0;
      eachToken(this.folder.fold(text), (word) => {
        const known = words.get(word) ?? 0;
        words.set(word, ((known | where) & ~OFTEN) | Math.min((known & OFTEN) + 1, OFTEN));
      });
    }
    this.table.add(room, piece, hash, place);
    for (const [word, weight] of words) this.postings.add(word, number, weight);
  }
}

function readState(value: unknown): IndexState | null {
  const { reached, epoch } = (value ?? {}) as Partial<IndexState>;
  return typeof reached === 'object' && typeof epoch === 'string' ? { reached, epoch } : null;
}

/** 53 bits (cyrb53): of two pieces of one room with the same one both would be taken for one. */
function hashOf(piece: Piece): number {
  const text = JSON.stringify(piece);
  let [one, other] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 2_654_435_761);
    other = Math.imul(other ^ unit, 1_597_334_677);
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909);
  other = Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & other) + (one >>> 0);
}
