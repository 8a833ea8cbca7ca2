// What a card says in a custom field (docs/documents.md, BD8): which values a kind takes, and how several texts of one field read. Pure.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { isDocumentId, readTime } from '../document/meta.ts';
import { isDay } from '../properties/day.ts';
import type { Field } from './definitions.ts';
import { lineOf } from './stored.ts';

/** A time in milliseconds since the epoch, or a day as `YYYY-MM-DD`, which no time zone moves. */
export type CardDate = number | string;

/** Text, a number, a date, the id of a choice, a member id. */
export interface FieldValue {
  readonly field: string;
  readonly value: string | number;
}

/** Between texts that people wrote into one empty field at the same time. */
export const BETWEEN_TEXTS = ' / ';

export function readDate(value: unknown): CardDate | null {
  return isDay(value) ? value : readTime(value);
}

/** Refuses what readDate() would read as none. */
export function checkDate(date: CardDate | null): void {
  if (date !== null && readDate(date) === null) {
    throw new AppError('bad-input', 'This is not a day of the calendar. Nothing was changed.');
  }
}

/** The value if the field can hold it, else null. Of a text field the texts count, not this. */
export function fittingValue(field: Field, value: unknown): string | number | null {
  switch (field.kind) {
    case 'text':
      return null;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    case 'date':
      return readDate(value);
    case 'choice':
      return field.choices.find((choice) => choice.id === value)?.id ?? null;
    case 'person':
      return isDocumentId(value) ? value : null;
  }
}

/** The texts of a field by their keys, as one line; '' where there is nothing in them. */
export function joinedTexts(texts: readonly (readonly [key: string, text: unknown])[]): string {
  const sorted = texts.length > 1 ? texts.toSorted(([a], [b]) => (a < b ? -1 : 1)) : texts;
  return sorted
    .map(([, text]) => (text instanceof Y.Text ? lineOf(text) : ''))
    .filter((line) => line !== '')
    .join(BETWEEN_TEXTS);
}
