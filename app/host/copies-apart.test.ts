// A data folder and its copy, or what was restored of it: both type in one page while offline and nothing diverges (ID1 to ID3 of docs/recovery.md, X14). Real stores, a real relay.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { startRelay, type Relay } from '../../server/relay.ts';
import { readSettings } from '../../server/settings.ts';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import { decodeRoomFrame, encodeStep1, encodeStep2, encodeUpdate } from '../../shared/protocol/room-frames.ts';
import { hashOf, storedDocument } from '../../tests/fuzz/stored-state.ts';
import { HostBench, until } from '../../tests/support/host.ts';
import { Pipe } from '../../tests/support/pipe.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { dataFolderAt } from './data-folder.ts';
import { restoreHost } from './host-backup.ts';
import type { Host } from './host.ts';

let bench: HostBench;
let relay: Relay;
beforeEach(async () => {
  bench = new HostBench();
  const data = await temporaryFolder();
  relay = await startRelay(readSettings({ flags: { data, open: true, port: 0 }, environment: {} }));
});
afterEach(async () => {
  await bench.dispose();
  await relay.close();
});

/** A page in somebody's window. What it types is acknowledged when it is durable; it may outlive the host that it is connected to. */
class Window {
  readonly doc = new Y.Doc();
  #pipe = new Pipe();
  #sent = 0;
  #acked = 0;

  constructor(host: Host, room: string) {
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#send(encodeUpdate(update));
    });
    this.connect(host, room);
  }

  connect(host: Host, room: string): void {
    const pipe = new Pipe();
    [this.#pipe, this.#sent, this.#acked] = [pipe, 0, 0];
    pipe.a.onMessage((message) => {
      const frame = decodeRoomFrame(message);
      if (frame?.kind === 'step1') this.#send(encodeStep2(Y.encodeStateAsUpdate(this.doc, frame.stateVector)));
      if (frame?.kind === 'step2' || frame?.kind === 'update') Y.applyUpdate(this.doc, frame.update, this);
      if (frame?.kind === 'ack') this.#acked = frame.count;
    });
    host.serveRoom(room, true, pipe.b);
    pipe.a.send(encodeStep1(Y.encodeStateVector(this.doc)));
  }

  get text(): string {
    return this.doc.getText('body').toString();
  }

  /** Whether all of it is durable at its host. */
  get isSaved(): boolean {
    return this.#sent > 0 && this.#acked === this.#sent;
  }

  type(word: string, at = this.text.length): void {
    this.doc.getText('body').insert(at, word);
  }

  remove(word: string): void {
    this.doc.getText('body').delete(this.text.indexOf(word), word.length);
  }

  #send(message: Uint8Array): void {
    this.#sent += 1;
    this.#pipe.a.send(message);
  }
}

/** What a hub or store holds of a room: its words, its state vector, and a hash of all of it, deletions too. */
function held(doc: Y.Doc) {
  const words = doc.getText('body').toString().split(' ').filter(Boolean);
  const clocks = Object.fromEntries([...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b));
  return { words, clocks, hash: hashOf(doc) };
}

async function stored(host: Host, room: string): Promise<Y.Doc> {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new RoomBytes(await host.parts.store.load(room)).whole());
  return doc;
}

async function copied(first: Host): Promise<string> {
  const folder = await bench.folder();
  await bench.stop(first);
  cpSync(first.folder.root, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

async function restored(first: Host): Promise<string> {
  const backup = join(await bench.folder(), 'backup');
  await first.call('backup', { directory: backup });
  await bench.stop(first);
  const folder = join(await bench.folder(), 'restored');
  await restoreHost(dataFolderAt(folder), backup, new Date());
  return folder;
}

test.each([
  ['copied', copied],
  ['restored from a backup', restored],
])(
  '[ID1] [ID2] [ID3] [X14] a folder that was %s: both type in one page while offline, and both and the relay hold every word, the same',
  async (_how, second) => {
    const data = await bench.folder();
    const first = await bench.start(data);
    const { id: workspace } = await first.call('workspace.create', { title: 'Perigee', name: 'Ana' });
    const [space] = await first.call('space.list', { workspace });
    const place = { workspace, space: space!.id, parent: null } as const;
    const { room } = await first.call('doc.create', { ...place, kind: 'page', title: 'Antenna' });
    await first.call('relay.attach', { workspace, url: relay.url });
    await first.call('sync.wait', { workspace, timeout: 20_000 });
    await bench.stop(first);

    // This window stays open over all that follows: its client id goes on in the first folder, and the other one knows it as its own.
    const offline = await bench.start(data, { links: false });
    const staying = new Window(offline, room);
    staying.type('gone kept ');
    await until('it is saved', () => staying.isSaved);
    const folder = await second(offline);
    const [a, b] = [await bench.start(data, { links: false }), await bench.start(folder, { links: false })];
    staying.connect(a, room);
    const other = new Window(b, room);
    await until('the other one has what was there', () => other.text === 'gone kept ');
    for (let at = 0; at < 10; at += 1) {
      staying.type(`a${at} `);
      other.type(`b${at} `);
      staying.type(`A${at} `, 0);
      other.type(`B${at} `, 0);
    }
    staying.remove('gone ');
    other.remove('b3 ');
    await until('both are saved', () => staying.isSaved && other.isSaved);
    for (const host of [a, b]) await bench.stop(host);

    const both = [await bench.start(data), await bench.start(folder)];
    expect(new Set(both.map(({ parts }) => parts.levelStore.hub)).size).toBe(2);
    const [, told] = await Promise.all(both.map((host) => host.call('hello', {})));
    expect(told!.notices.join()).toContain('It goes on as a computer of its own');
    for (const host of both) {
      expect(await host.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
    }
    const everywhere = async () => [
      held(await storedDocument(relay.hub, room)),
      ...(await Promise.all(both.map(async (host) => held(await stored(host, room))))),
    ];
    const typed = Array.from({ length: 10 }, (_, at) => [`a${at}`, `A${at}`, `b${at}`, `B${at}`]).flat();
    const expected = ['kept', ...typed.filter((word) => word !== 'b3')].sort();
    await until('the relay and both stores hold the same, every word once', async () => {
      const all = await everywhere();
      const whole = isDeepStrictEqual([...all[0]!.words].sort(), expected);
      return whole && all.every((one) => isDeepStrictEqual(one, all[0]));
    });
    const [{ clocks } = { clocks: {} }] = await everywhere();
    const wrote = [staying, other].map(({ doc }) => String(doc.clientID));
    expect(Object.keys(clocks)).toEqual(expect.arrayContaining(wrote));
    // Nobody took the other one's words for a forgery of their own.
    for (const host of both) expect(await host.call('aside.list', { workspace })).toEqual([]);
  },
);
