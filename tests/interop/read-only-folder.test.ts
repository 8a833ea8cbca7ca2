// Data folders that cannot be written, by a mount that binds root too: each command says so, and not one byte or time changes.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { listing } from '../support/folder-listing.ts';
import { caravan } from '../support/host-process.ts';
import { makeReadOnly, NO_MOUNT } from '../support/mounted-disk.ts';
import { bundleRelay, runRelayToEnd, startRelayProcess, type RelayBundle } from '../support/relay-process.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

function readOnly(folder: string): void {
  const writable = makeReadOnly(folder);
  onTestFinished(writable);
}

const WORDS = (folder: string): string =>
  `${folder} cannot be written: the disk is read-only, or this user has no right there. Everything stored is kept and nothing was changed. Make it writable and start again, or choose another folder with --data.`;

test.skipIf(NO_MOUNT)(
  `[X10] the command line on a read-only folder says what happened, what is kept and what to do, and writes nothing${NO_MOUNT}`,
  { timeout: 180_000 },
  async () => {
    const folder = await temporaryFolder();
    const data = join(folder, 'data');
    await caravan('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', data);
    const before = listing(folder);
    readOnly(folder);
    for (const command of ['open --shell none', 'status', 'doc list', 'space create Field', 'doctor']) {
      const ran = await caravan(...command.split(' '), '--data', data);
      expect([command, ran.code, ran.out, ran.err.trim()]).toEqual([command, 1, '', WORDS(join(data, 'store'))]);
    }
    const elsewhere = await caravan('init', '--name', 'Ana', '--workspace', 'Q', '--data', join(folder, 'new'));
    expect([elsewhere.code, elsewhere.err.trim()]).toEqual([
      1,
      `The data folder ${join(folder, 'new')} cannot be made. The disk is read-only. Nothing was changed; choose another folder with --data.`,
    ]);
    expect(listing(folder)).toEqual(before);
  },
);

test.skipIf(NO_MOUNT)(
  `[RE3] a relay on a read-only folder ends with 1 and the reason, and writes nothing${NO_MOUNT}`,
  { timeout: 120_000 },
  async () => {
    const folder = await temporaryFolder();
    const args = ['--data', join(folder, 'relay'), '--port', '0', '--open'];
    expect(await (await startRelayProcess(bundle, args)).end('SIGTERM')).toBe(0);
    const before = listing(folder);
    readOnly(folder);
    const ran = await runRelayToEnd(bundle, args);
    expect([ran.code, ran.log]).toEqual([1, expect.stringContaining('Make it writable and start again')]);
    expect(listing(folder)).toEqual(before);
  },
);
