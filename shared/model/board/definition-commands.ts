// What can be done to a board's labels and custom fields: one transaction with an origin each. What cards say stays on them when a label
// or a field goes, and shows again when it comes back.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { markRemoved, unmarkRemoved } from '../document/removal.ts';
import { fieldsOf, labelsOf } from '../document/roots.ts';
import { CHOICE, FIELD_KINDS, type FieldKind } from './definitions.ts';
import {
  newLine,
  placeAmong,
  refuseTaken,
  rewrite,
  shownIn,
  storedIn,
  write,
  type After,
  type Colour,
  type Doing,
} from './stored.ts';

export interface NewLabel {
  readonly id?: string;
  readonly name: string;
  readonly colour?: Colour | null;
  readonly after?: After;
}

/** A label, a field, or one of the choices of a field. */
export type Definition =
  { readonly label: string } | { readonly field: string } | { readonly field: string; readonly choice: string };

export function addLabel(doc: Y.Doc, label: NewLabel, origin: unknown = null): string {
  const id = label.id ?? randomId();
  doc.transact(() => putNamed(labelsOf(doc), '', id, label, 'label'), origin);
  return id;
}

export function addField(
  doc: Y.Doc,
  field: { readonly id?: string; readonly name: string; readonly kind: FieldKind; readonly after?: After },
  origin: unknown = null,
): string {
  if (!FIELD_KINDS.includes(field.kind)) {
    throw new AppError('bad-input', 'There are no fields of this kind. Nothing was changed.');
  }
  const id = field.id ?? randomId();
  doc.transact(() => putNamed(fieldsOf(doc), '', id, field, 'field').set('kind', field.kind), origin);
  return id;
}

export function addChoice(doc: Y.Doc, field: string, choice: NewLabel, origin: unknown = null): string {
  const id = choice.id ?? randomId();
  doc.transact(() => {
    const stored = storedIn(fieldsOf(doc), field, 'field');
    if (stored.get('kind') !== 'choice') {
      throw new AppError('bad-input', 'This field has no choices. Nothing was changed.');
    }
    putNamed(stored, CHOICE, id, choice, 'choice');
  }, origin);
  return id;
}

export function renameDefinition(doc: Y.Doc, which: Definition, name: string, origin: unknown = null): void {
  doc.transact(() => rewrite(definitionIn(doc, which), 'name', name), origin);
}

export function setDefinitionColour(
  doc: Y.Doc,
  which: Definition,
  colour: Colour | null,
  origin: unknown = null,
): void {
  doc.transact(() => write(definitionIn(doc, which), 'colour', colour), origin);
}

/** Puts it behind another of its kind. */
export function moveDefinition(doc: Y.Doc, which: Definition, after: After, origin: unknown = null): void {
  doc.transact(() => {
    const stored = definitionIn(doc, which);
    const { root, prefix, id } = placeOf(doc, which);
    const others = shownIn(root, prefix).filter((other) => other.id !== id);
    write(stored, 'order', placeAmong(root, others, after, prefix));
  }, origin);
}

export function removeDefinition(doc: Y.Doc, which: Definition, removing: Doing, origin: unknown = null): void {
  doc.transact(() => markRemoved(definitionIn(doc, which), removing.at, removing.by), origin);
}

export function restoreDefinition(doc: Y.Doc, which: Definition, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(definitionIn(doc, which)), origin);
}

function putNamed(root: Y.Map<unknown>, prefix: string, id: string, given: NewLabel, what: string): Y.Map<unknown> {
  refuseTaken(root, prefix + id, what);
  const stored = new Y.Map<unknown>();
  stored.set('name', newLine(given.name));
  if (given.colour) stored.set('colour', given.colour);
  stored.set('order', placeAmong(root, shownIn(root, prefix), given.after, prefix));
  root.set(prefix + id, stored);
  return stored;
}

function placeOf(doc: Y.Doc, which: Definition): { root: Y.Map<unknown>; prefix: string; id: string; what: string } {
  if ('label' in which) return { root: labelsOf(doc), prefix: '', id: which.label, what: 'label' };
  if (!('choice' in which)) return { root: fieldsOf(doc), prefix: '', id: which.field, what: 'field' };
  return { root: storedIn(fieldsOf(doc), which.field, 'field'), prefix: CHOICE, id: which.choice, what: 'choice' };
}

function definitionIn(doc: Y.Doc, which: Definition): Y.Map<unknown> {
  const { root, prefix, id, what } = placeOf(doc, which);
  return storedIn(root, prefix + id, what);
}
