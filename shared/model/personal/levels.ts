// How much a member wants to hear of a thread or of a space (docs/documents.md, PS8). Who is told is the inbox's matter.
import type * as Y from 'yjs';
import { isDocumentId, readMeta } from '../document/meta.ts';
import { levelsOf } from '../document/roots.ts';

export const LEVELS = ['all', 'mentions', 'mute'] as const;
/** More are kept, and not heeded where all are read. */
const MOST = 20_000;
export type Level = (typeof LEVELS)[number];

/** What was said of a thread or a space; null where nothing was. Total. */
export function readLevel(doc: Y.Doc, id: string): Level | null {
  if (readMeta(doc)?.kind !== 'personal' || !isDocumentId(id)) return null;
  const level = levelsOf(doc).get(id);
  return LEVELS.find((known) => known === level) ?? null;
}

/** Everything that was said, of threads and spaces. Total. */
export function readLevels(doc: Y.Doc): ReadonlyMap<string, Level> {
  const found = new Map<string, Level>();
  if (readMeta(doc)?.kind !== 'personal') return found;
  for (const id of levelsOf(doc).keys()) {
    const level = readLevel(doc, id);
    if (level !== null && found.size < MOST) found.set(id, level);
  }
  return found;
}

/** What holds for a thread: its own level, else its space's, else all. */
export function levelOf(doc: Y.Doc, thread: string, space: string): Level {
  return readLevel(doc, thread) ?? readLevel(doc, space) ?? 'all';
}

/** @param level null: nothing is said any more. */
export function setLevel(doc: Y.Doc, id: string, level: Level | null, origin: unknown = null): void {
  if (readLevel(doc, id) === level) return;
  doc.transact(() => {
    if (level === null) levelsOf(doc).delete(id);
    else levelsOf(doc).set(id, level);
  }, origin);
}

/** Who posts in a thread of which they said nothing follows it, where its space alone would not. What is said of it then. */
export function followPosted(doc: Y.Doc, thread: string, space: string, origin: unknown = null): Level | null {
  if (readLevel(doc, thread) === null && levelOf(doc, thread, space) !== 'all') setLevel(doc, thread, 'all', origin);
  return readLevel(doc, thread);
}
