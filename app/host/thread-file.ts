// A thread as a file that holds all of it (docs/documents.md, EX1): what an export writes and an import reads. Reading is total; what is not of the form is counted and left.
import { isDocumentId, readTime } from '../../shared/model/document/meta.ts';
import { isJson, isPlainEntry, type PlainEntry } from '../../shared/model/document/plain-maps.ts';
import { canonical, THREAD_LISTS, type PlainThread, type ThreadList } from '../../shared/model/thread/plain.ts';
import { at, entriesIn, isObject, isText, lineOf, MOST } from './plain-file.ts';

export interface ThreadFile {
  /** Ids are those that everything had where it was exported. */
  readonly id: string;
  readonly thread: PlainThread;
  /** What all are called whom it names. */
  readonly people: ReadonlyMap<string, string>;
  /** Where documents that its posts lead to are in the same export, as relative addresses. */
  readonly pages: ReadonlyMap<string, string>;
  /** Where the bytes of what it shows are in the same export, by name (BL), as relative addresses. */
  readonly assets: ReadonlyMap<string, string>;
}

export const THREAD_ENDING = '.thread.json';
const FORMAT = 'caravan-thread';
const VERSION = 1;
const LONGEST_KEY = 300;
const NEVER = new Set(['__proto__', 'constructor', 'prototype']);

/** Beside the Markdown file that people read. */
export function threadFileOf(markdown: string): string {
  return markdown.replace(/\.md$/, THREAD_ENDING);
}

export function isThreadPath(path: string): boolean {
  return path.toLowerCase().endsWith(THREAD_ENDING);
}

/** The same letters for the same thread. */
export function printThreadFile({ id, thread, people, pages, assets }: ThreadFile): string {
  const { title, posts, choices, files, ...rest } = thread;
  const said = {
    ...rest,
    posts: Object.fromEntries(posts),
    choices: Object.fromEntries(choices),
    files: Object.fromEntries(files),
    people: Object.fromEntries(people),
    pages: Object.fromEntries(pages),
    assets: Object.fromEntries(assets),
  };
  // What it is comes first, for whoever opens it.
  const head = `{\n "format": "${FORMAT}",\n "version": ${String(VERSION)},\n "id": ${JSON.stringify(id)},\n "title": ${JSON.stringify(title)},\n`;
  return `${head}${canonical(said, 1).slice(2)}\n`;
}

export type ThreadReading =
  | { readonly kind: 'thread'; readonly file: ThreadFile; readonly dropped: number }
  /** A sentence for a report. */
  | { readonly kind: 'refused'; readonly reason: string };

export function readThreadFile(text: string): ThreadReading {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return { kind: 'refused', reason: 'This is no discussion: the file is not JSON.' };
  }
  if (at(said, 'format') !== FORMAT) return { kind: 'refused', reason: 'This is no discussion of an export.' };
  if (at(said, 'version') !== VERSION) {
    return {
      kind: 'refused',
      reason: 'This discussion was exported by a newer version. Update Caravan, and import it again.',
    };
  }
  const id = at(said, 'id');
  if (!isDocumentId(id)) return { kind: 'refused', reason: 'This discussion has no id.' };
  let dropped = 0;
  const drop = (): void => {
    dropped += 1;
  };
  const createdBy = at(said, 'createdBy');
  const reactions = at(said, 'reactions');
  const lists = Object.fromEntries(THREAD_LISTS.map((name) => [name, valuesIn(at(said, name), drop)])) as Record<
    ThreadList,
    PlainEntry
  >;
  const thread: PlainThread = {
    ...lists,
    title: lineOf(at(said, 'title')),
    createdBy: isDocumentId(createdBy) ? createdBy : null,
    createdAt: readTime(at(said, 'createdAt')) ?? 0,
    meta: valuesIn(at(said, 'meta'), drop),
    posts: new Map(entriesIn(at(said, 'posts'), isPost, drop)),
    choices: new Map(entriesIn(at(said, 'choices'), isEntry, drop)),
    files: new Map(entriesIn(at(said, 'files'), isEntry, drop)),
    reactions: Array.isArray(reactions) ? (reactions as unknown[]).slice(0, MOST).filter(isReaction).sort() : [],
  };
  const lines = (key: string): [string, string][] => entriesIn(at(said, key), isText, drop);
  const people = new Map(lines('people').map(([one, name]) => [one, lineOf(name)]));
  return {
    kind: 'thread',
    file: { id, thread, people, pages: new Map(lines('pages')), assets: new Map(lines('assets')) },
    dropped,
  };
}

const isEntry = (value: unknown): value is PlainEntry => isPlainEntry(value);

/** The words of a post are a map of its own; a post without one is one of which no words went out. */
function isPost(value: unknown): value is PlainEntry {
  if (!isPlainEntry(value)) return false;
  const versions = value['versions'];
  return versions === undefined || (isObject(versions) && isObject(versions['$map']));
}

/** JSON under keys; what is none, or stands under a key of another form, is dropped. */
function valuesIn(said: unknown, drop: () => void): PlainEntry {
  if (said === undefined) return {};
  if (!isObject(said)) {
    drop();
    return {};
  }
  const kept = Object.entries(said).filter(([key, value], index) => {
    const isRight = index < MOST && key.length <= LONGEST_KEY && !NEVER.has(key) && isJson(value) && !isType(value);
    if (!isRight) drop();
    return isRight;
  });
  return Object.fromEntries(kept);
}

/** A text or map of its own stands nowhere among such values. */
function isType(value: unknown): boolean {
  return isObject(value) && (Object.hasOwn(value, '$text') || Object.hasOwn(value, '$map'));
}

function isReaction(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 300 && value.split('/').length === 3;
}
