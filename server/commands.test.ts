// What the commands print, and their exit codes, with surroundings of the test's own; processes are in tests/interop.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LevelDocStore } from '../shared/node/level-doc-store.ts';
import { temporaryFolder } from '../tests/support/temp-folder.ts';
import { runCommand, type CommandSurroundings } from './commands.ts';

function surroundings(): CommandSurroundings & { readonly said: string[]; readonly complaints: string[] } {
  const [said, complaints]: [string[], string[]] = [[], []];
  return {
    said,
    complaints,
    environment: { CARAVAN_RELAY_LOG_LEVEL: 'error' },
    pid: 1,
    print: (line) => void said.push(line),
    complain: (line) => void complaints.push(line),
    stopRequested: () => Promise.resolve(),
  };
}

// A relay that was told to stop the moment it had said that it listens died of the signal: its handlers were set up after
// the line was out. Found by a test whose SIGTERM came that quickly.
test('[RE4] signals are heard before the relay says that it listens', async () => {
  const around = surroundings();
  const order: string[] = [];
  const code = await runCommand(['serve', '--data', await temporaryFolder(), '--port', '0', '--open'], {
    ...around,
    print: () => void order.push('listening'),
    stopRequested: () => {
      order.push('signals');
      return Promise.resolve();
    },
  });
  expect([code, order]).toEqual([0, ['signals', 'listening']]);
});

test('[RE52] `key` prints the registration key that the first start made and told, and makes it where none is', async () => {
  const data = await temporaryFolder();
  const first = surroundings();
  expect(await runCommand(['serve', '--data', data, '--port', '0'], first)).toBe(0);
  const key = /: (\S{43})$/.exec(first.complaints[0] ?? '')?.[1];
  const asked = surroundings();
  expect(await runCommand(['key', '--data', data], asked)).toBe(0);
  expect(asked.said).toEqual([key]);
  const again = surroundings();
  expect(await runCommand(['serve', '--data', data, '--port', '0'], again)).toBe(0);
  expect(again.complaints).toEqual([]);
  const open = { ...surroundings(), environment: { CARAVAN_RELAY_REGISTRATION: 'open' } };
  expect(await runCommand(['key', '--data', data, '--json'], open)).toBe(0);
  expect(open.said).toEqual(['{"registration":"open","key":null}']);
  writeFileSync(join(data, 'registration-key'), 'not a key');
  const damaged = surroundings();
  expect(await runCommand(['serve', '--data', data, '--port', '0'], damaged)).toBe(1);
  expect(damaged.complaints[0]).toContain('registration-key');
});

test('[UP2] verify says in sentences what is wrong, and how to mend it', async () => {
  const data = await temporaryFolder();
  const store = await LevelDocStore.open({ directory: join(data, 'store') });
  await store.append('ws/space/page', new Uint8Array([0, 0]));
  await store.close();
  const sound = surroundings();
  expect(await runCommand(['verify', '--data', data], sound)).toBe(0);
  expect(sound.said).toEqual([
    '1 workspace, 1 space, 1 room; 1 kB of documents, 1 change.',
    'History: 0 editing sessions in 0 kB.',
    expect.stringMatching(/^Hub \S+, epoch \S+, format 1\.$/),
    'All is well: every row was read and holds.',
  ]);
  writeFileSync(join(data, 'store', 'format.json'), '{');
  const damaged = surroundings();
  expect(await runCommand(['verify', '--data', data], damaged)).toBe(1);
  expect(damaged.said.slice(3)).toEqual([
    'Damaged: 1 problem.',
    '  The file format.json cannot be read.',
    `Nothing was changed. To mend it: caravan-relay repair --data ${data}`,
  ]);
  const mended = surroundings();
  expect(await runCommand(['repair', '--data', data], mended)).toBe(0);
  expect(mended.said[0]).toBe('Repaired. 1 room can be read; 0 rooms lost something.');
  expect(mended.said).toContainEqual(expect.stringContaining('store-before-repair-'));
});
