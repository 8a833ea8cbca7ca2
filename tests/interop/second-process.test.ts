// A second program on a data folder that one has already: it becomes a client of the first and says so, or says why it cannot.
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { listing } from '../support/folder-listing.ts';
import { caravan, killLeftovers, openHost } from '../support/host-process.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

afterAll(killLeftovers);

test('[X10] a second start says that one runs already, and where; its address opens a window of the first', async () => {
  const data = join(await temporaryFolder(), 'data');
  await caravan('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', data);
  const first = await openHost(data);
  const second = await caravan('open', '--shell', 'none', '--data', data);
  expect(second.code).toBe(0);
  expect(second.err).toContain(
    `Caravan runs on this folder already (process ${String(first.pid)}), without windows of its own.`,
  );
  expect(new URL(second.out.trim()).port).toBe(String(first.port));
  const elsewhere = await caravan('open', '--shell', 'none', '--port', '1025', '--data', data);
  expect([elsewhere.code, elsewhere.err.trim()]).toEqual([
    1,
    `Caravan runs on this folder already, on port ${String(first.port)}. Nothing was changed. Leave --port out, or end it first.`,
  ]);
  expect(await first.end('SIGTERM')).toBe(0);
});

test.skipIf(process.platform === 'win32')(
  '[X10] a program that has the folder and does not answer: said with what to do, and nothing is written',
  { timeout: 120_000 },
  async () => {
    const data = join(await temporaryFolder(), 'data');
    await caravan('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', data);
    const first = await openHost(data);
    first.child.kill('SIGSTOP');
    onTestFinished(() => void first.child.kill('SIGKILL'));
    // LevelDB begins its diary (LOG) before it asks for the lock; nothing of what is stored is in it.
    const stored = (name: string): boolean => !/^store(\/db(\/LOG(\.old)?)?)?$/.test(name);
    const before = listing(data, stored);
    const second = await caravan('status', '--data', data);
    expect([second.code, second.out, second.err.trim()]).toEqual([
      1,
      '',
      `Another program is using ${data} and does not answer. Nothing was changed. Wait until it ends, or end it, then try again.`,
    ]);
    expect(listing(data, stored)).toEqual(before);
    first.child.kill('SIGCONT');
    expect(await caravan('status', '--data', data)).toMatchObject({ code: 0 });
    expect(await first.end('SIGTERM')).toBe(0);
  },
);
