// A relay that is killed while it merges rooms, at random moments: no document's content changes by it, and nothing that was acknowledged is lost.
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bundleProgram } from '../../build/scripts/bundle-program.js';
import { inProject } from '../../build/scripts/project.js';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { verifyStore } from '../../shared/node/store-verify.ts';
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { TypingClient } from '../support/typing-client.ts';

const KILLS = process.env['CARAVAN_LONG'] === '1' ? 150 : 6;
const ROOMS = Array.from({ length: 4 }, (_, at) => `team/space/page${at}`);
/** Words that stay in a page; older ones are deleted, so that merging has something to collect. */
const STAYING = 30;

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caravan-test-'));
  // What is not bundled in is found there.
  await symlink(inProject('node_modules'), join(folder, 'node_modules'), 'junction');
  const made = {
    name: 'merging relay',
    entry: 'tests/support/merging-relay.ts',
    output: 'relay.js',
    format: 'es',
  } as const;
  await bundleProgram(made, folder, []);
  // Modules of no package.json are not taken for ES modules.
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  program = join(folder, 'relay.js');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** One writer's page: what stood in it after each edit. */
class Page {
  readonly room: string;
  /** Index 0: before any edit of this round. */
  #texts: string[] = [''];
  #client: TypingClient | null = null;
  #words = 0;

  constructor(room: string) {
    this.room = room;
  }

  async open(relay: RelayProcess): Promise<void> {
    this.#client = new TypingClient({ url: `${relay.url}/${this.room}` });
    await this.#client.synced;
    this.#texts = [this.#client.text];
  }

  /** Appends a word and takes away what is too old, in one update. */
  edit(): void {
    const client = this.#client!;
    const word = `w${this.#words} `;
    this.#words += 1;
    client.edit(word, (body) => {
      body.insert(body.length, word);
      const tooMany = client.text.split(' ').length - 1 - STAYING;
      if (tooMany > 0) body.delete(0, client.text.split(' ').slice(0, tooMany).join(' ').length + 1);
    });
    this.#texts.push(client.text);
  }

  get acknowledged(): number {
    return this.#client!.durable.length;
  }

  close(): void {
    this.#client?.close();
  }

  /** What may stand in the page now: as it was after the last acknowledged edit, or after a later one. */
  get possible(): readonly string[] {
    return this.#texts.slice(this.acknowledged);
  }
}

interface Stored {
  readonly text: string;
  readonly isMerged: boolean;
}

async function storedIn(data: string): Promise<ReadonlyMap<string, Stored>> {
  const store = await LevelDocStore.open({ directory: join(data, 'store') });
  try {
    const found = new Map<string, Stored>();
    for (const room of ROOMS) {
      const stored = await store.load(room);
      const doc = new Y.Doc();
      Y.applyUpdate(doc, new RoomBytes(stored).whole());
      expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null]);
      found.set(room, { text: doc.getText('body').toString(), isMerged: stored !== null && stored.state !== null });
    }
    return found;
  } finally {
    await store.close();
  }
}

test(
  `[HU8] [RO3] [X7] kill -9 while rooms are merged, ${KILLS} times: their content stays, and with it all that was acknowledged`,
  { timeout: KILLS * 30_000 },
  async () => {
    const data = await temporaryFolder();
    const pages = ROOMS.map((room) => new Page(room));
    let merged = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const relay = await startRelayProcess({ program, dispose: () => undefined }, [data]);
      await Promise.all(pages.map((page) => page.open(relay)));
      // Each third one while it merges what is left at an orderly end.
      const ending = round % 3 === 2;
      const wanted = 5 + Math.floor(Math.random() * 60);
      while (pages.some((page) => page.acknowledged < wanted)) {
        for (const page of pages) page.edit();
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (ending) {
        relay.child.kill('SIGTERM');
        for (let turns = Math.random() * 2_000; turns > 0; turns -= 1)
          await new Promise((resolve) => setImmediate(resolve));
      }
      const end = await relay.end('SIGKILL');
      expect(ending ? ['SIGKILL', 0] : ['SIGKILL']).toContain(end);
      for (const page of pages) page.close();
      expect((await verifyStore(join(data, 'store'))).problems).toEqual([]);
      const stored = await storedIn(data);
      for (const page of pages) expect(page.possible).toContain(stored.get(page.room)?.text);
      merged += [...stored.values()].filter(({ isMerged }) => isMerged).length;
    }
    // Otherwise nothing was merged, and the test shows nothing.
    expect(merged).toBeGreaterThan(KILLS);
  },
);
