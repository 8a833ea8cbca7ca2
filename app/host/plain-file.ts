// What is read out of the JSON files of an export: totally, within bounds, and what is not of the form is dropped. What the parts mean is not known here.
import { isDocumentId } from '../../shared/model/document/meta.ts';
import { asOneLine, cutLine } from '../../shared/model/document/title.ts';
import type { FrontProperties } from '../../shared/model/markdown/front-properties.ts';
import { isDay } from '../../shared/model/properties/day.ts';
import { isMonths } from '../../shared/model/properties/read.ts';

/** More of one kind no document has; a file that says more is no export. */
export const MOST = 100_000;
const LONGEST_TEXT = 8 * 1024 * 1024;

export function propertiesIn(said: unknown): FrontProperties {
  const [owner, tags, status, reviewBy, months] = ['owner', 'tags', 'status', 'reviewBy', 'reviewMonths'].map((key) =>
    at(said, key),
  );
  return {
    owner: isDocumentId(owner) ? owner : null,
    tags: Array.isArray(tags) ? (tags as unknown[]).slice(0, 50).filter((tag) => typeof tag === 'string') : [],
    status: typeof status === 'string' ? cutLine(status) : '',
    reviewBy: isDay(reviewBy) ? reviewBy : null,
    reviewMonths: isMonths(months) ? months : 6,
    template: at(said, 'template') === true,
  };
}

/** What stands under ids and is of the form; the rest is dropped. */
export function entriesIn<T>(said: unknown, isRight: (value: unknown) => value is T, drop: () => void): [string, T][] {
  if (said === undefined) return [];
  if (!isObject(said)) {
    drop();
    return [];
  }
  const found: [string, T][] = [];
  for (const [id, value] of Object.entries(said)) {
    if (found.length < MOST && isDocumentId(id) && id !== '__proto__' && isRight(value)) found.push([id, value]);
    else drop();
  }
  return found;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT;
}

export function lineOf(value: unknown): string {
  return typeof value === 'string' ? cutLine(asOneLine(value.slice(0, 10_000))) : '';
}

export function at(said: unknown, key: string): unknown {
  return isObject(said) && Object.hasOwn(said, key) ? said[key] : undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
