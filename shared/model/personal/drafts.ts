// What a member has typed and not posted yet (docs/documents.md, PS7): by device and place, so that two devices never overwrite each other's words.
import type * as Y from 'yjs';
import { isDeviceId, isDocumentId, readMeta, readTime } from '../document/meta.ts';
import { draftsOf } from '../document/roots.ts';
import { wellFormed } from '../page/well-formed.ts';

export interface Draft {
  readonly device: string;
  /** Markdown. */
  readonly text: string;
  /** What else stands in the form of a new thread, as its window wrote it; '' for nothing. */
  readonly form: string;
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
    const { text, form, at } = value as { text?: unknown; form?: unknown; at?: unknown };
    const [typed, other] = [text, form].map((one) => (typeof one === 'string' ? one : ''));
    if (typed || other) drafts.push({ device, text: typed ?? '', form: other ?? '', at: readTime(at) ?? 0 });
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
  draft: { readonly text: string; readonly form?: string; readonly at: number },
  origin: unknown = null,
): void {
  const key = `${device}/${place}`;
  const [text, form] = [wellFormed(draft.text), wellFormed(draft.form ?? '')];
  const before = readDrafts(doc, place).find((one) => one.device === device);
  if ((before?.text ?? '') === text && (before?.form ?? '') === form) return;
  doc.transact(() => {
    if (text === '' && form === '') draftsOf(doc).delete(key);
    else draftsOf(doc).set(key, { text, ...(form === '' ? {} : { form }), at: draft.at });
  }, origin);
}
