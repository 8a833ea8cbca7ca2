// The fixed root types of a document: getting one never writes, and nobody else names a root.
import type * as Y from 'yjs';

/** Roots of every kind. */
export function metaOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('meta');
}
export function titleOf(doc: Y.Doc): Y.Text {
  return doc.getText('title');
}
/** A page's body, a card's description. */
export function bodyOf(doc: Y.Doc): Y.Text {
  return doc.getText('body');
}
