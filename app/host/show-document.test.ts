// A document as scripts read it: what it says comes from the document, not from what the catalogue made of it.
import { expect, it } from 'vitest';
import type * as Y from 'yjs';
import { FakeClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import { addCard, archiveCard } from '../../shared/model/board/card-commands.ts';
import { addColumn } from '../../shared/model/board/column-commands.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addPost, react, removePost } from '../../shared/model/thread/commands.ts';
import type { DocEntry } from '../contract/entities.ts';
import { HubDocuments } from './hub-documents.ts';
import { LocalAccess } from '../../tests/support/local-access.ts';
import { showDocument } from './show-document.ts';

/** Writes a document, and shows it by an entry whose title is behind. */
async function shows(
  kind: DocEntry['kind'],
  write: (doc: Y.Doc) => void,
  check: (shown: Record<string, unknown>) => void,
): Promise<void> {
  const store = new MemoryDocStore(new MemoryMedium());
  const access = new LocalAccess();
  access.admit('w');
  const hub = new Hub({ store, access, clock: new FakeClock(), logger: silentLogger });
  const documents = new HubDocuments(hub, store, { device: 'd', member: null });
  await documents.edit('w/s/doc', write);
  check(
    await showDocument(documents, {
      id: 'doc',
      room: 'w/s/doc',
      kind,
      title: 'Dish alignment, ty',
      space: 's',
      parent: null,
      order: 'a0',
      archived: false,
      createdBy: null,
      createdAt: 1,
      changedAt: 1,
    }),
  );
  await hub.close();
  await store.close();
}

it('[BD1] shows a board’s columns and cards', async () => {
  await shows(
    'board',
    (doc) => {
      addColumn(doc, { id: 'todo', name: 'To do' });
      addCard(doc, { id: 'c1', title: 'Book the ferry', column: 'todo', createdBy: 'ana', createdAt: 3 });
      addCard(doc, { id: 'c2', title: 'Old', column: 'todo', createdBy: 'ana', createdAt: 3 });
      archiveCard(doc, 'c2', 9);
    },
    (shown) => {
      expect(shown).toMatchObject({
        kind: 'board',
        columns: [{ id: 'todo', name: 'To do', cards: [{ id: 'c1', title: 'Book the ferry' }] }],
        archived: [{ id: 'c2', archivedAt: 9 }],
        unsorted: [],
      });
    },
  );
});

it('[TH1] shows a thread’s posts, a removed one without its text', async () => {
  await shows(
    'thread',
    (doc) => {
      addPost(doc, { id: 'p1', author: 'ana', device: 'a', text: 'Shall we?', at: 5 });
      addPost(doc, { id: 'p2', author: 'bo', device: 'b', text: 'No, sorry', at: 6 });
      removePost(doc, 'p2', { at: 7, by: 'bo' });
      react(doc, { post: 'p1', member: 'bo', emoji: '👍' }, true);
    },
    (shown) => {
      expect(shown).toMatchObject({
        kind: 'thread',
        posts: [
          { id: 'p1', text: 'Shall we?', author: 'ana', reactions: [{ emoji: '👍', members: ['bo'] }] },
          { id: 'p2', text: '', after: ['p1'], removal: { kind: 'removed', by: 'bo' } },
        ],
      });
    },
  );
});

// A title typed right before a quit was in the store, but the first answer after the start gave the older one, because
// the catalogue had not caught up yet.
it('[X7] shows the title that the document has, while the catalogue is still behind it', async () => {
  await shows(
    'page',
    (doc) => {
      doc.getText('title').insert(0, 'Dish alignment, typed to the end');
      appendBlocks(doc.getText('body'), [
        { type: 'text', kind: 'heading', level: 2, content: [{ type: 'text', text: 'Before', marks: {} }] },
      ]);
    },
    (shown) => {
      expect(shown).toMatchObject({ title: 'Dish alignment, typed to the end', kind: 'page' });
      expect(String(shown['content']).trim()).toBe('## Before');
    },
  );
});
