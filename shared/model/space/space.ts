// The space's own document (docs/documents.md, DN2): its name and purpose. Who may enter is in the membership log, not here.
import type * as Y from 'yjs';
import { createDocument } from '../document/commands.ts';
import { readMeta } from '../document/meta.ts';
import { metaOf } from '../document/roots.ts';
import { readTitle } from '../document/title.ts';

const LONGEST_PURPOSE = 10_000;

export interface SpaceAbout {
  readonly name: string;
  readonly purpose: string;
}

/** The document of a space has the space's id. */
export function spaceRoom(workspace: string, space: string): string {
  return `${workspace}/${space}/${space}`;
}

export function createSpace(
  doc: Y.Doc,
  space: { readonly name: string; readonly purpose?: string; readonly createdBy: string; readonly createdAt: number },
  origin: unknown = null,
): void {
  const { name, purpose, createdBy, createdAt } = space;
  doc.transact(() => {
    createDocument(doc, { kind: 'space', title: name, createdBy, createdAt }, origin);
    if (purpose) metaOf(doc).set('purpose', purpose.slice(0, LONGEST_PURPOSE));
  }, origin);
}

/** What the space is for; '' says nothing of it. */
export function setPurpose(doc: Y.Doc, purpose: string, origin: unknown = null): void {
  const said = purpose.slice(0, LONGEST_PURPOSE);
  if ((readSpace(doc)?.purpose ?? '') === said) return;
  doc.transact(() => metaOf(doc).set('purpose', said), origin);
}

/** Null while it has not arrived, or is not a space's document. */
export function readSpace(doc: Y.Doc): SpaceAbout | null {
  if (readMeta(doc)?.kind !== 'space') return null;
  const purpose = metaOf(doc).get('purpose');
  return { name: readTitle(doc), purpose: typeof purpose === 'string' ? purpose.slice(0, LONGEST_PURPOSE) : '' };
}
