// A workspace of thousands of pages in a member's data folder, the same at every run: written as stored bytes, not typed.
import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import { startHost } from '../../app/host/host.ts';
import { createDocument } from '../../shared/model/document/commands.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import type { NewBlock } from '../../shared/model/page/block.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import type { LongPage } from './long-page.ts';

export interface LargeWorkspace {
  readonly workspace: string;
  readonly space: string;
  readonly documents: number;
  /** Of the stored updates. */
  readonly bytes: number;
}

const WORDS = 'antenna array beam calibrate dish elevation feed gain horizon index joint kelvin lobe mast noise'.split(
  ' ',
);
/** Bodies repeat after so many pages; each page has its own title, id and place. */
const BODIES = 64;
const [SMALLEST, LARGEST] = [2_000, 20_000];
/** Of the pages, one in so many stands at the top of the tree; the others are spread below those. */
const BRANCHES = 50;
/** Pages under way at a time: they share group commits. */
const TOGETHER = 500;
const TITLE_AUTHOR = 7;
const BODY_AUTHOR = 1_000;

/** The id of the page of that number. */
export function largePageId(number: number): string {
  return createHash('sha256').update(`page ${number}`).digest('hex').slice(0, 32);
}

export function largePageTitle(number: number): string {
  return `Page ${String(number).padStart(5, '0')} ${wordAt(number)} ${wordAt(number * 7 + 3)}`;
}

interface Member {
  readonly workspace: string;
  readonly space: string;
  readonly member: string;
  readonly store: string;
}

async function newMember(data: string): Promise<Member> {
  const host = await startHost({ dataFolder: data, version: '0.0.0-made', links: false });
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Large', name: 'Ana' });
  const [first] = await host.call('space.list', { workspace });
  await host.close();
  if (!first) throw new Error('A new workspace has no space.');
  return { workspace, space: first.id, member, store: host.folder.store };
}

/** Makes a workspace in the empty data folder `data` with these pages alone, and gives what is known of them. */
export async function makeWorkspaceOf(
  data: string,
  pagesBy: (member: string) => readonly LongPage[],
): Promise<readonly LongPage[]> {
  const { workspace, space, member, store: directory } = await newMember(data);
  const pages = pagesBy(member);
  const store = await LevelDocStore.open({ directory });
  for (const [at, page] of pages.entries()) {
    await store.append(`${workspace}/${space}/${largePageId(at)}`, page.update);
  }
  await store.close();
  return pages;
}

/** The same with documents of any kind, under the ids that they have. Gives their rooms. */
export async function makeWorkspaceWith(
  data: string,
  documentsBy: (member: string) => readonly { readonly id: string; readonly update: Uint8Array }[],
): Promise<readonly string[]> {
  const { workspace, space, member, store: directory } = await newMember(data);
  const store = await LevelDocStore.open({ directory });
  const rooms: string[] = [];
  for (const { id, update } of documentsBy(member)) {
    rooms.push(`${workspace}/${space}/${id}`);
    await store.append(rooms.at(-1) ?? '', update);
  }
  await store.close();
  return rooms;
}

/** Makes a workspace in the empty data folder `data` and puts `count` pages into its first space. */
export async function makeLargeWorkspace(data: string, count: number): Promise<LargeWorkspace> {
  const { workspace, space, member, store: directory } = await newMember(data);
  const bodies = Array.from({ length: BODIES }, (_, number) => bodyUpdate(number));
  const store = await LevelDocStore.open({ directory });
  let bytes = 0;
  try {
    for (let from = 0; from < count; from += TOGETHER) {
      const numbers = Array.from({ length: Math.min(TOGETHER, count - from) }, (_, at) => from + at);
      await Promise.all(
        numbers.map((number) => {
          const update = pageUpdate(number, count, member, bodies[number % BODIES] ?? new Uint8Array());
          bytes += update.length;
          return store.append(`${workspace}/${space}/${largePageId(number)}`, update);
        }),
      );
    }
  } finally {
    await store.close();
  }
  return { workspace, space, documents: count, bytes };
}

function wordAt(at: number): string {
  return WORDS[at % WORDS.length] ?? '';
}

function pageUpdate(number: number, count: number, member: string, body: Uint8Array): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = TITLE_AUTHOR;
  const top = Math.max(1, Math.floor(count / BRANCHES));
  createDocument(doc, {
    kind: 'page',
    title: largePageTitle(number),
    createdBy: member,
    createdAt: 1_700_000_000_000 + number,
    parent: number < top ? null : largePageId(number % top),
    order: `a${number.toString(36).padStart(4, '0')}V`,
  });
  const update = Y.mergeUpdates([Y.encodeStateAsUpdate(doc), body]);
  doc.destroy();
  return update;
}

/** Sizes are spread evenly between the logarithms of the smallest and the largest. */
function bodyUpdate(number: number): Uint8Array {
  const wanted = SMALLEST * (LARGEST / SMALLEST) ** (number / (BODIES - 1));
  const doc = new Y.Doc();
  doc.clientID = BODY_AUTHOR + number;
  const blocks: NewBlock[] = [];
  for (let at = 0, size = 0; size < wanted; at += 1) {
    const text = Array.from({ length: 30 }, (_, word) => wordAt(number * 7 + at * 13 + word)).join(' ');
    blocks.push({
      type: 'text',
      id: `b${number}-${at}`,
      kind: at % 6 === 0 ? 'heading' : 'paragraph',
      content: [{ type: 'text', text, marks: {} }],
    });
    // A block's marker and ids weigh about as much as a short sentence.
    size += text.length + 80;
  }
  doc.transact(() => appendBlocks(bodyOf(doc), blocks));
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}
