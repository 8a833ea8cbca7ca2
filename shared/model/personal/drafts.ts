// What a member has typed and not posted yet (docs/documents.md, PS7): by device and place, so that two devices never overwrite each other's words.
import type * as Y from 'yjs';
import { isDeviceId, isDocumentId, readMeta, readTime } from '../document/meta.ts';
import { draftsOf } from '../document/roots.ts';
import { wellFormed } from '../page/well-formed.ts';

export interface Draft {
  readonly device: string;
  /** Markdown. */
  readonly text: string;
  readonly at: number;
}

/** Where it is typed: a thread, a space in which a new thread is begun, or a post that is edited. */
export interface DraftPlace {
  readonly device: string;
  readonly place: string;
}

/** Of every device of the member, the newest first. Total. */
export function readDrafts(doc: Y.Doc, place: string): readonly Draft[] {
  if (readMeta(doc)?.kind !== 'personal' || !isDocumentId(place)) return [];
  const drafts: Draft[] = [];
  for (const [key, value] of draftsOf(doc)) {
    const device = key.endsWith(`/${place}`) ? key.slice(0, -place.length - 1) : '';
    if (!isDeviceId(device) || typeof value !== 'object' || value === null) continue;
    const { text, at } = value as { text?: unknown; at?: unknown };
    if (typeof text === 'string' && text !== '') drafts.push({ device, text, at: readTime(at) ?? 0 });
  }
  return drafts.sort((a, b) => b.at - a.at || (a.device < b.device ? -1 : 1));
}

/** Where anything is typed and not posted, on whatever device. Total. */
export function draftPlaces(doc: Y.Doc): ReadonlySet<string> {
  const places = new Set<string>();
  if (readMeta(doc)?.kind !== 'personal') return places;
  for (const key of draftsOf(doc).keys()) {
    const place = key.slice(key.indexOf('/') + 1);
    if (isDocumentId(place) && readDrafts(doc, place).length > 0) places.add(place);
  }
  return places;
}

/** An empty text is no draft any more. */
export function writeDraft(
  doc: Y.Doc,
  { device, place }: DraftPlace,
  draft: { readonly text: string; readonly at: number },
  origin: unknown = null,
): void {
  const key = `${device}/${place}`;
  const text = wellFormed(draft.text);
  const before = readDrafts(doc, place).find((one) => one.device === device)?.text ?? '';
  if (before === text) return;
  doc.transact(() => {
    if (text === '') draftsOf(doc).delete(key);
    else draftsOf(doc).set(key, { text, at: draft.at });
  }, origin);
}
