// What can be done to any document: begin it, rename, move, archive, move to the trash. One transaction each; no command reads a clock.
import type * as Y from 'yjs';
import { readMeta, type DocumentKind } from './meta.ts';
import { metaOf } from './roots.ts';
import { rewriteTitle } from './title.ts';

export interface Creation {
  readonly kind: DocumentKind;
  readonly title: string;
  /** Member id. */
  readonly createdBy: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly parent?: string | null;
  readonly order?: string;
}

/** Writes the meta and title of a new document. A document that already has a kind is left exactly as it is. */
export function createDocument(doc: Y.Doc, creation: Creation, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (meta.has('kind')) return;
    meta.set('kind', creation.kind);
    meta.set('createdBy', creation.createdBy);
    meta.set('createdAt', creation.createdAt);
    if (creation.parent) meta.set('parent', creation.parent);
    if (creation.order) meta.set('order', creation.order);
    rewriteTitle(doc, creation.title);
  }, origin);
}

export function renameDocument(doc: Y.Doc, title: string, origin: unknown = null): void {
  doc.transact(() => rewriteTitle(doc, title), origin);
}

/** Puts the document below `parent` (null: at the top; left out: where it is) with the given key. Writes only what differs. */
export function moveDocument(
  doc: Y.Doc,
  place: { readonly parent?: string | null; readonly order: string },
  origin: unknown = null,
): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (place.parent === null) {
      if (meta.has('parent')) meta.delete('parent');
    } else if (place.parent !== undefined && meta.get('parent') !== place.parent) meta.set('parent', place.parent);
    if (meta.get('order') !== place.order) meta.set('order', place.order);
  }, origin);
}

/** Archives at a time; what is archived already keeps its first time, so that undo finds what went away together. */
export function archiveDocument(doc: Y.Doc, at: number, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (typeof meta.get('archivedAt') !== 'number') meta.set('archivedAt', at);
  }, origin);
}

export function unarchiveDocument(doc: Y.Doc, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (meta.has('archivedAt')) meta.delete('archivedAt');
    if (meta.has('trashed')) meta.delete('trashed');
  }, origin);
}

/**
 * DD6: moves to the trash. What is in it counts as archived, too, so that a version that knows no trash does not show it;
 * what was archived before keeps that time, and goes back to the archive.
 */
export function trashDocument(
  doc: Y.Doc,
  trashed: { readonly at: number; readonly by: string },
  origin: unknown = null,
): void {
  doc.transact(() => {
    if (readMeta(doc)?.trashed) return;
    archiveDocument(doc, trashed.at);
    metaOf(doc).set('trashed', { at: trashed.at, by: trashed.by });
  }, origin);
}

/** Takes it out of the trash, back to where it was before. */
export function untrashDocument(doc: Y.Doc, origin: unknown = null): void {
  doc.transact(() => {
    const trashed = readMeta(doc)?.trashed;
    const meta = metaOf(doc);
    if (trashed && meta.get('archivedAt') === trashed.at) meta.delete('archivedAt');
    if (meta.has('trashed')) meta.delete('trashed');
  }, origin);
}
