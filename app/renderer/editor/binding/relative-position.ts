// A relative position that a peer wrote, as a place in a type of the document. It does not say whether that type is the one meant.
import * as Y from 'yjs';

/** Null for whatever is none, or leads nowhere here. Total: peers write anchors and cursors. */
export function absolutePosition(json: unknown, doc: Y.Doc | null): Y.AbsolutePosition | null {
  if (typeof json !== 'object' || json === null || !doc) return null;
  try {
    return Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(json), doc);
  } catch {
    // Yjs throws on ids and types that are none; what stands at such a place is then simply not shown.
    return null;
  }
}
