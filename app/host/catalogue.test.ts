import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { AppError } from '../../shared/base/app-error.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import { archiveDocument, createDocument, renameDocument } from '../../shared/model/document/commands.ts';
import { metaOf } from '../../shared/model/document/roots.ts';
import type { CatalogueChange } from './catalogue-index.ts';
import { Catalogue } from './catalogue.ts';
import { HubDocuments } from './hub-documents.ts';
import { LocalAccess } from '../../tests/support/local-access.ts';

const PRINCIPAL = { device: 'd', member: null };
let medium: MemoryMedium;
let clock: FakeClock;
let store: MemoryDocStore;
let hub: Hub;
let documents: HubDocuments;
let catalogue: Catalogue;

async function open(): Promise<void> {
  store = new MemoryDocStore(medium);
  const access = new LocalAccess();
  access.admit('w');
  hub = new Hub({ store, access, clock, logger: silentLogger });
  documents = new HubDocuments(hub, store, PRINCIPAL);
  catalogue = await Catalogue.open({
    values: store.values,
    documents,
    source: hub,
    principal: PRINCIPAL,
    clock,
    logger: silentLogger,
  });
}
async function close(): Promise<void> {
  await catalogue.close();
  await hub.close();
  await store.close();
}

beforeEach(async () => {
  medium = new MemoryMedium();
  clock = new FakeClock();
  await open();
});
afterEach(close);

function page(id: string, title: string, parent: string | null = null, space = 's'): Promise<void> {
  return documents.edit(`w/${space}/${id}`, (doc) =>
    createDocument(doc, { kind: 'page', title, createdBy: 'm', createdAt: 1, parent, order: 'a0' }),
  );
}

describe('the catalogue', () => {
  it('hears of a change by itself, reads the room once for many keys, and tells what is different', async () => {
    const heard: CatalogueChange[] = [];
    catalogue.onChange((change) => heard.push(change));
    await page('p', 'Plan');
    await catalogue.settled();
    expect(catalogue.entry('w', 'p')).toMatchObject({ id: 'p', room: 'w/s/p', title: 'Plan', archived: false });
    clock.advance(10_000);
    for (const title of ['Plan f', 'Plan fo', 'Plan for', 'Plan for May']) {
      await documents.edit('w/s/p', (doc) => renameDocument(doc, title));
    }
    await catalogue.settled();
    expect(heard.flatMap((change) => change.changed.map((entry) => entry.title))).toEqual(['Plan', 'Plan for May']);
  });

  it('waits a moment after a change, so that typing does not read the page for each key', async () => {
    await page('p', 'Plan');
    expect(catalogue.entry('w', 'p')).toBeNull();
    expect(clock.pending).toBeGreaterThan(0);
    clock.advance(200);
    await catalogue.settled();
    expect(catalogue.entry('w', 'p')).not.toBeNull();
  });

  it('is there after a restart without reading a document, and finds what changed just before a crash', async () => {
    await page('p', 'Plan');
    await catalogue.settled();
    await page('q', 'Late');
    await close();
    await open();
    expect(catalogue.entry('w', 'p')).toMatchObject({ title: 'Plan' });
    expect(catalogue.entry('w', 'q')).toBeNull();
    await catalogue.watch('w');
    await catalogue.settled();
    expect(catalogue.entry('w', 'q')).toMatchObject({ title: 'Late' });
  });

  it('rows of another version are thrown away and read again', async () => {
    await page('p', 'Plan');
    await catalogue.settled();
    await store.values.write([{ area: 'catalogue', key: 'version', value: new TextEncoder().encode('0') }]);
    await store.values.write([{ area: 'catalogue', key: 'row:w/s/gone', value: new TextEncoder().encode('{}') }]);
    await close();
    await open();
    expect(catalogue.list('w')).toEqual([]);
    await catalogue.watch('w');
    await catalogue.settled();
    expect(catalogue.list('w')).toMatchObject([{ id: 'p', title: 'Plan' }]);
  });

  it('shows a parent only when it is known in the same space, and tells the children when it comes', async () => {
    await page('child', 'Child', 'parent');
    await page('stranger', 'Stranger', 'parent', 'other');
    await catalogue.settled();
    expect(catalogue.entry('w', 'child')).toMatchObject({ parent: null });
    const heard: string[] = [];
    catalogue.onChange((change) => heard.push(...change.changed.map((entry) => entry.id)));
    await page('parent', 'Parent');
    await catalogue.settled();
    expect(heard.sort()).toEqual(['child', 'parent', 'stranger']);
    expect(catalogue.entry('w', 'child')).toMatchObject({ parent: 'parent' });
    expect(catalogue.entry('w', 'stranger')).toMatchObject({ parent: null });
  });

  it('hostile documents break nothing: unknown kinds, junk in meta, bytes that are no page', async () => {
    await page('good', 'Good');
    await documents.edit('w/s/newer', (doc) => metaOf(doc).set('kind', 'hologram'));
    await documents.edit('w/s/junk', (doc) => {
      metaOf(doc).set('kind', 'page');
      metaOf(doc).set('order', { not: 'a key' });
      metaOf(doc).set('parent', new Y.Map());
      metaOf(doc).set('createdAt', 'yesterday');
      doc.getText('title').insertEmbed(0, { a: 1 });
    });
    await documents.edit('w/s/list', (doc) => doc.getArray('meta').push([1, 2, 3]));
    await catalogue.settled();
    expect(
      catalogue
        .list('w')
        .map((entry) => entry.id)
        .sort(),
    ).toEqual(['good', 'junk']);
    expect(catalogue.entry('w', 'junk')).toMatchObject({ title: '', parent: null, order: '', createdAt: 0 });
  });

  it('a disk that is full keeps the rows right in memory, and they are written when there is room again', async () => {
    await page('p', 'Plan');
    await catalogue.settled();
    await documents.edit('w/s/p', (doc) => archiveDocument(doc, 5));
    store.failWith(new AppError('disk-full', 'The disk is full.'));
    clock.advance(200);
    await catalogue.refresh('w/s/p');
    expect(catalogue.entry('w', 'p')).toMatchObject({ archived: true });
    await catalogue.settled();
    store.failWith(null);
    clock.advance(20_000);
    await catalogue.settled();
    await close();
    await open();
    expect(catalogue.entry('w', 'p')).toMatchObject({ archived: true });
  });

  it('close() leaves no timer', async () => {
    await page('p', 'Plan');
    await close();
    expect(clock.pending).toBe(0);
    await open();
  });
});
