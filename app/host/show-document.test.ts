// A document as scripts read it: what it says comes from the document, not from what the catalogue made of it.
import { expect, it } from 'vitest';
import { FakeClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import type { DocEntry } from '../contract/entities.ts';
import { HubDocuments } from './hub-documents.ts';
import { LocalAccess } from './local-access.ts';
import { showDocument } from './show-document.ts';

// A title typed right before a quit was in the store, but the first answer after the start gave the older one, because
// the catalogue had not caught up yet.
it('[X7] shows the title that the document has, while the catalogue is still behind it', async () => {
  const store = new MemoryDocStore(new MemoryMedium());
  const access = new LocalAccess();
  access.admit('w');
  const hub = new Hub({ store, access, clock: new FakeClock(), logger: silentLogger });
  const documents = new HubDocuments(hub, { device: 'd', member: null });
  await documents.edit('w/s/page', (doc) => {
    doc.getText('title').insert(0, 'Dish alignment, typed to the end');
    appendBlocks(doc.getText('body'), [
      { type: 'text', kind: 'heading', level: 2, content: [{ type: 'text', text: 'Before', marks: {} }] },
    ]);
  });
  const entry: DocEntry = {
    id: 'page',
    room: 'w/s/page',
    kind: 'page',
    title: 'Dish alignment, ty',
    space: 's',
    parent: null,
    order: 'a0',
    archived: false,
    createdBy: null,
    createdAt: 1,
    changedAt: 1,
  };
  const shown = await showDocument(documents, entry);
  expect(shown).toMatchObject({ title: 'Dish alignment, typed to the end', kind: 'page' });
  expect(String(shown['content']).trim()).toBe('## Before');
  await hub.close();
  await store.close();
});
