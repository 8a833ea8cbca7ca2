// What a profile says of its member beside the name (docs/documents.md, PF3 to PF6): read so that nothing a peer wrote can hurt, and written by its member alone.
import type * as Y from 'yjs';
import { isBlobName } from '../../base/blob-name.ts';
import { readMeta, readTime } from '../document/meta.ts';
import { profileOf } from '../document/roots.ts';
import { shortLine, tagOf, type Tag } from '../properties/tag.ts';

/** Code units of a role, a place, a status. */
export const LONGEST_WORDS = 100;
/** Skills, interests and projects that are shown, of each; more are kept. */
export const MOST_ITEMS = 50;
/** Bytes of a picture; a larger one is not shown. */
export const LARGEST_PORTRAIT = 256 * 1024;

export interface ProfileStatus {
  readonly text: string;
  /** The time from which on it is over (ms), or null for no end. */
  readonly until: number | null;
}

export interface Portrait {
  /** The name of the bytes, kept in the profile's own space. */
  readonly blob: string;
  readonly size: number;
}

export const LISTS = ['skills', 'interests', 'projects'] as const;
export type ProfileList = (typeof LISTS)[number];

export interface ProfileAbout {
  /** What they do, in their own words; '' where nothing is said. */
  readonly role: string;
  readonly place: string;
  /** The name of a time zone (IANA) by its form alone; '' for none. Whether this computer knows it shows when it is used. */
  readonly zone: string;
  /** As it was written: whether it is over is the reader's to see (PF5). */
  readonly status: ProfileStatus | null;
  readonly picture: Portrait | null;
  readonly skills: readonly string[];
  readonly interests: readonly string[];
  readonly projects: readonly string[];
}

/** What becomes different; what is left out stays. */
export interface ProfileChange {
  readonly role?: string;
  readonly place?: string;
  readonly zone?: string;
  readonly status?: ProfileStatus | null;
  readonly picture?: Portrait | null;
  readonly add?: Partial<Readonly<Record<ProfileList, readonly string[]>>>;
  readonly remove?: Partial<Readonly<Record<ProfileList, readonly string[]>>>;
}

const PREFIXES: Readonly<Record<ProfileList, string>> = {
  skills: 'skill/',
  interests: 'interest/',
  projects: 'project/',
};
const ZONE = /^[A-Za-z][A-Za-z0-9_+-]{0,31}(?:\/[A-Za-z0-9_+-]{1,31}){0,2}$/;

export const NO_ABOUT: ProfileAbout = Object.freeze({
  role: '',
  place: '',
  zone: '',
  status: null,
  picture: null,
  skills: Object.freeze([]),
  interests: Object.freeze([]),
  projects: Object.freeze([]),
});

/** Total. */
export function readAbout(doc: Y.Doc): ProfileAbout {
  if (readMeta(doc)?.kind !== 'profile') return NO_ABOUT;
  const said = profileOf(doc);
  const zone = said.get('zone');
  return {
    role: lineOf(said.get('role')),
    place: lineOf(said.get('place')),
    zone: isZoneName(zone) ? zone : '',
    status: readStatus(said.get('status')),
    picture: readPortrait(said.get('picture')),
    skills: itemsOf(said, PREFIXES.skills),
    interests: itemsOf(said, PREFIXES.interests),
    projects: itemsOf(said, PREFIXES.projects),
  };
}

/** PF5: one that has ended is none, on every computer by its own clock. */
export function statusAt(status: ProfileStatus | null, now: number): ProfileStatus | null {
  return status !== null && (status.until === null || now < status.until) ? status : null;
}

/** Of the form that names of time zones have. */
export function isZoneName(value: unknown): value is string {
  return typeof value === 'string' && ZONE.test(value);
}

/** The picture, for what looks after attachments (AT1). */
export function readPortrait(value: unknown): Portrait | null {
  if (typeof value !== 'object' || value === null) return null;
  const { blob, size } = value as { blob?: unknown; size?: unknown };
  if (!isBlobName(blob) || !Number.isSafeInteger(size)) return null;
  return Number(size) > 0 && Number(size) <= LARGEST_PORTRAIT ? { blob, size: Number(size) } : null;
}

/** One step. Writes only what differs; what has no words is taken away. */
export function changeAbout(doc: Y.Doc, change: ProfileChange, origin: unknown = null): void {
  const said = profileOf(doc);
  const put = (key: string, value: unknown): void => {
    if (value === null || value === '') {
      if (said.has(key)) said.delete(key);
    } else if (JSON.stringify(said.get(key)) !== JSON.stringify(value)) said.set(key, value);
  };
  doc.transact(() => {
    if (change.role !== undefined) put('role', lineOf(change.role));
    if (change.place !== undefined) put('place', lineOf(change.place));
    if (change.zone !== undefined) put('zone', isZoneName(change.zone) ? change.zone : '');
    if (change.status !== undefined) put('status', readStatus(change.status));
    if (change.picture !== undefined) put('picture', readPortrait(change.picture));
    for (const list of LISTS) {
      for (const text of change.remove?.[list] ?? []) {
        const item = tagOf(text);
        if (item) put(PREFIXES[list] + item.key, null);
      }
      for (const text of change.add?.[list] ?? []) {
        const item = tagOf(text);
        if (item) put(PREFIXES[list] + item.key, item.name);
      }
    }
  }, origin);
}

function lineOf(value: unknown): string {
  return typeof value === 'string' ? shortLine(value, LONGEST_WORDS) : '';
}

function readStatus(value: unknown): ProfileStatus | null {
  if (typeof value !== 'object' || value === null) return null;
  const { text, until } = value as { text?: unknown; until?: unknown };
  const words = lineOf(text);
  return words === '' ? null : { text: words, until: readTime(until) };
}

function itemsOf(said: Y.Map<unknown>, prefix: string): readonly string[] {
  const items: Tag[] = [];
  for (const [name, value] of said.entries()) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    const written = typeof value === 'string' ? tagOf(value) : null;
    const item = written?.key === key ? written : tagOf(key);
    if (item?.key === key) items.push(item);
  }
  items.sort((a, b) => (a.key < b.key ? -1 : 1));
  return items.slice(0, MOST_ITEMS).map(({ name }) => name);
}
