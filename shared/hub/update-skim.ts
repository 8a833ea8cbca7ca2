// Walks a Yjs update's bytes without building anything of it, so that an update of a few bytes per object is refused unread.
import type { ByteReader } from '../protocol/byte-reader.ts';
import { readTotally } from '../protocol/byte-reader.ts';
import { LIMITS } from '../protocol/limits.ts';

/** What a shared document inside a document weighs: every reader builds a whole Y.Doc for it. */
const SUBDOCUMENT = 50;

const [GC, SKIP] = [0, 10];
const [BINARY, STRING, JSON_TEXTS, DELETED, EMBED, FORMAT, TYPE, ANY, DOC] = [3, 4, 2, 1, 5, 6, 7, 8, 9];
const [XML_ELEMENT, XML_HOOK] = [3, 5];

/**
 * How many objects a reader of the update builds: structs, deleted ranges, and values inside structs. Null for bytes that
 * are no update and for values nested beyond `valueDepth`; Infinity for more than `most`. Needs no memory to speak of.
 * The format is Yjs 13's first one (`UpdateDecoderV1`).
 */
export function countItems(update: Uint8Array, most: number): number | null {
  return countIn(update, most, null);
}

/**
 * countItems() of what a stranger sends. Null as well for a client without structs, and for one that is named twice, of whose
 * structs Yjs's readers build the last ones alone: no Yjs writes either, and what is read of them here says more than that.
 */
export function countItemsOfStranger(update: Uint8Array, most: number): number | null {
  return countIn(update, most, new Set());
}

/** @param named clients that were met; null: nobody asks. */
function countIn(update: Uint8Array, most: number, named: Set<number> | null): number | null {
  return readTotally(update, (reader) => {
    const budget = new Budget(most);
    for (let clients = reader.varUint(); clients > 0 && !budget.spent; clients -= 1) {
      let structs = reader.varUint();
      const client = reader.varUint();
      if (named && (structs === 0 || named.has(client))) return null;
      named?.add(client);
      reader.varUint();
      for (; structs > 0 && !budget.spent; structs -= 1) if (!skimStruct(reader, budget)) return null;
    }
    for (let clients = budget.spent ? 0 : reader.varUint(); clients > 0 && !budget.spent; clients -= 1) {
      reader.varUint();
      for (let ranges = reader.varUint(); ranges > 0 && !budget.spent; ranges -= 1) {
        budget.take(1);
        reader.varUint();
        reader.varUint();
      }
    }
    return budget.spent ? Infinity : budget.taken;
  });
}

class Budget {
  readonly #most: number;
  taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  take(count: number): void {
    this.taken += count;
  }

  get spent(): boolean {
    return this.taken > this.#most;
  }
}

function skimStruct(reader: ByteReader, budget: Budget): boolean {
  budget.take(1);
  const info = reader.byte();
  const kind = info & 31;
  if (info === SKIP || kind === GC) {
    reader.varUint();
    return true;
  }
  const [origin, rightOrigin, named] = [(info & 128) !== 0, (info & 64) !== 0, (info & 32) !== 0];
  if (origin) skimId(reader);
  if (rightOrigin) skimId(reader);
  if (!origin && !rightOrigin) {
    if (reader.varUint() === 1) reader.varBytes();
    else skimId(reader);
    if (named) reader.varBytes();
  }
  return skimContent(reader, kind, budget);
}

function skimId(reader: ByteReader): void {
  reader.varUint();
  reader.varUint();
}

/** False for what no Yjs writes, or too deep a value. */
function skimContent(reader: ByteReader, kind: number, budget: Budget): boolean {
  switch (kind) {
    case DELETED:
      reader.varUint();
      return true;
    case BINARY:
    case STRING:
      reader.varBytes();
      return true;
    case JSON_TEXTS:
      for (let texts = reader.varUint(); texts > 0 && !budget.spent; texts -= 1) {
        if (!skimJson(reader.varBytes(), budget)) return false;
      }
      return true;
    case EMBED:
      return skimJson(reader.varBytes(), budget);
    case FORMAT:
      reader.varBytes();
      return skimJson(reader.varBytes(), budget);
    case TYPE: {
      const type = reader.varUint();
      if (type === XML_ELEMENT || type === XML_HOOK) reader.varBytes();
      return true;
    }
    case ANY:
      return skimValues(reader, reader.varUint(), budget);
    case DOC:
      budget.take(SUBDOCUMENT);
      reader.varBytes();
      return skimValues(reader, 1, budget);
    default:
      return false;
  }
}

const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts and measures JSON by its punctuation; whether it is JSON at all is for its parser to say. */
function skimJson(text: Uint8Array, budget: Budget): boolean {
  let depth = 0;
  let quoted = false;
  budget.take(1);
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at];
    if (quoted) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === COMMA) budget.take(1);
    else if (byte === 0x5b || byte === 0x7b) {
      budget.take(1);
      depth += 1;
      if (depth > LIMITS.valueDepth) return false;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return true;
}

/** Passes over `count` values of lib0's `any`; false for what no Yjs writes, or too deep a value. */
export function skipValues(reader: ByteReader, count: number): boolean {
  return skimValues(reader, count, new Budget(Infinity));
}

/** `count` values of lib0's `any`, without recursion: each level holds how many of its values are left. */
function skimValues(reader: ByteReader, count: number, budget: Budget): boolean {
  const levels: { left: number; readonly keys: boolean }[] = [{ left: count, keys: false }];
  for (let level = levels.at(-1); level && !budget.spent; level = levels.at(-1)) {
    if (level.left === 0) {
      levels.pop();
      continue;
    }
    level.left -= 1;
    budget.take(1);
    if (level.keys) reader.varBytes();
    const type = reader.byte();
    switch (type) {
      case 127:
      case 126:
      case 121:
      case 120:
        break;
      case 125:
        reader.skipVarInt();
        break;
      case 124:
        reader.bytes(4);
        break;
      case 123:
      case 122:
        reader.bytes(8);
        break;
      case 119:
      case 116:
        reader.varBytes();
        break;
      case 118:
      case 117:
        if (levels.length > LIMITS.valueDepth) return false;
        levels.push({ left: reader.varUint(), keys: type === 118 });
        break;
      default:
        return false;
    }
  }
  return true;
}
