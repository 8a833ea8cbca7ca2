// What people wrote in one document, as sets of words by person: a page, its comments, posts, accepted answers. It knows nothing of who asks.
import type * as Y from 'yjs';
import { readComments } from '../../../shared/model/comments/read.ts';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { foldWords, wordTokens } from '../../../shared/model/links/words.ts';
import { readProperties } from '../../../shared/model/properties/read.ts';
import type { Post } from '../../../shared/model/thread/posts.ts';
import { readThread } from '../../../shared/model/thread/read.ts';
import { referencesOf } from '../links/document-links.ts';
import { shownPosts } from '../threads/thread-row.ts';

export const WORK_KINDS = ['accepted', 'answer', 'page', 'post', 'comment'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** One person's part in a document. */
export interface Work {
  readonly member: string;
  readonly kind: WorkKind;
  /** The words that it is found by: those of what stands around a short answer belong to it. */
  readonly tokens: ReadonlySet<string>;
  /** The newest post that it is made of. */
  readonly post: string | null;
}

/** People of one document that are looked at, each with what is theirs. */
const MOST_PARTS = 300;
/** UTF-16 units of one text that are looked at. */
const LONGEST = 200_000;

/** Null for what nobody is known by (boards, cards, templates, what is archived). Total. */
export function readWorks(doc: Y.Doc): readonly Work[] | null {
  const meta = readMeta(doc);
  if (!meta || meta.archivedAt !== null) return null;
  if (meta.kind === 'thread') return ofThread(doc);
  if (meta.kind !== 'page') return null;
  const { tags, owner, template } = readProperties(doc);
  if (template) return null;
  const works = new Works();
  const text = [readTitle(doc), ...tags, ...(referencesOf(doc)?.free ?? []).map((one) => one.text)].join(' ');
  const authors = new Set([meta.createdBy, owner].flatMap((member) => member ?? []));
  if (bodyOf(doc).length > 0) for (const author of authors) works.add(author, 'page', text, null);
  const title = readTitle(doc);
  for (const { posts } of readComments(doc).comments) {
    for (const post of posts) {
      if (post.removal.kind !== 'removed') works.add(post.author, 'comment', `${title} ${post.text}`, null);
    }
  }
  return works.all;
}

function ofThread(doc: Y.Doc): readonly Work[] {
  const thread = readThread(doc);
  const posts = shownPosts(thread);
  const { type, accepted } = thread.facts;
  const works = new Works();
  const about = [readTitle(doc), ...readProperties(doc).tags].join(' ');
  const [first] = posts;
  const asked = `${about} ${first?.text ?? ''}`;
  for (const post of posts) {
    const isQuestion = type === 'question';
    if (isQuestion && accepted?.post === post.id && post.author !== first?.author) {
      works.add(post.author, 'accepted', `${asked} ${post.text}`, post.id);
    } else if (!isQuestion) works.add(post.author, 'post', `${about} ${post.text}`, post.id);
    // Who asks does not know yet.
    else if (post.author !== first?.author) works.add(post.author, 'answer', `${about} ${post.text}`, post.id);
  }
  return works.all;
}

/** The words of a text as they are looked for: folded, and one form for one and several of a thing. */
export function tokensOf(text: string): ReadonlySet<string> {
  return new Set([...wordTokens(foldWords(text.slice(0, LONGEST)).text)].map(stem));
}

/** Enough that "rotators" finds "rotator"; both sides go through it. */
function stem(token: string): string {
  if (token.length > 4 && token.endsWith('ies')) return `${token.slice(0, -3)}y`;
  if (token.length > 3 && token.endsWith('s') && !token.endsWith('ss')) return token.slice(0, -1);
  return token;
}

class Works {
  readonly #parts = new Map<string, { member: string; kind: WorkKind; tokens: Set<string>; post: Post['id'] | null }>();

  add(member: string | null, kind: WorkKind, text: string, post: string | null): void {
    if (member === null) return;
    const key = `${kind} ${member}`;
    let part = this.#parts.get(key);
    if (!part) {
      if (this.#parts.size >= MOST_PARTS) return;
      this.#parts.set(key, (part = { member, kind, tokens: new Set(), post }));
    }
    for (const token of tokensOf(text)) part.tokens.add(token);
    part.post = post;
  }

  get all(): readonly Work[] {
    return [...this.#parts.values()];
  }
}
