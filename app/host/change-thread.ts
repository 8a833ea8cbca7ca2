// Whom and what a thread names, and putting others in their place: members by their ids, documents by theirs, in its words, too. Plain data to plain data.
import { isBlobName } from '../../shared/base/blob-name.ts';
import { isDocumentId } from '../../shared/model/document/meta.ts';
import type { PlainEntries, PlainEntry, PlainValue } from '../../shared/model/document/plain-maps.ts';
import type { PlainThread } from '../../shared/model/thread/plain.ts';

export interface ThreadChange {
  /** Who stands for a member. */
  readonly member: (id: string) => string;
  /** What a document is called here; null: it is not here, and what leads to it is left out. */
  readonly document: (id: string) => string | null;
  /** Which bytes are meant by a name; left out: the same. */
  readonly blob?: (name: string) => string;
  /** For addresses that name a workspace. */
  readonly workspace?: string;
}

/** Ids that stand where a member's does. */
export function peopleIn(thread: PlainThread): ReadonlySet<string> {
  const named = new Set<string>();
  const member = (id: string): string => {
    named.add(id);
    return id;
  };
  changeThread(thread, { member, document: (id) => id });
  return named;
}

/** Ids of documents that its words lead to. */
export function documentsIn(thread: PlainThread): ReadonlySet<string> {
  const named = new Set<string>();
  const document = (id: string): string => {
    named.add(id);
    return id;
  };
  changeThread(thread, { member: (id) => id, document });
  return named;
}

export function changeThread(thread: PlainThread, change: ThreadChange): PlainThread {
  const { member } = change;
  const byMember = (list: PlainEntry): PlainEntry =>
    keyed(
      list,
      (key) => member(key),
      (value) => said(value, change),
    );
  return {
    ...thread,
    createdBy: thread.createdBy === null ? null : member(thread.createdBy),
    meta: metaOf(thread.meta, change),
    posts: changePosts(thread.posts, change),
    files: mapped(thread.files, (file) => fileOf(file, change)),
    reactions: changeReactions(thread.reactions, change),
    votes: byMember(thread.votes),
    readers: byMember(thread.readers),
    reports: keyed(
      thread.reports,
      (key) => {
        const [post = '', who = ''] = key.split('/');
        return `${post}/${member(who)}`;
      },
      (value) => said(value, change),
    ),
    marks: keyed(
      thread.marks,
      (key) => key,
      (value, key) => (key.startsWith('split/') ? idHere(value, change) : said(value, change)),
    ),
  };
}

export function changePosts(posts: PlainEntries, change: ThreadChange): PlainEntries {
  return mapped(posts, (post) => postOf(post, change));
}

/** Keys `<post>/<member>/<emoji>`, sorted again. */
export function changeReactions(keys: readonly string[], { member }: ThreadChange): readonly string[] {
  const changed = keys.map((key) => {
    const [post = '', who = '', emoji = ''] = key.split('/');
    return `${post}/${member(who)}/${emoji}`;
  });
  return changed.sort();
}

/** Puts another in the place of who did something, in a value that says so under `by`. */
export function sayer(change: ThreadChange): (value: PlainValue) => PlainValue {
  return (value) => said(value, change);
}

function mapped(entries: PlainEntries, to: (entry: PlainEntry) => PlainEntry): PlainEntries {
  return new Map([...entries].map(([id, entry]) => [id, to(entry)]));
}

/** What has no value any more is left out. */
function keyed(
  list: PlainEntry,
  keyOf: (key: string) => string | null,
  valueOf: (value: PlainValue, key: string) => PlainValue,
): PlainEntry {
  return Object.fromEntries(
    Object.entries(list).flatMap(([key, value]) => {
      const [to, now] = [keyOf(key), valueOf(value, key)];
      return to === null || now === undefined ? [] : [[to, now]];
    }),
  );
}

function metaOf(meta: PlainEntry, change: ThreadChange): PlainEntry {
  return keyed(
    meta,
    (key) => {
      const [, kind = '', id = ''] = /^(merged|card)\/(.*)$/s.exec(key) ?? [];
      const to = kind === '' ? null : change.document(id);
      return kind === '' ? key : to === null ? null : `${kind}/${to}`;
    },
    (value, key) => {
      if (key === 'owner') return isDocumentId(value) ? change.member(value) : value;
      if (key.startsWith('card/')) return idHere(value, change);
      if (key !== 'mergedInto') return said(value, change);
      const thread = idHere((value as { thread?: unknown } | null)?.thread, change);
      return thread === undefined ? undefined : { ...(said(value, change) as object), thread };
    },
  );
}

function idHere(value: PlainValue, change: ThreadChange): string | undefined {
  return isDocumentId(value) ? (change.document(value) ?? undefined) : undefined;
}

/** Who did something: `by`. */
function said(value: PlainValue, { member }: ThreadChange): PlainValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { by } = value as { by?: unknown };
  return isDocumentId(by) ? { ...value, by: member(by) } : value;
}

function postOf(post: PlainEntry, change: ThreadChange): PlainEntry {
  const { author, removed, versions, ...rest } = post;
  return {
    ...rest,
    ...(author === undefined ? {} : { author: isDocumentId(author) ? change.member(author) : author }),
    ...(removed === undefined ? {} : { removed: said(removed, change) }),
    ...(versions === undefined ? {} : { versions: versionsOf(versions, change) }),
  };
}

function versionsOf(versions: PlainValue, change: ThreadChange): PlainValue {
  const { $map } = versions as { readonly $map?: PlainEntry };
  if (!$map) return versions;
  return {
    $map: keyed(
      $map,
      (key) => key,
      (value) => {
        const { text } = (value ?? {}) as { text?: unknown };
        return typeof text === 'string' ? { ...(value as object), text: changeWords(text, change) } : value;
      },
    ),
  };
}

function fileOf(file: PlainEntry, change: ThreadChange): PlainEntry {
  const { blob } = file;
  const now = said(file, change) as PlainEntry;
  return isBlobName(blob) ? { ...now, blob: change.blob?.(blob) ?? blob } : now;
}

const ADDRESS =
  /\b(page|member|blob):([A-Za-z0-9_][A-Za-z0-9_-]{0,63})|\bcaravan:\/\/page\/?#([A-Za-z0-9_][A-Za-z0-9_-]{0,63})\/([A-Za-z0-9_][A-Za-z0-9_-]{0,63})/g;

/** Addresses in words, each by itself; what leads to nothing here stays as it was written. */
function changeWords(text: string, { member, document, blob, workspace }: ThreadChange): string {
  return text.replace(ADDRESS, (whole, scheme?: string, id = '', _home?: string, page = '') => {
    if (scheme === undefined) {
      const here = document(page);
      return here === null || workspace === undefined ? whole : `caravan://page#${workspace}/${here}`;
    }
    if (scheme === 'member') return `member:${member(id)}`;
    if (scheme === 'blob') return isBlobName(id) && blob ? `blob:${blob(id)}` : whole;
    return `page:${document(id) ?? id}`;
  });
}
