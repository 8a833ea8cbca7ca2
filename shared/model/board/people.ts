// People whom a board names without their being members (docs/documents.md, BD19): those of a board that came from elsewhere. A member's own name goes first, and is not here.
import type * as Y from 'yjs';
import { isDocumentId } from '../document/meta.ts';
import { peopleOf } from '../document/roots.ts';
import { asOneLine, cutLine } from '../document/title.ts';

export interface NamedPerson {
  /** Stands where a member's id does: on cards, items and comments. */
  readonly id: string;
  readonly name: string;
}

const MOST_PEOPLE = 5_000;

/** By name, then id. Total. */
export function readPeople(doc: Y.Doc): readonly NamedPerson[] {
  const people: NamedPerson[] = [];
  for (const [id, name] of peopleOf(doc).entries()) {
    if (people.length >= MOST_PEOPLE) break;
    if (isDocumentId(id) && typeof name === 'string') people.push({ id, name: cutLine(name) });
  }
  return people.sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
}

/** The caller owns the transaction. */
export function writePeople(doc: Y.Doc, people: Iterable<NamedPerson>): void {
  for (const { id, name } of people) if (!peopleOf(doc).has(id)) peopleOf(doc).set(id, asOneLine(name));
}
