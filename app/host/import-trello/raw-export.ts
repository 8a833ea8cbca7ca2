// The parts of a JSON file of another program, taken so that nothing in it can hurt: every answer is of the asked form or a default. It knows no Trello.
import { readTime } from '../../../shared/model/document/meta.ts';
import { asOneLine, cutLine } from '../../../shared/model/document/title.ts';
import { wellFormed } from '../../../shared/model/page/well-formed.ts';
import type { Leftovers } from './left-behind.ts';

export type Raw = Readonly<Record<string, unknown>>;

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own member; a prototype's is none. */
export function at(raw: unknown, key: string): unknown {
  return isRaw(raw) && Object.hasOwn(raw, key) ? raw[key] : undefined;
}

export function listAt(raw: unknown, key: string): readonly unknown[] {
  const list = at(raw, key);
  return Array.isArray(list) ? (list as unknown[]) : [];
}

/** The objects of a list; what else stands in it is counted. */
export function rawsAt(raw: unknown, key: string, left: Leftovers): readonly Raw[] {
  const list = listAt(raw, key);
  const found = list.filter(isRaw);
  left.add('unreadable', key, list.length - found.length);
  return found;
}

/** The objects with an id of their own; of two with one id the first counts. */
export function entriesAt(raw: unknown, key: string, left: Leftovers): readonly (Raw & { readonly id: string })[] {
  const seen = new Set<string>();
  return rawsAt(raw, key, left).filter((entry): entry is Raw & { readonly id: string } => {
    const id = idAt(entry, 'id');
    if (id === null) left.add('unreadable', textAt(entry, 'name'));
    else if (seen.has(id)) left.add('doubled', textAt(entry, 'name'));
    else {
      seen.add(id);
      return true;
    }
    return false;
  });
}

export function idAt(raw: unknown, key: string): string | null {
  const id = at(raw, key);
  return typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id) ? id : null;
}

/** The ids of a list, each once. */
export function idsAt(raw: unknown, key: string): readonly string[] {
  const ids = listAt(raw, key).filter((id): id is string => typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id));
  return [...new Set(ids)];
}

/** Any text, with line breaks as `\n`. */
export function textAt(raw: unknown, key: string): string {
  const text = at(raw, key);
  return typeof text === 'string' ? wellFormed(text).replace(/\r\n?/g, '\n') : '';
}

/** One line; a longer one than fits is cut and counted. */
export function lineAt(raw: unknown, key: string, left: Leftovers): string {
  const whole = asOneLine(textAt(raw, key)).trim();
  const line = cutLine(whole);
  if (line.length < whole.length) left.add('cut', line);
  return line;
}

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** A time as JSON has it; what is there and is none is counted. */
export function timeAt(raw: unknown, key: string, left: Leftovers, of: string): number | null {
  const value = at(raw, key);
  if (value === undefined || value === null || value === '') return null;
  const time = typeof value === 'string' && ISO.test(value) ? readTime(Date.parse(value)) : null;
  if (time === null) left.add('date', of);
  return time;
}

/** By `pos`, then as they stand in the file; what has none stands behind. */
export function byPosition<T extends Raw>(entries: readonly T[]): readonly T[] {
  const placed = entries.map((entry, index) => {
    const pos = at(entry, 'pos');
    return { entry, index, pos: typeof pos === 'number' && Number.isFinite(pos) ? pos : Number.MAX_VALUE };
  });
  return placed.sort((a, b) => a.pos - b.pos || a.index - b.index).map(({ entry }) => entry);
}
