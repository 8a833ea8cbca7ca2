// The links projection over real LevelDB: incremental, the same after a rebuild, the same on another computer.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../../shared/base/clock.ts';
import { utf8 } from '../../../shared/base/encoding.ts';
import { silentLogger } from '../../../shared/base/logger.ts';
import { Hub } from '../../../shared/hub/hub.ts';
import { createDocument } from '../../../shared/model/document/commands.ts';
import { bodyOf, metaOf } from '../../../shared/model/document/roots.ts';
import type { NewBlock, NewInline } from '../../../shared/model/page/block.ts';
import { appendBlocks } from '../../../shared/model/page/write.ts';
import { LevelDocStore } from '../../../shared/node/level-doc-store.ts';
import { LocalAccess } from '../../../tests/support/local-access.ts';
import { HubDocuments } from '../hub-documents.ts';
import { Links, type LinksChange } from './links.ts';

const PRINCIPAL = { device: 'd', member: null };
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

class Bench {
  readonly clock = new FakeClock();
  readonly heard: LinksChange[] = [];
  readonly read: string[] = [];
  store!: LevelDocStore;
  hub!: Hub;
  documents!: HubDocuments;
  links!: Links;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<Bench> {
    const folder = await mkdtemp(path.join(tmpdir(), 'caravan-links-'));
    endings.push(() => rm(folder, { recursive: true, force: true }));
    const bench = new Bench(folder);
    await bench.open();
    endings.push(() => bench.close());
    return bench;
  }

  async open(): Promise<void> {
    this.store = await LevelDocStore.open({ directory: path.join(this.#folder, 'store') });
    const access = new LocalAccess();
    access.admit('w');
    this.hub = new Hub({ store: this.store, access, clock: this.clock, logger: silentLogger });
    const load = (room: string) => {
      this.read.push(room);
      return this.store.load(room);
    };
    this.documents = new HubDocuments(this.hub, { load }, PRINCIPAL);
    const { values } = this.store;
    const { clock, documents, hub: source } = this;
    this.links = await Links.open({ values, documents, source, principal: PRINCIPAL, clock, logger: silentLogger });
    this.links.onChange((change) => this.heard.push(change));
    await this.links.watch('w');
  }

  async close(): Promise<void> {
    await this.links.close();
    await this.hub.close();
    await this.store.close();
  }

  async reopen(): Promise<void> {
    await this.close();
    await this.open();
  }

  async write(id: string, content: readonly NewInline[], block?: string): Promise<void> {
    const blocks: NewBlock[] = [{ type: 'text', kind: 'paragraph', content, ...(block ? { id: block } : {}) }];
    await this.documents.edit(`w/s/${id}`, (doc) => {
      createDocument(doc, { kind: 'page', title: id, createdBy: 'm', createdAt: 1 });
      appendBlocks(bodyOf(doc), blocks);
    });
  }

  async from(target: string): Promise<readonly string[]> {
    return [...(await this.links.to('w', target)).keys()].map((room) => room.slice(4)).sort();
  }

  /** Everything stored but how far spaces were read. */
  async rows(): Promise<readonly (readonly [string, string])[]> {
    const rows: (readonly [string, string])[] = [];
    for await (const [key, value] of this.store.values.entries('links')) {
      if (!key.startsWith('at:')) rows.push([key, Buffer.from(value).toString('base64')]);
    }
    return rows;
  }
}

const words = (text: string): NewInline => ({ type: 'text', text, marks: {} });
const to = (page: string): NewInline => ({ type: 'page', page });

it('[W21] [LK3] a link is known after it was written, gone after it was taken away, and both are told', async () => {
  const bench = await Bench.make();
  await bench.write('a', [words('See '), to('plan')]);
  await bench.write('b', [words('Ask '), { type: 'mention', member: 'ana' }]);
  await bench.links.settled();
  expect(await bench.from('plan')).toEqual(['a']);
  expect(await bench.from('@ana')).toEqual(['b']);
  expect([...bench.heard.flatMap(({ targets }) => [...targets])].sort()).toEqual(['@ana', 'plan']);
  await bench.documents.edit('w/s/a', (doc) => bodyOf(doc).delete(0, bodyOf(doc).length));
  bench.heard.length = 0;
  await bench.links.settled();
  expect(await bench.from('plan')).toEqual([]);
  expect([...(bench.heard[0]?.targets ?? [])]).toEqual(['plan']);
});

it('[LK3] a start reads nothing again; another version is thrown away and made again the same', async () => {
  const bench = await Bench.make();
  for (let at = 0; at < 20; at += 1)
    await bench.write(`p${at}`, [words(`Page ${at} of the plan `), to(`p${(at + 1) % 20}`)]);
  await bench.links.settled();
  const rows = await bench.rows();
  expect(rows.length).toBe(61);
  bench.read.length = 0;
  await bench.reopen();
  await bench.links.settled();
  expect(bench.read).toEqual([]);
  expect(await bench.from('p0')).toEqual(['p19']);
  await bench.store.values.write([{ area: 'links', key: 'version', value: utf8('0') }]);
  await bench.reopen();
  await bench.links.settled();
  expect(bench.read.length).toBe(20);
  expect(await bench.rows()).toEqual(rows);
});

it('[W21] [LK3] grown edit by edit on one computer and read at once on another, it is the same', async () => {
  const [one, other] = [await Bench.make(), await Bench.make()];
  for (let round = 0; round < 30; round += 1) {
    const id = `p${(round * 7) % 10}`;
    await one.write(id, [words(`会議 round ${round} `), to(`p${(round * 3) % 10}`), words(' end')]);
    if (round % 5 === 0) await one.links.settled();
    if (round % 9 === 4) await one.documents.edit(`w/s/${id}`, (doc) => bodyOf(doc).delete(0, 5));
    if (round === 17) await one.reopen();
  }
  await one.documents.edit('w/s/p3', (doc) => metaOf(doc).set('kind', 'profile'));
  await one.links.settled();
  for await (const room of one.store.rooms('w')) {
    const stored = await one.store.load(room);
    const updates = [...(stored?.state ? [stored.state.update] : []), ...(stored?.tail ?? [])];
    const opened = await other.hub.open(room, PRINCIPAL);
    if (opened.kind === 'refused') throw new Error(opened.reason);
    await opened.room.apply(Y.mergeUpdates(updates), {});
    opened.room.dispose();
  }
  await other.links.settled();
  expect((await other.rows()).length).toBeGreaterThan(20);
  expect(await other.rows()).toEqual(await one.rows());
});

it('[LK3] signatures know what was read since they were asked for, and a workspace that is forgotten leaves nothing', async () => {
  const bench = await Bench.make();
  await bench.write('a', [words('old words')]);
  await bench.links.settled();
  expect([...(await bench.links.signatures('w')).keys()]).toEqual(['w/s/a']);
  await bench.write('b', [words('new words')]);
  await bench.links.settled();
  expect([...(await bench.links.signatures('w')).keys()]).toEqual(['w/s/a', 'w/s/b']);
  await bench.links.forget('w');
  expect((await bench.rows()).map(([key]) => key)).toEqual(['version']);
});
