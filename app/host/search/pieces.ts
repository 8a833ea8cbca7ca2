// What search knows of one room: its text in pieces, each of one thing and one author, small enough that an edit makes few of them anew. Out of the document alone, so that every computer finds the same. One file, for all kinds of documents are cut by the same bounds.
import type * as Y from 'yjs';
import { readBoard, standingOf } from '../../../shared/model/board/read.ts';
import type { Card } from '../../../shared/model/board/card.ts';
import { readCardFiles } from '../../../shared/model/board/card-files.ts';
import { readComments } from '../../../shared/model/comments/read.ts';
import { readAliases } from '../../../shared/model/document/aliases.ts';
import { readMovedTo } from '../../../shared/model/document/moved.ts';
import { readMeta, type DocumentMeta } from '../../../shared/model/document/meta.ts';
import { bodyOf, postsOf } from '../../../shared/model/document/roots.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { blobsInText } from '../../../shared/model/markdown/post-links.ts';
import { blockText, readBlocks } from '../../../shared/model/page/read.ts';
import { readAbout } from '../../../shared/model/profile/about.ts';
import { readProperties } from '../../../shared/model/properties/read.ts';
import { tagOf } from '../../../shared/model/properties/tag.ts';
import { stateOf, type ThreadType } from '../../../shared/model/thread/facts.ts';
import { readPosts, type Post } from '../../../shared/model/thread/posts.ts';
import { readThread } from '../../../shared/model/thread/read.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { shownPosts } from '../threads/thread-row.ts';

export type UnitKind = 'page' | 'board' | 'card' | 'thread' | 'person' | 'file';
/** What a piece is made of. */
export type PieceClass = 'text' | 'comment' | 'post' | 'name';

export const FLAGS = { file: 1, unanswered: 2, answered: 4, open: 8, done: 16, archived: 32 } as const;

/** What is said of a thing beside its words. */
export interface Facts {
  readonly kind: UnitKind;
  readonly thread?: ThreadType;
  readonly title: string;
  /** The document that it opens in, and of a card on a board its board. */
  readonly document: string;
  /** Of a card its id; of a file where it stands; else ''. */
  readonly place: string;
  /** Of a file: in what it stands. */
  readonly where?: PieceClass;
  readonly by: string | null;
  /** When it was begun, and the newest time that stands in it. */
  readonly since: number;
  readonly at: number;
  /** What tells tags apart. */
  readonly tags: readonly string[];
  /** Bytes of a file. */
  readonly size?: number;
}

/** `title`: of the thing itself. `strong`: a heading, another name, a tag. */
export type PartWeight = 'title' | 'strong' | 'plain';

/** One place with its words. */
export interface Part {
  /** A block, a post, `<comment>/<post>`; '' where the thing itself is meant. */
  readonly place: string;
  readonly weight: PartWeight;
  readonly text: string;
  /** When it was written; 0 where nothing says so. */
  readonly at: number;
}

export interface Piece {
  /** What it belongs to: a room's name, and for a file `#` and the name of its bytes. A card's is the name of its own room. */
  readonly unit: string;
  readonly class: PieceClass;
  readonly by: string | null;
  readonly from: number;
  readonly to: number;
  readonly flags: number;
  /** Only in one piece of a thing. */
  readonly facts: Facts | null;
  readonly parts: readonly Part[];
}

/** UTF-16 units of one room that are looked at, of one place, and places: beyond is no text that people read. */
const MOST_TEXT = 4_000_000;
const LONGEST_PART = 100_000;
const MOST_PARTS = 50_000;
const MOST_FILES = 2_000;
/** A piece ends behind a place that is drawn by its id once it has so many units, and always at so many. */
const [SMALL, LARGE] = [2_000, 24_000];
const ENDS_AT = 8;
const HALVES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Null where nothing of a room is found: put into the trash, moved away, or of a kind that nobody looks for. Total. */
export function readPieces(room: string, doc: Y.Doc): readonly Piece[] | null {
  const address = parseRoomName(room);
  const meta = readMeta(doc);
  if (!address || !meta || address.space.startsWith('~')) return null;
  if (address.space.startsWith('@')) {
    return meta.kind === 'profile' && address.document === 'profile' ? personPieces(room, doc, address.space) : null;
  }
  if (meta.trashed !== null || readMovedTo(doc, address.space) !== null) return null;
  const pieces = new Pieces(room, meta);
  switch (meta.kind) {
    case 'page':
      addPage(pieces, doc, address.document);
      break;
    case 'board':
      addBoard(pieces, doc, address.document);
      break;
    case 'card':
      addCardPage(pieces, doc, address.document);
      break;
    case 'thread':
      addThread(pieces, doc, address.document);
      break;
    default:
      return null;
  }
  return pieces.done();
}

function addPage(pieces: Pieces, doc: Y.Doc, document: string): void {
  const { tags, owner } = readProperties(doc);
  const title = readTitle(doc);
  const names = [...readAliases(doc), ...tags];
  addBlocks(pieces, doc, document);
  let at = pieces.meta.createdAt;
  for (const { id, posts } of readComments(doc).comments) {
    for (const post of posts) at = Math.max(at, pieces.post('comment', `${id}/${post.id}`, post, document));
  }
  pieces.facts(title, names, {
    kind: 'page',
    document,
    by: owner ?? pieces.meta.createdBy,
    at,
    tags: tags.flatMap((tag) => tagOf(tag)?.key ?? []),
  });
}

function addBlocks(pieces: Pieces, doc: Y.Doc, document: string): void {
  for (const block of readBlocks(bodyOf(doc))) {
    if (block.type === 'atom' && (block.kind === 'image' || block.kind === 'file')) {
      const { blob, name, size } = block.props;
      const alt = block.kind === 'image' ? block.props.alt : '';
      if (blob !== '')
        pieces.file({ blob, name: name || alt, size, by: pieces.meta.createdBy, at: 0 }, document, block.id, 'text');
      pieces.text(block.id, `${name} ${alt}`, 'plain');
      continue;
    }
    const isHeading = block.type === 'text' && block.kind === 'heading';
    pieces.text(block.id, blockText(block), isHeading ? 'strong' : 'plain');
  }
}

function addBoard(pieces: Pieces, doc: Y.Doc, board: string): void {
  const { columns, unsorted, restored, archived, labels } = readBoard(doc);
  const names = new Map(labels.map(({ id, name }) => [id, name]));
  pieces.facts(
    readTitle(doc),
    columns.map(({ name }) => name),
    { kind: 'board', document: board, by: pieces.meta.createdBy, at: pieces.meta.createdAt, tags: [] },
  );
  for (const card of [...columns.flatMap((column) => column.cards), ...unsorted, ...restored, ...archived]) {
    pieces.card(card, board, names);
  }
}

function addCardPage(pieces: Pieces, doc: Y.Doc, card: string): void {
  addBlocks(pieces, doc, card);
  for (const file of readCardFiles(doc)) {
    if (file.kind === 'file') pieces.file(file, card, '', 'text');
    pieces.text('', file.kind === 'link' ? `${file.name} ${file.url}` : file.name, 'plain');
  }
  for (const post of readPosts(postsOf(doc), null, [])) pieces.post('comment', `${post.id}`, post, card);
}

function addThread(pieces: Pieces, doc: Y.Doc, document: string): void {
  const thread = readThread(doc);
  const { facts } = thread;
  const { tags } = readProperties(doc);
  const shown = shownPosts(thread);
  let at = pieces.meta.createdAt;
  for (const post of shown) at = Math.max(at, pieces.post('post', post.id, post, document));
  const { accepted } = facts;
  const isAnswered = accepted !== null && shown.some(({ id }) => id === accepted.post);
  if (facts.type === 'question') pieces.flag(isAnswered ? FLAGS.answered : facts.closed ? 0 : FLAGS.unanswered);
  const state = facts.type === 'idea' ? stateOf(facts) : null;
  if (state === 'done' || (facts.type === 'question' && isAnswered)) pieces.flag(FLAGS.done);
  else if (state !== 'declined' && facts.closed === null && facts.mergedInto === null) pieces.flag(FLAGS.open);
  if (thread.poll) pieces.text('', thread.poll.choices.map(({ text }) => text).join(' / '), 'plain');
  pieces.facts(readTitle(doc), tags, {
    kind: 'thread',
    thread: facts.type,
    document,
    by: pieces.meta.createdBy ?? shown[0]?.author ?? null,
    at,
    tags: tags.flatMap((tag) => tagOf(tag)?.key ?? []),
  });
}

function personPieces(room: string, doc: Y.Doc, space: string): readonly Piece[] {
  const { role, place, skills, interests, projects } = readAbout(doc);
  const member = space.slice(1);
  const title = readTitle(doc);
  const facts: Facts = { kind: 'person', title, document: member, place: '', by: member, since: 0, at: 0, tags: [] };
  const said = [role, place, ...skills, ...interests, ...projects].filter((words) => words !== '');
  const parts: Part[] = [
    { place: '', weight: 'title', text: cleaned(title), at: 0 },
    ...said.map((text): Part => ({ place: '', weight: 'strong', text: cleaned(text), at: 0 })),
  ];
  return [{ unit: room, class: 'name', by: member, from: 0, to: 0, flags: 0, facts, parts }];
}

interface NamedFile {
  readonly blob: string;
  readonly name: string;
  readonly size: number;
  readonly by: string | null;
  readonly at: number;
}

/** Puts the places of a room together to pieces, within the bounds of a room. */
class Pieces {
  readonly meta: DocumentMeta;
  readonly #room: string;
  readonly #space: string;
  readonly #done: Piece[] = [];
  readonly #groups = new Map<
    string,
    { readonly class: PieceClass; readonly by: string | null; readonly parts: Part[] }
  >();
  readonly #files = new Map<
    string,
    NamedFile & { readonly document: string; readonly place: string; readonly where: PieceClass }
  >();
  #left = MOST_TEXT;
  #parts = 0;
  #flags: number;
  #newest: number;

  constructor(room: string, meta: DocumentMeta) {
    this.meta = meta;
    this.#room = room;
    this.#space = room.slice(0, room.lastIndexOf('/') + 1);
    this.#flags = meta.archivedAt === null ? 0 : FLAGS.archived;
    this.#newest = meta.createdAt;
  }

  flag(flag: number): void {
    this.#flags |= flag;
  }

  text(place: string, text: string, weight: PartWeight): void {
    this.#add('text', this.meta.createdBy, place, text, weight, 0);
  }

  /** The time of the post; 0 for one that is not shown. */
  post(kind: 'comment' | 'post', place: string, post: Post, document: string): number {
    if (post.removal.kind === 'removed') return 0;
    this.#add(kind, post.author, place, looseText(post.text), 'plain', post.at);
    for (const { blob, name } of blobsInText(post.text)) {
      this.file({ blob, name, size: 0, by: post.author, at: post.at }, document, place, kind);
    }
    this.#newest = Math.max(this.#newest, post.at);
    return post.at;
  }

  file(file: NamedFile, document: string, place: string, where: PieceClass): void {
    this.#flags |= FLAGS.file;
    if (this.#files.size < MOST_FILES && !this.#files.has(file.blob)) {
      this.#files.set(file.blob, { ...file, document, place, where });
    }
  }

  facts(
    title: string,
    names: readonly string[],
    facts: Pick<Facts, 'kind' | 'thread' | 'document' | 'by' | 'at' | 'tags'>,
  ): void {
    const { createdAt: since } = this.meta;
    const parts: Part[] = [
      { place: '', weight: 'title', text: cleaned(title), at: 0 },
      ...names.map((text): Part => ({ place: '', weight: 'strong', text: cleaned(text), at: 0 })),
    ];
    this.#done.push({
      unit: this.#room,
      class: 'text',
      by: facts.by,
      from: since,
      to: facts.at,
      flags: 0,
      facts: { ...facts, title, place: '', since },
      parts,
    });
  }

  /** A card's face: its board says it, and it belongs to the card. */
  card(card: Card, board: string, labels: ReadonlyMap<string, string>): void {
    const at = Math.max(card.createdAt, card.completed?.at ?? 0, card.since);
    const said = card.labels.flatMap((label) => labels.get(label) ?? []);
    const plain = card.checklists.flatMap((list) => [list.name, ...list.items.map((item) => item.text)]);
    const fields = card.values.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
    const parts: Part[] = [
      { place: '', weight: 'title', text: this.#within(card.title), at: 0 },
      ...said.map((text): Part => ({ place: '', weight: 'strong', text: this.#within(text), at: 0 })),
      ...[...plain, ...fields]
        .filter((text) => text !== '')
        .map((text): Part => ({ place: '', weight: 'plain', text: this.#within(text), at: 0 })),
    ];
    const isArchived = standingOf(card) === 'archived' || this.meta.archivedAt !== null;
    this.#done.push({
      unit: this.#space + card.id,
      class: 'text',
      by: card.createdBy,
      from: card.createdAt,
      to: at,
      flags: (card.completed ? FLAGS.done : FLAGS.open) | (isArchived ? FLAGS.archived : 0),
      facts: {
        kind: 'card',
        title: card.title,
        document: board,
        place: card.id,
        by: card.createdBy,
        since: card.createdAt,
        at,
        tags: said.flatMap((label) => tagOf(label)?.key ?? []),
      },
      parts,
    });
  }

  done(): readonly Piece[] {
    for (const { class: kind, by, parts } of this.#groups.values()) this.#cut(kind, by, parts);
    const archived = this.#flags & FLAGS.archived;
    for (const { blob, name, size, by, at, document, place, where } of this.#files.values()) {
      const written = at || this.meta.createdAt;
      const title = name || 'File';
      const when = { since: written, at: written };
      const facts: Facts = { kind: 'file', title, document, place, where, by, ...when, tags: [], size };
      this.#done.push({
        unit: `${this.#room}#${blob}`,
        class: 'name',
        by,
        from: written,
        to: written,
        flags: FLAGS.file | archived,
        facts,
        parts: [{ place: '', weight: 'title', text: cleaned(title), at: 0 }],
      });
    }
    // What holds for the room holds for each piece of its own thing.
    return this.#done.map((piece) =>
      piece.unit === this.#room ? { ...piece, flags: piece.flags | this.#flags } : piece,
    );
  }

  #add(kind: PieceClass, by: string | null, place: string, text: string, weight: PartWeight, at: number): void {
    const words = this.#within(text);
    if (words.trim() === '') return;
    const key = `${kind} ${by ?? ''}`;
    let group = this.#groups.get(key);
    if (!group) this.#groups.set(key, (group = { class: kind, by, parts: [] }));
    group.parts.push({ place, weight, text: words, at });
  }

  #within(text: string): string {
    this.#parts += 1;
    if (this.#parts > MOST_PARTS || this.#left <= 0) return '';
    const words = cleaned(text.slice(0, Math.min(LONGEST_PART, this.#left)));
    this.#left -= words.length;
    return words;
  }

  #cut(kind: PieceClass, by: string | null, parts: readonly Part[]): void {
    let open: Part[] = [];
    let size = 0;
    const close = (): void => {
      if (open.length === 0) return;
      const times = open.map(({ at }) => at).filter((at) => at > 0);
      const from = times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : this.meta.createdAt;
      const to = times.length > 0 ? times.reduce((a, b) => Math.max(a, b)) : this.#newest;
      this.#done.push({
        unit: this.#room,
        class: kind,
        by,
        from,
        to: kind === 'text' ? from : to,
        flags: 0,
        facts: null,
        parts: open,
      });
      open = [];
      size = 0;
    };
    for (const part of parts) {
      open.push(part);
      size += part.text.length;
      if (size > LARGE || (size > SMALL && drawn(part.place) % ENDS_AT === 0)) close();
    }
    close();
  }
}

/** Composed, without halves of characters: what a peer wrote goes into files and windows from here. */
function cleaned(text: string): string {
  return text.normalize('NFC').replace(HALVES, '\ufffd');
}

/** Nearly what is read: Markdown without its signs. Quick and total, for it only has to be found. */
export function looseText(markdown: string): string {
  return markdown
    .slice(0, LONGEST_PART)
    .replace(/!?\[([^\][\n]{0,500})\]\([^()\s]{0,2000}\)/g, '$1')
    .replace(/^[ \t]*(?:[#>]+|[-*+]|\d+[.)])[ \t]+/gm, '')
    .replace(/[*~`|[\]]+/g, '');
}

/** FNV-1a. */
function drawn(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0) >>> 8;
}
