// One run of two computers whose rooms get the same updates in orders of their own: what search and links hold, grown change by change, beside what is read from nothing.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as Y from 'yjs';
import { addCard, removeCard, renameCard } from '../../shared/model/board/card-commands.ts';
import { beginBoard } from '../../shared/model/board/begin.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { createDocument } from '../../shared/model/document/commands.ts';
import { bodyOf, metaOf } from '../../shared/model/document/roots.ts';
import { rewriteTitle } from '../../shared/model/document/title.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { leaveSpace } from '../../shared/model/document/moved.ts';
import { parseQuery } from '../../shared/model/search/query.ts';
import { findIn } from '../../app/host/search/find.ts';
import { IndexEngine } from '../../app/host/search/index-engine.ts';
import { readPieces } from '../../app/host/search/pieces.ts';
import { readDocumentLinks } from '../../app/host/links/document-links.ts';
import { saveLinks } from '../../app/host/links/links-store.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import type { Question } from '../../app/host/search/question.ts';

const WORDS = 'antenna rotator drift 会議室 Łódź noise-floor budget café 図書館 horn'.split(' ');
const ROOMS = ['p1', 'p2', 'b1', 't1', 'c1'];
const QUERIES = [
  'antenna',
  'rota',
  'drift noise',
  '会議',
  '書館',
  'lodz',
  '"noise floor"',
  'anenna',
  'type:card',
  '-horn budget',
];

export interface SearchRun {
  readonly seed: number;
  readonly next: (most: number) => number;
  readonly steps: number;
}

/** A room as its authors have it, with the updates in the order of their writing. */
class Room {
  readonly doc = new Y.Doc();
  readonly updates: Uint8Array[] = [];

  constructor() {
    this.doc.on('update', (update: Uint8Array) => this.updates.push(update));
  }
}

/** A computer: its rooms as they arrived, an index and links that grew with them. */
class Computer {
  readonly docs = new Map<string, Y.Doc>();
  readonly folder: string;
  readonly links = new MemoryDocStore(new MemoryMedium());
  engine: IndexEngine;

  constructor(folder: string) {
    this.folder = folder;
    this.engine = IndexEngine.open(path.join(folder, 'grown'));
  }

  async arrive(room: string, updates: readonly Uint8Array[]): Promise<void> {
    let doc = this.docs.get(room);
    if (!doc) this.docs.set(room, (doc = new Y.Doc()));
    for (const update of updates) Y.applyUpdate(doc, update);
    this.engine.put(room, readPieces(room, doc) ?? []);
    await saveLinks(this.links.values, new Map([[room, readDocumentLinks(doc)]]), new Map());
  }

  restart(): void {
    this.engine.setState({ reached: {}, epoch: 'e' });
    this.engine.close();
    this.engine = IndexEngine.open(path.join(this.folder, 'grown'));
  }
}

/** What an index answers to many questions, and everything that it holds, without numbers that tell of its past. */
function held(engine: IndexEngine): unknown {
  const answers = QUERIES.map((query) => {
    const { hits, total, kinds } = findIn(engine, question(query));
    return { query, total, kinds, hits: hits.map(({ unit, at, title, passages }) => ({ unit, at, title, passages })) };
  });
  const pieces = engine.table.units
    .flatMap(({ pieces: numbers }) =>
      numbers.map((number) => `${engine.table.roomName(number)} ${engine.table.hash(number)}`),
    )
    .sort();
  return { answers, pieces };
}

function question(query: string): Question {
  const { terms, filters } = parseQuery(query, 0);
  const card = filters.some(({ op }) => op === 'type');
  return {
    workspace: 'w',
    spaces: ['s'],
    terms,
    types: card ? { kinds: ['card'], threads: [], classes: [] } : null,
    notTypes: null,
    by: null,
    notBy: [],
    within: null,
    notWithin: [],
    tags: [],
    notTags: [],
    flags: 0,
    notFlags: 0,
    after: null,
    before: null,
    lately: [],
    now: 1_000_000,
    most: 50,
    skip: 0,
    passages: 3,
  };
}

async function linkRows(store: MemoryDocStore): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const [key, value] of store.values.entries('links'))
    rows.push(`${key} ${Buffer.from(value).toString('base64')}`);
  return rows.sort();
}

/** What differs, or null. */
export async function searchRun({ next, steps }: SearchRun): Promise<string | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caravan-search-'));
  try {
    const rooms = new Map(ROOMS.map((id) => [`w/s/${id}`, new Room()]));
    for (let step = 0; step < steps; step += 1) {
      const room = `w/s/${ROOMS[next(ROOMS.length)] ?? ''}`;
      const held = rooms.get(room);
      if (held) change(held.doc, room, next, step);
    }
    const computers = [new Computer(path.join(folder, 'one')), new Computer(path.join(folder, 'other'))];
    for (const computer of computers) {
      const left = [...rooms].flatMap(([room, { updates }]) => updates.map((update) => ({ room, update })));
      while (left.length > 0) {
        // Any order, a few at a time; what comes too early waits in the document.
        const [one] = left.splice(next(left.length), 1);
        if (one) await computer.arrive(one.room, [one.update]);
        if (next(30) === 0) computer.restart();
        if (next(60) === 0) computer.engine.compact();
      }
    }
    const anew = IndexEngine.open(path.join(folder, 'anew'));
    const links = new MemoryDocStore(new MemoryMedium());
    for (const [room, { doc }] of rooms) {
      anew.put(room, readPieces(room, doc) ?? []);
      await saveLinks(links.values, new Map([[room, readDocumentLinks(doc)]]), new Map());
    }
    const expected = JSON.stringify(held(anew));
    const expectedLinks = JSON.stringify(await linkRows(links));
    for (const [at, { engine, links: grown }] of computers.entries()) {
      if (JSON.stringify(held(engine)) !== expected)
        return `search on computer ${at}: ${JSON.stringify(held(engine))} is not ${expected}`;
      if (JSON.stringify(await linkRows(grown)) !== expectedLinks) return `links on computer ${at}`;
      engine.close();
    }
    anew.close();
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function change(doc: Y.Doc, room: string, next: (most: number) => number, step: number): void {
  const id = room.slice(4);
  const kind = id.startsWith('p') ? 'page' : id.startsWith('b') ? 'board' : id.startsWith('c') ? 'card' : 'thread';
  const words = Array.from({ length: 1 + next(4) }, () => WORDS[next(WORDS.length)] ?? '').join(' ');
  doc.transact(() => {
    if (metaOf(doc).size === 0) {
      createDocument(doc, {
        kind,
        title: words,
        createdBy: 'ana',
        createdAt: 1_000,
        parent: kind === 'card' ? 'b1' : null,
      });
      if (kind === 'board') beginBoard(doc);
    }
    if (kind === 'thread') {
      const post = new Y.Map<unknown>();
      const versions = new Y.Map<unknown>([['v', { text: words, at: 1_000 + step, number: 1 }]]);
      doc.getMap('posts').set(`post${step}`, post);
      post.set('author', step % 2 === 0 ? 'ana' : 'bo');
      post.set('at', 1_000 + step);
      post.set('versions', versions);
    } else if (kind === 'board') {
      const column = readBoard(doc).columns[0]?.id ?? '';
      const known = readBoard(doc).columns.flatMap(({ cards }) => cards);
      if (!doc.getMap('cards').has('c1'))
        addCard(doc, { id: 'c1', title: words, column, createdBy: 'ana', createdAt: 1_000 });
      else if (next(8) === 0) removeCard(doc, 'c1', { by: 'ana', at: 1_000 + step });
      else if (next(2) === 0)
        addCard(doc, { id: `k${step}`, title: words, column, createdBy: 'bo', createdAt: 1_000 + step });
      else if (known.length > 0) renameCard(doc, known[next(known.length)]?.id ?? 'c1', words);
    } else if (next(10) === 0) metaOf(doc).set('archivedAt', next(2) === 0 ? 1_000 + step : null);
    else if (next(16) === 0 && id === 'p2') leaveSpace(doc, 's', 'elsewhere');
    else if (next(3) === 0) rewriteTitle(doc, words);
    else if (next(4) < 2 && bodyOf(doc).length > 3) bodyOf(doc).delete(1, 2);
    else {
      const link = { type: 'page', page: 'p1' } as const;
      const text = { type: 'text', text: words, marks: {} } as const;
      appendBlocks(bodyOf(doc), [
        { type: 'text', kind: 'paragraph', id: `b${step}`, content: [text, ...(next(4) === 0 ? [link] : [])] },
      ]);
    }
  });
}
