// An inverted index in few large arrays: for each word the numbers of the pieces that hold it, in rising order, each with a weight. It knows no text and takes nothing out: numbers that died are left out when it is copied.

/** Sizes of the slices in which the postings of one word lie, the last one again and again. */
const SLICES = [8, 16, 32, 64, 128, 256, 512, 1_024, 4_096, 16_384];
/** Bytes at a slice's end that lead to the next one. */
const LINK = 4;
const FIRST_POOL = 1 << 20;
const FIRST_TERMS = 1 << 14;
/** New words that are looked through one by one before the sorted list is made again. */
const MOST_UNSORTED = 4_000;

/** In a weight: the word stands in the title, in something strong; the rest counts how often, to fifteen. */
export const IN_TITLE = 0x80;
export const IN_STRONG = 0x40;
export const OFTEN = 0x0f;

/** As it lies on disk; arrays are cut to what is used. */
export interface StoredPostings {
  readonly words: readonly string[];
  readonly first: Int32Array;
  readonly place: Int32Array;
  readonly limit: Int32Array;
  readonly last: Int32Array;
  readonly count: Int32Array;
  readonly level: Uint8Array;
  readonly pool: Uint8Array;
}

export class Postings {
  readonly #ids = new Map<string, number>();
  #words: string[] = [];
  /** Where the postings of a word begin, where the next byte goes, where its slice ends, and the last number. */
  #first = new Int32Array(FIRST_TERMS);
  #place = new Int32Array(FIRST_TERMS);
  #limit = new Int32Array(FIRST_TERMS);
  #last = new Int32Array(FIRST_TERMS);
  #count = new Int32Array(FIRST_TERMS);
  #level = new Uint8Array(FIRST_TERMS);
  #pool = new Uint8Array(FIRST_POOL);
  #used = 0;
  /** Ids in the order of their words; those from `#words[#sorted.length]` on are not in it. */
  #sorted: Int32Array | null = null;
  /** Letters of each word as bits, so that most words are no slip of another at a glance. */
  #masks = new Int32Array(0);

  static of(stored: StoredPostings): Postings {
    const made = new Postings();
    made.#words = [...stored.words];
    for (const [id, word] of stored.words.entries()) made.#ids.set(word, id);
    made.#first = stored.first.slice();
    made.#place = stored.place.slice();
    made.#limit = stored.limit.slice();
    made.#last = stored.last.slice();
    made.#count = stored.count.slice();
    made.#level = stored.level.slice();
    made.#pool = stored.pool.slice();
    made.#used = stored.pool.length;
    return made;
  }

  get words(): number {
    return this.#words.length;
  }

  /** Bytes of the arrays that are used. */
  get bytes(): number {
    return this.#used + this.#words.length * 21;
  }

  stored(): StoredPostings {
    const count = this.#words.length;
    return {
      words: this.#words,
      first: this.#first.subarray(0, count),
      place: this.#place.subarray(0, count),
      limit: this.#limit.subarray(0, count),
      last: this.#last.subarray(0, count),
      count: this.#count.subarray(0, count),
      level: this.#level.subarray(0, count),
      pool: this.#pool.subarray(0, this.#used),
    };
  }

  /** @param piece at least the last one that was added. */
  add(word: string, piece: number, weight: number): void {
    let id = this.#ids.get(word);
    if (id === undefined) id = this.#begin(word);
    let delta = piece - (this.#last[id] ?? 0);
    this.#last[id] = piece;
    this.#count[id] = (this.#count[id] ?? 0) + 1;
    while (delta > 0x7f) {
      this.#byte(id, (delta & 0x7f) | 0x80);
      delta >>>= 7;
    }
    this.#byte(id, delta);
    this.#byte(id, weight);
  }

  id(word: string): number | null {
    return this.#ids.get(word) ?? null;
  }

  word(id: number): string {
    return this.#words[id] ?? '';
  }

  count(id: number): number {
    return this.#count[id] ?? 0;
  }

  /** In rising order. */
  each(id: number, tell: (piece: number, weight: number) => void): void {
    const pool = this.#pool;
    let left = this.#count[id] ?? 0;
    let at = this.#first[id] ?? 0;
    let level = 0;
    let end = at + (SLICES[0] ?? 0) - LINK;
    let piece = 0;
    let shift = 0;
    let delta = 0;
    let isWeight = false;
    while (left > 0) {
      if (at === end) {
        at = readLink(pool, end);
        level = Math.min(level + 1, SLICES.length - 1);
        end = at + (SLICES[level] ?? 0) - LINK;
      }
      const byte = pool[at] ?? 0;
      at += 1;
      if (isWeight) {
        tell(piece, byte);
        isWeight = false;
        left -= 1;
      } else {
        delta |= (byte & 0x7f) << shift;
        shift += 7;
        if ((byte & 0x80) !== 0) continue;
        piece += delta;
        delta = 0;
        shift = 0;
        isWeight = true;
      }
    }
  }

  /** Words that begin so, in the order of letters, at most so many, without the word itself. */
  beginning(prefix: string, most: number): readonly number[] {
    this.#sort();
    const sorted = this.#sorted ?? new Int32Array(0);
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.word(sorted[middle] ?? 0) < prefix) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (let at = low; at < sorted.length && found.length < most; at += 1) {
      const id = sorted[at] ?? 0;
      const word = this.word(id);
      if (!word.startsWith(prefix)) break;
      if (word.length > prefix.length) found.push(id);
    }
    for (let id = sorted.length; id < this.#words.length && found.length < most; id += 1) {
      const word = this.word(id);
      if (word.startsWith(prefix) && word.length > prefix.length) found.push(id);
    }
    return found;
  }

  /** Words that are so few slips away (a wrong, missing, needless or swapped letter), the nearest first; of a prefix, words that begin so. */
  similar(
    word: string,
    slips: number,
    isPrefix: boolean,
    most: number,
  ): readonly { readonly id: number; readonly slips: number }[] {
    if (this.#masks.length < this.#words.length) this.#mask();
    const mask = lettersOf(word);
    const found: { id: number; slips: number }[] = [];
    for (let id = 0; id < this.#words.length; id += 1) {
      const other = this.#words[id] ?? '';
      if (other.length < word.length - slips || (!isPrefix && other.length > word.length + slips)) continue;
      const others = this.#masks[id] ?? 0;
      // A slip takes away at most one letter that the other has not.
      if (bits(mask & ~others) > slips || (!isPrefix && bits(others & ~mask) > slips)) continue;
      const apart = slipsBetween(word, other, slips, isPrefix);
      if (apart > 0 && apart <= slips) found.push({ id, slips: apart });
    }
    const byWord = (a: number, b: number): number => (this.word(a) < this.word(b) ? -1 : 1);
    return found.sort((a, b) => a.slips - b.slips || byWord(a.id, b.id)).slice(0, most);
  }

  /** With the numbers that `renumber` says, without those for which it says less than 0; it keeps their order. */
  copied(renumber: Int32Array): Postings {
    const copy = new Postings();
    for (let id = 0; id < this.#words.length; id += 1) {
      const word = this.word(id);
      this.each(id, (piece, weight) => {
        const number = renumber[piece] ?? -1;
        if (number >= 0) copy.add(word, number, weight);
      });
    }
    return copy;
  }

  #begin(word: string): number {
    const id = this.#words.length;
    // A piece of a longer text keeps that text in memory.
    const own = Buffer.from(word, 'utf8').toString('utf8');
    this.#words.push(own);
    this.#ids.set(own, id);
    if (id >= this.#first.length) this.#growTerms();
    const start = this.#slice(0);
    this.#first[id] = start;
    this.#place[id] = start;
    this.#limit[id] = start + (SLICES[0] ?? 0) - LINK;
    this.#last[id] = 0;
    this.#count[id] = 0;
    this.#level[id] = 0;
    return id;
  }

  #byte(id: number, byte: number): void {
    let place = this.#place[id] ?? 0;
    if (place === this.#limit[id]) {
      const level = Math.min((this.#level[id] ?? 0) + 1, SLICES.length - 1);
      const next = this.#slice(level);
      writeLink(this.#pool, place, next);
      this.#level[id] = level;
      this.#limit[id] = next + (SLICES[level] ?? 0) - LINK;
      place = next;
    }
    this.#pool[place] = byte;
    this.#place[id] = place + 1;
  }

  #slice(level: number): number {
    const size = SLICES[level] ?? 0;
    while (this.#used + size > this.#pool.length) {
      const grown = new Uint8Array(Math.max(FIRST_POOL, Math.ceil(this.#pool.length * 1.5)));
      grown.set(this.#pool);
      this.#pool = grown;
    }
    const start = this.#used;
    this.#used += size;
    return start;
  }

  #growTerms(): void {
    const size = Math.ceil((this.#words.length + 1) * 1.5);
    const grow = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(size);
      grown.set(from);
      return grown;
    };
    this.#first = grow(this.#first);
    this.#place = grow(this.#place);
    this.#limit = grow(this.#limit);
    this.#last = grow(this.#last);
    this.#count = grow(this.#count);
    const levels = new Uint8Array(size);
    levels.set(this.#level);
    this.#level = levels;
  }

  #sort(): void {
    if (this.#sorted && this.#words.length - this.#sorted.length < MOST_UNSORTED) return;
    const ids = Array.from({ length: this.#words.length }, (_, id) => id);
    this.#sorted = Int32Array.from(ids.sort((a, b) => (this.word(a) < this.word(b) ? -1 : 1)));
  }

  #mask(): void {
    const masks = new Int32Array(Math.ceil(this.#words.length * 1.2));
    masks.set(this.#masks.subarray(0, Math.min(this.#masks.length, masks.length)));
    for (let id = 0; id < this.#words.length; id += 1) masks[id] ||= lettersOf(this.word(id));
    this.#masks = masks;
  }
}

function readLink(pool: Uint8Array, at: number): number {
  return (
    ((pool[at] ?? 0) | ((pool[at + 1] ?? 0) << 8) | ((pool[at + 2] ?? 0) << 16) | ((pool[at + 3] ?? 0) << 24)) >>> 0
  );
}

function writeLink(pool: Uint8Array, at: number, to: number): void {
  for (let byte = 0; byte < LINK; byte += 1) pool[at + byte] = (to >>> (8 * byte)) & 0xff;
}

function lettersOf(word: string): number {
  let mask = 0;
  for (let at = 0; at < word.length; at += 1) mask |= 1 << (word.charCodeAt(at) & 31);
  return mask;
}

function bits(value: number): number {
  let left = value - ((value >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * How many slips are between two words, or more than `most`: the optimal string alignment distance, of a prefix the least to any
 * beginning of the other word.
 */
export function slipsBetween(typed: string, word: string, most: number, isPrefix: boolean): number {
  const length = isPrefix ? Math.min(word.length, typed.length + most) : word.length;
  let [before, last]: [number[], number[]] = [[], Array.from({ length: length + 1 }, (_, at) => at)];
  for (let row = 1; row <= typed.length; row += 1) {
    const next = [row];
    let least = row;
    for (let column = 1; column <= length; column += 1) {
      const same = typed[row - 1] === word[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    // A swap reaches back two rows, so one row above `most` is not the end.
    if (least > most + 1) return most + 1;
    [before, last] = [last, next];
  }
  return isPrefix ? last.reduce((a, b) => Math.min(a, b)) : (last[length] ?? most + 1);
}
