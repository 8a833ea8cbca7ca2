// Whether a document is a card's own: what nobody has made yet is empty and has no kind.
import type * as Y from 'yjs';
import { metaOf } from '../../../../../shared/model/document/roots.ts';

export function isOfKind(doc: Y.Doc): boolean {
  return metaOf(doc).get('kind') === 'card';
}
