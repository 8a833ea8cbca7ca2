// Data folders that cannot be written, by a mount that binds root too: each command says so, and not one byte or time changes.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { listing } from '../support/folder-listing.ts';
import { until as eventually } from '../support/host.ts';
import { caravan, caravanIn } from '../support/host-process.ts';
import { makeReadOnly, NO_MOUNT } from '../support/mounted-disk.ts';
import { bundleRelay, runRelayToEnd, startRelayProcess, type RelayBundle } from '../support/relay-process.ts';
import { stockClient, synced, until } from '../support/stock-client.ts';
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

/** One point, transparent. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const WORDS = (folder: string): string =>
  `${folder} cannot be written: the disk is read-only, or this user has no right there. Everything stored is kept and nothing was changed. Make it writable and start again, or choose another folder with --data.`;

const MEANWHILE = ' What is in it can be read meanwhile: caravan doc list, doc show ID, search WORDS, export DIR';

const READ = (folder: string): string =>
  `${folder} cannot be written: the disk is read-only, or this user has no right there. It is read from a copy, which goes with this command. Nothing was changed, and nothing new can be stored until it can be written.`;

test.skipIf(NO_MOUNT)(
  `[X10] commands that write, or open windows, on a read-only folder say what happened, what is kept and what to do, and write nothing${NO_MOUNT}`,
  { timeout: 180_000 },
  async () => {
    const folder = await temporaryFolder();
    const data = join(folder, 'data');
    await caravan('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', data);
    const before = listing(folder);
    readOnly(folder);
    for (const [command, more] of [
      ['open --shell none', MEANWHILE],
      ['space create Field', ''],
      ['doctor', ''],
      ['sync', ''],
    ] as const) {
      const ran = await caravan(...command.split(' '), '--data', data);
      expect([command, ran.code, ran.out, ran.err.trim()]).toEqual([command, 1, '', WORDS(join(data, 'store')) + more]);
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
  `[X10] [RD1] commands that only read go on at the start on a read-only folder: from a copy that is gone afterwards, and said${NO_MOUNT}`,
  { timeout: 180_000 },
  async () => {
    const folder = await temporaryFolder();
    const [data, notes] = [join(folder, 'data'), join(folder, 'notes')];
    mkdirSync(notes);
    writeFileSync(join(notes, 'Antenna.md'), 'Tune it to 437 MHz.\n\n![A horn](horn.png)\n');
    writeFileSync(join(notes, 'horn.png'), PICTURE);
    await caravan('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', data);
    expect(await caravan('import', 'markdown', notes, '--space', 'Field', '--data', data)).toMatchObject({ code: 0 });
    const before = listing(data);
    const [temporary, target] = [await temporaryFolder(), await temporaryFolder()];
    readOnly(data);
    const reading = async (...command: string[]): Promise<string> => {
      const ran = await caravanIn({ TMPDIR: temporary }, ...command, '--data', data);
      expect([command, ran.code, ran.err.trim()]).toEqual([command, 0, READ(data)]);
      expect(readdirSync(temporary)).toEqual([]);
      return ran.out;
    };
    const [page] = JSON.parse(await reading('doc', 'list', '--json')) as { id: string; title: string }[];
    expect(page?.title).toBe('Antenna');
    expect(await reading('doc', 'show', page!.id)).toContain('Tune it to 437 MHz.');
    expect(await reading('search', 'tune')).toContain('Antenna');
    const status = JSON.parse(await reading('status', '--json')) as { documents: number; storage: unknown };
    expect(status).toMatchObject({
      documents: 1,
      storage: { state: 'failing', code: 'read-only', message: READ(data) },
    });
    await reading('export', target);
    const written = readdirSync(target, { recursive: true, encoding: 'utf8' });
    const [text, picture] = [/Antenna\.md$/, /\.png$/].map((name) => written.find((file) => name.test(file))!);
    expect(readFileSync(join(target, text!), 'utf8')).toContain('Tune it to 437 MHz.');
    expect(readFileSync(join(target, picture!))).toEqual(PICTURE);
    expect(listing(data)).toEqual(before);
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

test.skipIf(NO_MOUNT)(
  `[RE30] [GC3] the folder of a relay that runs becomes read-only: it says so, keeps clients their words, and takes them once it is writable${NO_MOUNT}`,
  { timeout: 180_000 },
  async () => {
    const args = ['--data', join(await temporaryFolder(), 'relay'), '--port', '0', '--open'];
    const relay = await startRelayProcess(bundle, args);
    const [ana, bo] = [stockClient(relay.url, 'team/space/page'), stockClient(relay.url, 'team/space/page')];
    await Promise.all([synced(ana), synced(bo)]);
    ana.write('stored before. ');
    await until(() => bo.text === ana.text, 'Bo has what was stored');
    const health = async (): Promise<{ status: string; code?: string; reason?: string }> =>
      (await (await fetch(`${relay.url.replace('ws:', 'http:')}/healthz`)).json()) as { status: string };
    const healthBecomes = (status: string): Promise<void> =>
      eventually(`healthz says ${status}`, async () => (await health()).status === status, 60_000);

    const writable = makeReadOnly(join(args[1]!, 'store'));
    onTestFinished(writable);
    // What is open by name is written on until the database needs a new file.
    const elsewhere = stockClient(relay.url, 'team/space/elsewhere');
    await synced(elsewhere);
    for (let at = 0; at < 12; at += 1) elsewhere.write(randomBytes(300_000).toString('hex'));
    await healthBecomes('degraded');
    expect(await health()).toMatchObject({
      code: 'read-only',
      reason: expect.stringContaining('Everything stored before is kept') as string,
    });
    ana.write('typed while read-only. ');
    const late = stockClient(relay.url, 'team/space/page');
    await synced(late);
    expect([bo.text, late.text]).toEqual(['stored before. ', 'stored before. ']);

    writable();
    await healthBecomes('ok');
    await until(() => bo.text === ana.text && late.text === ana.text, 'everybody has what Ana typed meanwhile', 60_000);
    expect(ana.text).toBe('stored before. typed while read-only. ');
    for (const client of [ana, bo, late, elsewhere]) client.destroy();
    await relay.end('SIGKILL');
    const again = await startRelayProcess(bundle, args);
    const fresh = stockClient(again.url, 'team/space/page');
    await synced(fresh);
    expect(fresh.text).toBe('stored before. typed while read-only. ');
    expect(await again.end('SIGTERM')).toBe(0);
  },
);
