// What a board's cards may say: its labels and its custom fields with their choices (docs/documents.md, BD6 and BD7). Total; it writes nothing.
import * as Y from 'yjs';
import { isDocumentId } from '../document/meta.ts';
import { compareSiblings } from '../document/order.ts';
import { readRemoval, type Removal } from '../document/removal.ts';
import { fieldsOf, labelsOf } from '../document/roots.ts';
import { colourOf, entriesOf, lineOf, orderOf, type Colour } from './stored.ts';

export interface Label {
  readonly id: string;
  readonly name: string;
  readonly colour: Colour | null;
  readonly order: string;
  readonly removal: Removal;
}

export const FIELD_KINDS = ['text', 'number', 'date', 'choice', 'person'] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

export interface Field {
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly order: string;
  readonly removal: Removal;
  /** Of a choice: what can be chosen. */
  readonly choices: readonly Label[];
}

export const CHOICE = 'choice/';

export interface Definitions {
  readonly labels: readonly Label[];
  readonly fields: readonly Field[];
}

/** Those that show, in order; what was removed is kept and left out. */
export function readDefinitions(doc: Y.Doc, unreadable: string[]): Definitions {
  const labels: Label[] = [];
  for (const [id, stored] of entriesOf(labelsOf(doc), 'labels', unreadable)) labels.push(readLabel(id, stored));
  const fields: Field[] = [];
  for (const [id, stored] of entriesOf(fieldsOf(doc), 'fields', unreadable)) {
    const field = readField(id, stored);
    if (field) fields.push(field);
    else unreadable.push(`fields/${id}`);
  }
  return { labels: shown(labels), fields: shown(fields) };
}

function readLabel(id: string, stored: Y.Map<unknown>): Label {
  const name = lineOf(stored.get('name'));
  return { id, name, colour: colourOf(stored), order: orderOf(stored), removal: readRemoval(stored) };
}

/** Null for a kind that this version does not know. */
export function readField(id: string, stored: Y.Map<unknown>): Field | null {
  const written = stored.get('kind');
  const kind = FIELD_KINDS.find((known) => known === written);
  if (!kind) return null;
  const choices: Label[] = [];
  for (const [key, value] of kind === 'choice' ? stored.entries() : []) {
    const choice = key.startsWith(CHOICE) ? key.slice(CHOICE.length) : '';
    if (isDocumentId(choice) && value instanceof Y.Map) choices.push(readLabel(choice, value as Y.Map<unknown>));
  }
  const name = lineOf(stored.get('name'));
  return { id, name, kind, order: orderOf(stored), removal: readRemoval(stored), choices: shown(choices) };
}

function shown<T extends Label | Field>(all: readonly T[]): readonly T[] {
  return all.filter((one) => one.removal.kind !== 'removed').sort(compareSiblings);
}
