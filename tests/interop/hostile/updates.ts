// Yjs updates as no honest client writes them, made byte by byte; and two honest ones to compare with.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { encodeAwareness } from '../../../shared/protocol/room-frames.ts';

type Write = (encoder: encoding.Encoder) => void;

/** One client's structs from clock 0 on, and no deletions. */
function update(client: number, structs: number, write: (encoder: encoding.Encoder, at: number) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of [1, structs, client, 0]) encoding.writeVarUint(encoder, number);
  for (let at = 0; at < structs; at += 1) write(encoder, at);
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** A struct whose parent is the root `body`, with this content. */
function atRoot(kind: number, content: Write): Write {
  return (encoder) => {
    encoding.writeUint8(encoder, kind);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, 'body');
    content(encoder);
  };
}

/** `count` structs of two bytes each: a reader builds an object for every one. */
export function manyStructs(count: number, client = 7): Uint8Array {
  return update(client, count, (encoder) => {
    encoding.writeUint8(encoder, 0);
    encoding.writeVarUint(encoder, 1);
  });
}

/** `count` letters, each put before all others: no two of them are ever joined into one struct. */
export function manyItems(count: number, client: number): Uint8Array {
  return update(
    client,
    count,
    atRoot(4, (encoder) => encoding.writeVarString(encoder, 'x')),
  );
}

/** One value of `count` empty objects, two bytes each. */
export function manyValues(count: number): Uint8Array {
  return update(
    8,
    1,
    atRoot(8, (encoder) => {
      encoding.writeVarUint(encoder, 1);
      encoding.writeUint8(encoder, 117);
      encoding.writeVarUint(encoder, count);
      for (let left = count; left > 0; left -= 1) {
        encoding.writeUint8(encoder, 118);
        encoding.writeVarUint(encoder, 0);
      }
    }),
  );
}

/** Deletions of `count` ranges. */
export function manyDeletes(count: number): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of [0, 1, 9, count]) encoding.writeVarUint(encoder, number);
  for (let left = count; left > 0; left -= 1) {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, 1);
  }
  return encoding.toUint8Array(encoder);
}

/** A JSON value nested `depth` deep, as an embedded object of a text. */
export function deepJson(depth: number): Uint8Array {
  const json = '['.repeat(depth) + ']'.repeat(depth);
  return update(
    10,
    1,
    atRoot(5, (encoder) => encoding.writeVarString(encoder, json)),
  );
}

/** A value of lib0's own kind nested `depth` deep. */
export function deepAny(depth: number): Uint8Array {
  return update(
    11,
    1,
    atRoot(8, (encoder) => {
      encoding.writeVarUint(encoder, 1);
      for (let left = depth; left > 0; left -= 1) {
        encoding.writeUint8(encoder, 117);
        encoding.writeVarUint(encoder, 1);
      }
      encoding.writeUint8(encoder, 126);
    }),
  );
}

/**
 * What clients of rising ids bring who put letters one by one at the start of one text, each behind a word on the client before: so
 * they are taken in the order of their ids, however they are merged, and each letter walks past all letters of those before.
 */
export function prepended(letters: number, client: number): Uint8Array {
  const id = (encoder: encoding.Encoder, at: number, of = client): void => {
    encoding.writeVarUint(encoder, of);
    encoding.writeVarUint(encoder, at);
  };
  const root = (encoder: encoding.Encoder, name: string): void => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, name);
  };
  const last = letters + 1;
  const [TEXT, BEHIND, BEFORE] = [4, 128, 64];
  return update(client, letters + 2, (encoder, at) => {
    const behind = at === last ? 0 : at === 0 && client > 1 ? last : null;
    const before = at > 1 && at < last ? at - 1 : null;
    encoding.writeUint8(encoder, TEXT | (behind === null ? 0 : BEHIND) | (before === null ? 0 : BEFORE));
    if (behind !== null) id(encoder, behind, at === 0 ? client - 1 : client);
    else if (before !== null) id(encoder, before);
    else root(encoder, at === 0 ? 'word' : 'crowded');
    encoding.writeVarString(encoder, 'a');
  });
}

/** Shared types, each inside the one before it. */
export function deepTypes(depth: number, client = 12): Uint8Array {
  return update(client, depth, (encoder, at) => {
    encoding.writeUint8(encoder, 7);
    if (at === 0) {
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, 'deep');
    } else {
      for (const number of [0, client, at - 1]) encoding.writeVarUint(encoder, number);
    }
    encoding.writeVarUint(encoder, 0);
  });
}

/** Values whose keys would reach an object's prototype. */
export function prototypeKeys(): Uint8Array {
  const doc = new Y.Doc();
  const poisoned: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
  doc.getMap('__proto__').set('__proto__', poisoned);
  doc.getText('body').insertEmbed(0, poisoned as object);
  return Y.encodeStateAsUpdate(doc);
}

/** Updates that build on one that nobody ever sends. */
export function unsatisfiable(count: number): Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (bytes: Uint8Array) => updates.push(bytes));
  for (let at = 0; at <= count; at += 1) doc.getText('body').insert(at, 'x');
  return updates.slice(1);
}

/** Structs or deletes of the range that `client` is about to write: 10 bytes, and that person's next words are void. */
export function forged(client: number, clock: number, length: number): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of [1, 1, client, clock, 0, length, 0]) encoding.writeVarUint(encoder, number);
  return encoding.toUint8Array(encoder);
}

/** A frame of presence in which `count` clients, one after the other from `first` on, say the same. */
export function crowd(count: number, first: number, state: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, count);
  for (let at = 0; at < count; at += 1) {
    encoding.writeVarUint(encoder, first + at);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, state);
  }
  return encodeAwareness(encoding.toUint8Array(encoder));
}
