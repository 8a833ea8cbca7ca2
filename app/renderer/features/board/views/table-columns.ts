// The columns of a board's table: what each says of a card in words, for a file and for sorting. Pure; it draws and writes nothing.
import { PRIORITIES, type Card } from '../../../../../shared/model/board/card.ts';
import { progressOf } from '../../../../../shared/model/board/checklist.ts';
import type { Field } from '../../../../../shared/model/board/definitions.ts';
import type { CardDate } from '../../../../../shared/model/board/field-value.ts';
import { clockTime, isoDay } from '../../../window/times.ts';
import { beginOf } from '../../../documents/cards/due.ts';
import type { TableSort } from '../../../../../shared/model/board/look.ts';

export type ColumnKind =
  | 'title'
  | 'column'
  | 'people'
  | 'labels'
  | 'date'
  | 'priority'
  | 'checklist'
  | 'created'
  | 'text'
  | 'number'
  | 'choice'
  | 'person';

export interface TableColumn {
  /** `title`, `due`, ..., or `field/` and the id of a custom field. */
  readonly key: string;
  readonly label: string;
  readonly kind: ColumnKind;
  /** Pixels; the title takes what is left over as well. */
  readonly width: number;
  readonly field: Field | null;
}

export interface TableContext {
  readonly columns: readonly { readonly id: string; readonly name: string }[];
  /** Where a card stands: the id of a shown column. */
  readonly columnOf: (card: Card) => string;
  readonly labelName: (id: string) => string;
  readonly memberName: (id: string) => string;
}

const OWN: readonly Omit<TableColumn, 'field'>[] = [
  { key: 'title', label: 'Title', kind: 'title', width: 260 },
  { key: 'column', label: 'Column', kind: 'column', width: 120 },
  { key: 'people', label: 'People', kind: 'people', width: 150 },
  { key: 'labels', label: 'Labels', kind: 'labels', width: 170 },
  { key: 'start', label: 'Start', kind: 'date', width: 130 },
  { key: 'due', label: 'Due', kind: 'date', width: 130 },
  { key: 'priority', label: 'Priority', kind: 'priority', width: 100 },
  { key: 'checklist', label: 'Checklist', kind: 'checklist', width: 100 },
  { key: 'created', label: 'Created', kind: 'created', width: 110 },
];

export function tableColumns(fields: readonly Field[]): readonly TableColumn[] {
  return [
    ...OWN.map((column) => ({ ...column, field: null })),
    ...fields.map((field) => ({
      key: `field/${field.id}`,
      label: field.name || 'Field without a name',
      kind: field.kind,
      width: 140,
      field,
    })),
  ];
}

export function isEditable({ kind }: TableColumn): boolean {
  return kind !== 'checklist' && kind !== 'created';
}

export function fieldValue(card: Card, { field }: TableColumn): string | number | null {
  return card.values.find((one) => one.field === field?.id)?.value ?? null;
}

export function dateIn(card: Card, column: TableColumn): CardDate | null {
  if (column.field) return fieldValue(card, column);
  return column.key === 'start' ? card.start : card.due;
}

export function priorityWords(priority: Card['priority']): string {
  return priority === null ? '' : priority.charAt(0).toUpperCase() + priority.slice(1);
}

/** As it stands in a file: days as `YYYY-MM-DD`, times with the time of day of this computer. */
export function cellText(card: Card, column: TableColumn, context: TableContext): string {
  const value = fieldValue(card, column);
  switch (column.kind) {
    case 'title':
      return card.title;
    case 'column':
      return context.columns.find(({ id }) => id === context.columnOf(card))?.name ?? '';
    case 'people':
      return card.members.map((id) => context.memberName(id) || id).join('; ');
    case 'labels':
      return card.labels.map(context.labelName).join('; ');
    case 'date':
      return dateText(dateIn(card, column));
    case 'priority':
      return priorityWords(card.priority);
    case 'checklist': {
      const { done, total } = progressOf(card.checklists);
      return total === 0 ? '' : `${String(done)} of ${String(total)}`;
    }
    case 'created':
      return card.createdAt === 0 ? '' : dateText(card.createdAt);
    case 'text':
    case 'number':
      return value === null ? '' : String(value);
    case 'choice':
      return column.field?.choices.find(({ id }) => id === value)?.name ?? '';
    case 'person':
      return typeof value === 'string' ? context.memberName(value) || value : '';
  }
}

function dateText(date: CardDate | null): string {
  if (date === null) return '';
  return typeof date === 'string' ? date : `${isoDay(date)} ${clockTime(date)}`;
}

/** A number or words to sort by; null goes last, whichever way. */
function sortValue(card: Card, column: TableColumn, context: TableContext): number | string | null {
  switch (column.kind) {
    case 'column':
      return context.columns.findIndex(({ id }) => id === context.columnOf(card));
    case 'date': {
      const date = dateIn(card, column);
      return date === null ? null : beginOf(date);
    }
    case 'priority':
      return card.priority === null ? null : PRIORITIES.indexOf(card.priority);
    case 'checklist': {
      const { done, total } = progressOf(card.checklists);
      return total === 0 ? null : done / total;
    }
    case 'created':
      return card.createdAt;
    case 'number': {
      const value = fieldValue(card, column);
      return typeof value === 'number' ? value : null;
    }
    case 'choice': {
      const value = fieldValue(card, column);
      return value === null ? null : (column.field?.choices.findIndex(({ id }) => id === value) ?? null);
    }
    default:
      return cellText(card, column, context) || null;
  }
}

/** In the order of the board where nothing, or nothing else, decides. */
export function sortedCards(
  cards: readonly Card[],
  sort: TableSort | null,
  columns: readonly TableColumn[],
  context: TableContext,
): readonly Card[] {
  const column = sort && columns.find(({ key }) => key === sort.by);
  if (!column) return cards;
  const sign = sort.down ? -1 : 1;
  const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const compare = (a: number | string, b: number | string): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(String(a), String(b));
  return cards
    .map((card) => ({ card, value: sortValue(card, column, context) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return sign * compare(a.value, b.value);
    })
    .map(({ card }) => card);
}
