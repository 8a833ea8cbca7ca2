// How far a member has looked at each page (docs/documents.md, PS3): by device and document. Others never see it.
import * as Y from 'yjs';
import { isDocumentId, readMeta } from '../document/meta.ts';
import { seenOf } from '../document/roots.ts';

/** Bytes of one vector: some four thousand sessions. A page of more is not followed. */
export const LONGEST_VECTOR = 32 * 1024;

/** The clocks that any of the member's devices has seen of a document; null where none has looked. Total. */
export function readSeen(doc: Y.Doc, document: string): ReadonlyMap<number, number> | null {
  if (readMeta(doc)?.kind !== 'personal' || !isDocumentId(document)) return null;
  let found: Map<number, number> | null = null;
  for (const [key, value] of seenOf(doc)) {
    if (!key.endsWith(`/${document}`) || !(value instanceof Uint8Array) || value.length > LONGEST_VECTOR) continue;
    const clocks = decode(value);
    if (!clocks) continue;
    found ??= new Map();
    for (const [client, clock] of clocks) found.set(client, Math.max(clock, found.get(client) ?? 0));
  }
  return found;
}

/** The same of many documents at once, by document; of those where none has looked there is nothing. */
export function readSeenOf(
  doc: Y.Doc,
  documents: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const found = new Map<string, Map<number, number>>();
  if (readMeta(doc)?.kind !== 'personal') return found;
  for (const [key, value] of seenOf(doc)) {
    const document = key.slice(key.indexOf('/') + 1);
    if (!documents.has(document) || !(value instanceof Uint8Array) || value.length > LONGEST_VECTOR) continue;
    const clocks = decode(value);
    if (!clocks) continue;
    const known = found.get(document) ?? new Map<number, number>();
    found.set(document, known);
    for (const [client, clock] of clocks) known.set(client, Math.max(clock, known.get(client) ?? 0));
  }
  return found;
}

/** A device has looked at all of this. Where it had seen as much already nothing is written. */
export function markSeen(
  doc: Y.Doc,
  place: { readonly device: string; readonly document: string },
  vector: Uint8Array,
  origin: unknown = null,
): void {
  const clocks = vector.length <= LONGEST_VECTOR ? decode(vector) : null;
  if (!clocks) return;
  const key = `${place.device}/${place.document}`;
  const before = seenOf(doc).get(key);
  const known = before instanceof Uint8Array ? decode(before) : null;
  if (known && [...clocks].every(([client, clock]) => (known.get(client) ?? 0) >= clock)) return;
  doc.transact(() => seenOf(doc).set(key, new Uint8Array(vector)), origin);
}

function decode(vector: Uint8Array): Map<number, number> | null {
  try {
    return Y.decodeStateVector(vector);
  } catch {
    // Any of the member's programs may have written it, of any version.
    return null;
  }
}
