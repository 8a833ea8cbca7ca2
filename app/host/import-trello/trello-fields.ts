// Labels and custom fields of a Trello board, and what its cards say in them. Total.
import { COLOURS, type Colour } from '../../../shared/model/board/stored.ts';
import type { FieldKind } from '../../../shared/model/board/definitions.ts';
import type { Leftovers } from './left-behind.ts';
import {
  at,
  byPosition,
  entriesAt,
  idAt,
  idsAt,
  lineAt,
  listAt,
  rawsAt,
  textAt,
  timeAt,
  type Raw,
} from './raw-export.ts';
import type { PlannedCard, PlannedField, PlannedLabel } from './trello-plan.ts';

/** Trello's colours, each also with `_dark` and `_light`, as the six hues here. */
const HUES: Readonly<Record<string, Colour>> = {
  green: 'moss',
  lime: 'moss',
  yellow: 'sand',
  orange: 'sand',
  red: 'clay',
  purple: 'plum',
  pink: 'plum',
  blue: 'sky',
  sky: 'sky',
  teal: 'sky',
  black: 'slate',
  gray: 'slate',
};
const KINDS: Readonly<Record<string, FieldKind>> = {
  text: 'text',
  number: 'number',
  date: 'date',
  list: 'choice',
  checkbox: 'choice',
};
/** The one choice of what was a checkbox. */
const YES = 'yes';

export function hueOf(colour: unknown): Colour | null {
  const name = typeof colour === 'string' ? colour.replace(/_(dark|light)$/, '') : '';
  return COLOURS.find((known) => Object.hasOwn(HUES, name) && known === HUES[name]) ?? null;
}

/** The labels that the board describes, and those that only cards do. One without a name is called by its colour. */
export function readLabels(board: Raw, cards: readonly Raw[], left: Leftovers): readonly PlannedLabel[] {
  const used = new Set<string>();
  const found = new Map<string, Raw>(entriesAt(board, 'labels', left).map((label) => [label.id, label]));
  for (const card of cards) {
    for (const id of labelsOn(card)) used.add(id);
    for (const label of rawsAt(card, 'labels', left)) {
      const id = idAt(label, 'id');
      if (id !== null && !found.has(id)) found.set(id, label);
    }
  }
  const labels: PlannedLabel[] = [];
  for (const [source, label] of found) {
    const name = lineAt(label, 'name', left);
    const colour = textAt(label, 'color').slice(0, 40);
    if (name === '' && !used.has(source)) left.add('unused-label', colour);
    else labels.push({ source, name: name === '' ? colour.replace('_', ' ') : name, colour: hueOf(colour) });
  }
  return labels;
}

/** The ids of the labels of a card, as ids or as whole labels. */
export function labelsOn(card: Raw): readonly string[] {
  const whole = listAt(card, 'labels').map((label) => idAt(label, 'id'));
  const all = [...idsAt(card, 'idLabels'), ...whole];
  return [...new Set(all.filter((id) => id !== null))];
}

export function readFields(board: Raw, left: Leftovers): readonly PlannedField[] {
  const fields: PlannedField[] = [];
  for (const field of byPosition(entriesAt(board, 'customFields', left))) {
    const name = lineAt(field, 'name', left);
    const type = textAt(field, 'type');
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
    if (!kind) {
      left.add('unreadable', name);
      continue;
    }
    if (type === 'checkbox') left.add('checkbox-field', name);
    const choices = type === 'checkbox' ? [{ source: YES, name: 'Yes', colour: null }] : readChoices(field, left);
    fields.push({ source: field.id, name, kind, choices: kind === 'choice' ? choices : [] });
  }
  return fields;
}

function readChoices(field: Raw, left: Leftovers): readonly PlannedLabel[] {
  return byPosition(entriesAt(field, 'options', left)).map((option) => ({
    source: option.id,
    name: lineAt(at(option, 'value'), 'text', left),
    colour: hueOf(at(option, 'color')),
  }));
}

/** What a card says in the fields. */
export function readFieldValues(
  card: Raw,
  fields: ReadonlyMap<string, PlannedField>,
  left: Leftovers,
  title: string,
): PlannedCard['values'] {
  const values = new Map<string, string | number>();
  for (const item of rawsAt(card, 'customFieldItems', left)) {
    const field = fields.get(idAt(item, 'idCustomField') ?? '');
    const said = at(item, 'value');
    const unset = (said ?? at(item, 'idValue') ?? null) === null;
    if (unset || textAt(said, 'checked') === 'false') continue;
    const value = field && !values.has(field.source) ? readValue(field, item, said, left, title) : null;
    if (field && value !== null && value !== '') values.set(field.source, value);
    else left.add('field-value', title);
  }
  return [...fields.keys()].flatMap((field) => {
    const value = values.get(field);
    return value === undefined ? [] : { field, value };
  });
}

function readValue(
  field: PlannedField,
  item: Raw,
  said: unknown,
  left: Leftovers,
  title: string,
): string | number | null {
  if (field.kind === 'text') return lineAt(said, 'text', left);
  if (field.kind === 'number') {
    const text = textAt(said, 'number').trim();
    return text !== '' && Number.isFinite(Number(text)) ? Number(text) : null;
  }
  if (field.kind === 'date') return timeAt(said, 'date', left, title);
  const choice = textAt(said, 'checked') === 'true' ? YES : idAt(item, 'idValue');
  return field.choices.find((one) => one.source === choice)?.source ?? null;
}
