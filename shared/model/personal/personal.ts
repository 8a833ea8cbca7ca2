// Documents that belong to one member's devices alone (docs/documents.md, PS1): where they are, and how one begins. What
// stands in each is its own file's matter.
import type * as Y from 'yjs';
import { createDocument } from '../document/commands.ts';

/** One document for each matter, so that a large one does not weigh on the others. The name is the document's id. */
export type PersonalMatter =
  | 'favourites'
  | 'seen'
  | 'recovered'
  | 'views'
  | 'drafts'
  | 'levels'
  | 'watched'
  | 'follows'
  | 'bookmarks'
  | 'inbox'
  | 'digest'
  | 'notifications'
  | `read_${string}`
  | `cards_${string}`;

/** What was read in a space's threads: a document for each space. */
export function readMatter(space: string): PersonalMatter {
  return `read_${space}`;
}

/** What I have looked at, or let go of, is no words of anybody: it leaves like all else, and nobody waits for it. */
export function isSilent(matter: string): boolean {
  return (
    matter === 'seen' ||
    matter === 'recovered' ||
    matter === 'inbox' ||
    matter === 'digest' ||
    matter.startsWith('read_') ||
    matter.startsWith('cards_')
  );
}

export function personalRoom(workspace: string, member: string, matter: PersonalMatter): string {
  return `${workspace}/~${member}/${matter}`;
}

/** Writes nothing where it was begun already. */
export function createPersonal(
  doc: Y.Doc,
  begun: { readonly createdBy: string; readonly createdAt: number },
  origin: unknown = null,
): void {
  createDocument(doc, { kind: 'personal', title: '', ...begun }, origin);
}
