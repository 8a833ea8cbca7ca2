// A purge on a real hub over a real LevelDB: the text leaves the rooms, the history, what was set aside, and the files themselves.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { faultyDatabase } from '../../tests/support/faulty-database.ts';
import { LogWriter, type Person } from '../../tests/support/log-writer.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { testSigner } from '../../tests/support/test-signer.ts';
import { FakeClock } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import { LevelDocStore } from '../node/level-doc-store.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { editRoom, readRoom } from './edit-room.ts';
import { History } from './history/history.ts';
import { Hub } from './hub.ts';
import { MembershipAccess } from './membership-access.ts';
import { PurgedRooms } from './purged-rooms.ts';

const SECRET = 'quicksilverorchard';

interface World {
  readonly log: LogWriter;
  readonly owner: Person;
  readonly workspace: string;
  readonly space: string;
  readonly directory: string;
  readonly faults: ReturnType<typeof faultyDatabase>['faults'];
  open(): Promise<Running>;
}

interface Running {
  readonly hub: Hub;
  readonly store: LevelDocStore;
  readonly access: MembershipAccess;
  readonly purged: PurgedRooms;
  write(document: string, text: string): Promise<void>;
  read(document: string): Promise<string>;
  close(): Promise<void>;
}

async function world(): Promise<World> {
  const log = new LogWriter();
  const owner = await log.create();
  const space = await log.space(owner);
  const workspace = await log.workspace();
  const directory = join(await temporaryFolder(), 'store');
  const { open, faults } = faultyDatabase();
  return {
    log,
    owner,
    workspace,
    space,
    directory,
    faults,
    async open() {
      const store = await LevelDocStore.open({ directory, openDatabase: open, spaceNeeded: 1024 });
      const clock = new FakeClock(log.at);
      const access = new MembershipAccess(clock);
      access.set(workspace, await log.membership());
      const retention = { days: 0, bytes: 0 };
      const history = new History({ store, signer: await testSigner(), clock, logger: silentLogger, retention });
      const hub = new Hub({ store, access, clock, logger: silentLogger, recorder: history.recorder });
      const purged = new PurgedRooms({ hub, store, history, logger: silentLogger });
      const me = { device: owner.key.id, member: owner.member };
      let closed = false;
      const close = async (): Promise<void> => {
        if (closed) return;
        closed = true;
        await purged.close();
        await hub.close();
        await history.close();
        access.dispose();
        await store.close();
      };
      onTestFinished(close);
      const room = (document: string): string => `${workspace}/${space}/${document}`;
      return {
        hub,
        store,
        access,
        purged,
        write: (document, text) => editRoom(hub, room(document), me, (doc) => doc.getText('body').insert(0, text)),
        read: (document) => readRoom(hub, room(document), me, (doc) => doc.getText('body').toString()),
        close,
      };
    },
  };
}

/** Whether a text stands anywhere in the files of a folder. */
async function isInFiles(folder: string, text: string): Promise<boolean> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    if ((await readFile(join(entry.parentPath, entry.name))).includes(text)) return true;
  }
  return false;
}

test('[PU1][PU3][CC4410] the text of a purged document is in no file any more, holders are told 4410, and nobody may bring it back', async () => {
  const { log, owner, workspace, space, directory, open } = await world();
  const { hub, store, access, purged, write, read } = await open();
  await write('kept', 'this stays');
  await write('gone', SECRET);
  const room = `${workspace}/${space}/gone`;
  expect(await isInFiles(directory, SECRET)).toBe(true);
  const opened = await hub.open(room, { device: owner.key.id, member: owner.member });
  if (opened.kind !== 'open') throw new Error('it opens');
  const told: number[] = [];
  opened.room.onGone(({ code }) => told.push(code));

  await log.add(owner.key, { verb: 'document.purge', space, document: 'gone' });
  const membership = await log.membership();
  await purged.keep(workspace, membership.purged);
  expect(told).toEqual([CLOSE.gone]);
  access.set(workspace, membership);

  expect(await store.load(room)).toBeNull();
  expect(await store.segments.ofRoom(room)).toEqual([]);
  expect(await isInFiles(directory, SECRET)).toBe(false);
  await expect(write('gone', 'again')).rejects.toMatchObject({ code: 'not-allowed' });
  expect(await read('kept')).toBe('this stays');
});

test('[PU3] what a full disk left is removed at the next start, and nothing of it is served meanwhile', async () => {
  const { log, owner, workspace, space, directory, faults, open } = await world();
  const first = await open();
  await first.write('gone', SECRET);
  await log.add(owner.key, { verb: 'document.purge', space, document: 'gone' });
  const membership = await log.membership();
  first.access.set(workspace, membership);
  faults.mode = 'full';
  await first.purged.keep(workspace, membership.purged);
  await expect(first.read('gone')).rejects.toMatchObject({ code: 'not-allowed' });
  faults.mode = 'none';
  await first.close();
  expect(await isInFiles(directory, SECRET)).toBe(true);

  const second = await open();
  await second.purged.keep(workspace, membership.purged);
  expect(await isInFiles(directory, SECRET)).toBe(false);
});
