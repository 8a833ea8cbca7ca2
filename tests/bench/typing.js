// What the benchmark types: made anew at every run, the same every time but for the client id. No server is asked.
import * as Y from 'yjs';

/** One update for each character typed at the end of a text, by one client. @param {number} count @param {number} client */
export function typed(count, client) {
  const doc = new Y.Doc();
  doc.clientID = client;
  /** @type {Uint8Array[]} */
  const updates = [];
  doc.on('update', (/** @type {Uint8Array} */ update) => updates.push(update));
  const text = doc.getText('body');
  for (let at = 0; at < count; at += 1) text.insert(at, String.fromCharCode(97 + (at % 26)));
  doc.destroy();
  return updates;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). @param {number} seed */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes of one document of the cold sync: 2,000 of them are 99 MB. */
const DOCUMENT_BYTES = 49_500;
/** Sessions in which a document was written: it comes to a server as that many updates. */
const SESSIONS = 5;

/**
 * @typedef {{ updates: Uint8Array[], whole: Uint8Array, stateVector: Uint8Array, deletes: Uint8Array }} BenchDocument
 *   `deletes` is an update without structs, as a client sends it that has nothing new
 */

/** A page that was written, corrected and written on. @param {number} seed @returns {BenchDocument} */
export function writtenDocument(seed) {
  const chance = random(seed + 1);
  const doc = new Y.Doc();
  doc.clientID = 1_000_000 + seed;
  const text = doc.getText('body');
  const updates = [];
  let before = Y.encodeStateVector(doc);
  for (let session = 1; session <= SESSIONS; session += 1) {
    for (let written = 0; written < (DOCUMENT_BYTES * session) / SESSIONS;) {
      for (let step = 0; step < 50; step += 1) {
        const at = Math.floor(chance() * (text.length + 1));
        if (chance() < 0.15 && text.length > 200)
          text.delete(Math.min(at, text.length - 8), 1 + Math.floor(chance() * 8));
        else
          text.insert(
            at,
            Array.from({ length: 3 + Math.floor(chance() * 9) }, () =>
              String.fromCharCode(97 + Math.floor(chance() * 26)),
            ).join(''),
          );
      }
      written = Y.encodeStateAsUpdate(doc).length;
    }
    updates.push(Y.encodeStateAsUpdate(doc, before));
    before = Y.encodeStateVector(doc);
  }
  const document = {
    updates,
    whole: Y.encodeStateAsUpdate(doc),
    stateVector: before,
    deletes: Y.encodeStateAsUpdate(doc, before),
  };
  doc.destroy();
  return document;
}
