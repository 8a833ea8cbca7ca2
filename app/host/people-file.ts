// The people of a workspace as a file of an export (docs/documents.md, EX7): names, and what they say of themselves. Reading is total; pictures and devices are not in it.
import type * as Y from 'yjs';
import { isDocumentId } from '../../shared/model/document/meta.ts';
import { isPlainEntry, readEntry, type PlainEntry } from '../../shared/model/document/plain-maps.ts';
import { profileOf } from '../../shared/model/document/roots.ts';
import { canonical } from '../../shared/model/thread/plain.ts';
import { at, isObject, lineOf } from './plain-file.ts';

export interface PersonInFile {
  readonly id: string;
  readonly name: string;
  /** As it is stored (PF3, PF5), whatever a later version adds. */
  readonly profile: PlainEntry;
}

/** At the top of an export of a whole workspace. */
export const PEOPLE_FILE = '_people.json';
const FORMAT = 'caravan-people';
const VERSION = 1;
const MOST_PEOPLE = 10_000;
const MOST_KEYS = 500;
/** Its bytes lie in a place of the member's own, which no export has. */
const PICTURE = 'picture';

export function readProfile(doc: Y.Doc): PlainEntry {
  return readEntry(profileOf(doc), (_, key) => key === PICTURE);
}

export function printPeople(people: readonly PersonInFile[]): string {
  const sorted = [...people].sort((a, b) => (a.name + a.id < b.name + b.id ? -1 : 1));
  return `${canonical({ format: FORMAT, version: VERSION, people: sorted }, 1)}\n`;
}

/** Null for what is no such file, or of a newer version. */
export function readPeopleFile(text: string): readonly PersonInFile[] | null {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return null; // Not JSON: as good as another format.
  }
  const people = at(said, 'people');
  if (at(said, 'format') !== FORMAT || at(said, 'version') !== VERSION || !Array.isArray(people)) return null;
  return (people as unknown[]).slice(0, MOST_PEOPLE).flatMap((one) => {
    const [id, profile] = [at(one, 'id'), at(one, 'profile')];
    if (!isDocumentId(id) || !isObject(profile)) return [];
    const kept = Object.entries(profile).filter(([key, value]) => key !== PICTURE && isPlainEntry({ [key]: value }));
    return [{ id, name: lineOf(at(one, 'name')), profile: Object.fromEntries(kept.slice(0, MOST_KEYS)) }];
  });
}

/** Says what is not said yet, in one's own profile. The caller owns the transaction. Answers whether there was anything. */
export function fillProfile(doc: Y.Doc, profile: PlainEntry): boolean {
  const missing = Object.entries(profile).filter(([key, value]) => !profileOf(doc).has(key) && !isType(value));
  for (const [key, value] of missing) profileOf(doc).set(key, value);
  return missing.length > 0;
}

/** A profile holds values; a text or map of its own is of no version that this one knows. */
function isType(value: unknown): boolean {
  return isObject(value) && (Object.hasOwn(value, '$text') || Object.hasOwn(value, '$map'));
}
