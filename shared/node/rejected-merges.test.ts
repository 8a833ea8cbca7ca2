// A merge of a room that was rejected and reached the disk all the same: what is stored and what a hub has in memory count its updates differently from then on.
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { faultyDatabase } from '../../tests/support/faulty-database.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { FakeClock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { readRoom } from '../hub/edit-room.ts';
import { Hub } from '../hub/hub.ts';
import type { HubLimits } from '../hub/hub-limits.ts';
import type { ApplyOutcome, RoomHandle } from '../link/room-source.ts';
import { LevelDocStore } from './level-doc-store.ts';

const ROOM = 'ws/space/page';
const NOBODY = { device: null, member: null };
const ACCESS = { allows: () => true, onChange: new Emitter<void>().event };
const BODY = (doc: Y.Doc): string => doc.getText('body').toJSON();

async function started(limits: Partial<HubLimits> = {}) {
  const directory = join(await temporaryFolder(), 'store');
  const { open, faults } = faultyDatabase();
  const store = await LevelDocStore.open({ directory, openDatabase: open, spaceNeeded: 1024 });
  const clock = new FakeClock();
  const events: string[] = [];
  const logger: Logger = { log: (_level, event) => void events.push(event), child: () => logger };
  const hub = new Hub({ store, access: ACCESS, clock, logger, limits });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await hub.close();
    await store.close();
  };
  onTestFinished(close);
  const opened = await hub.open(ROOM, NOBODY);
  if (opened.kind !== 'open') throw new Error(opened.reason);
  return { directory, store, hub, faults, clock, events, close, window: new Typist(opened.room) };
}

/** Types into a room, and counts what was said to be stored. */
class Typist {
  readonly doc = new Y.Doc();
  acknowledged = '';
  #sent: ApplyOutcome | Promise<ApplyOutcome> = { kind: 'unchanged' };

  constructor(room: RoomHandle) {
    this.doc.on('update', (update: Uint8Array) => {
      this.#sent = room.apply(update, this, 'socket');
    });
  }

  async type(words: string): Promise<void> {
    const text = this.doc.getText('body');
    text.insert(text.length, words);
    if ((await this.#sent).kind === 'stored') this.acknowledged += words;
  }
}

/** What the room holds after a restart. */
async function textAfterRestart(directory: string): Promise<string> {
  const store = await LevelDocStore.open({ directory, spaceNeeded: 1024 });
  const hub = new Hub({ store, access: ACCESS, clock: new FakeClock(), logger: silent });
  try {
    return await readRoom(hub, ROOM, NOBODY, BODY);
  } finally {
    await hub.close();
    await store.close();
  }
}

const silent: Logger = { log: () => undefined, child: () => silent };
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('[RO3] [GC4] words that come while a rejected merge is tried again are not deleted by it', async () => {
  // The merge of a pasted text was on the disk although its sync had failed, so the tail there was empty while the hub counted one
  // update in it. Tried again while a letter was being stored, it deleted the oldest update of the disk's tail: that letter.
  const { directory, faults, clock, events, window, close } = await started();
  await window.type('P'.repeat(300_000));
  faults.mode = 'unsynced';
  clock.advance(1_000);
  await expect.poll(() => events).toContain('compaction-failed');
  faults.mode = 'none';
  for (const letter of 'the words that came behind it') {
    let arrives = (): void => undefined;
    faults.gate = new Promise((resolve) => (arrives = resolve));
    const typed = window.type(letter);
    // The letter is on its way, and the merge is asked for before it is there.
    await turns(3);
    clock.advance(1_000);
    await turns(3);
    arrives();
    await typed;
  }
  await close();
  const words = 'the words that came behind it';
  expect(window.acknowledged).toHaveLength(300_000 + words.length);
  expect((await textAfterRestart(directory)).slice(300_000)).toBe(words);
});

test('[RO3] [GC4] a room whose merge was rejected and arrived is merged again', async () => {
  // The disk had fewer updates than the hub named: each later merge was called damage, and people were told to restore a backup.
  const { directory, store, hub, faults, clock, events, window, close } = await started({ tailEntries: 2 });
  for (const letter of 'abc') await window.type(letter);
  faults.mode = 'unsynced';
  clock.advance(1_000);
  await expect.poll(() => events).toContain('compaction-failed');
  faults.mode = 'none';
  for (const letter of 'def') await window.type(letter);
  clock.advance(1_000);
  await expect.poll(async () => (await store.load(ROOM))?.tail.length).toBe(0);
  expect(events.filter((event) => event === 'compaction-failed')).toHaveLength(1);
  expect(hub.storage.state).toBe('ok');
  await close();
  expect(await textAfterRestart(directory)).toBe('abcdef');
});

test('[RO3] a room in whose tail stands what its hub did not write is not merged but loaded anew', async () => {
  const { directory, store, clock, events, window, close } = await started({ tailEntries: 2 });
  await window.type('mine ');
  const other = new Y.Doc();
  other.getText('body').insert(0, 'somebody’s ');
  await store.append(ROOM, Y.encodeStateAsUpdate(other));
  for (const letter of 'abcdef') {
    await window.type(letter);
    clock.advance(1_000);
    await turns(5);
  }
  expect(events).not.toContain('compacted');
  await close();
  const text = await textAfterRestart(directory);
  expect(text).toContain('somebody’s ');
  expect(text).toContain(window.acknowledged.slice('mine '.length));
});
