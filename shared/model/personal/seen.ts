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

const OWN = 'own/';
/** More of one document are kept, and not heeded. */
const MOST_OWN = 1_000;

/** By document the Yjs clients under which windows of the member's wrote in it since it was left last. Total. */
export function readOwnClients(doc: Y.Doc): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  if (readMeta(doc)?.kind !== 'personal') return found;
  for (const key of seenOf(doc).keys()) {
    if (!key.startsWith(OWN)) continue;
    const [document = '', client = ''] = key.slice(OWN.length).split('/');
    const known = found.get(document) ?? new Set<number>();
    found.set(document, known);
    if (/^\d{1,16}$/.test(client) && known.size < MOST_OWN) known.add(Number(client));
  }
  return found;
}

/** A window of the member's writes in a document under this client. It is taken away when the document is left: what was seen has it then. */
export function markOwnClient(doc: Y.Doc, document: string, client: number, origin: unknown = null): void {
  const key = `${OWN}${document}/${String(client)}`;
  if (seenOf(doc).has(key)) return;
  doc.transact(() => seenOf(doc).set(key, true), origin);
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
  doc.transact(() => {
    seenOf(doc).set(key, new Uint8Array(vector));
    for (const client of readOwnClients(doc).get(place.document) ?? []) {
      if (clocks.has(client)) seenOf(doc).delete(`${OWN}${place.document}/${String(client)}`);
    }
  }, origin);
}

function decode(vector: Uint8Array): Map<number, number> | null {
  try {
    return Y.decodeStateVector(vector);
  } catch {
    // Any of the member's programs may have written it, of any version.
    return null;
  }
}
