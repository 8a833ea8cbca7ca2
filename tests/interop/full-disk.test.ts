// Disks that are really full under a real relay, and under the command line: said in words, nothing lost, over by itself.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { caravan } from '../support/host-process.ts';
import { NO_MOUNT, smallDisk, type SmallDisk } from '../support/mounted-disk.ts';
import { bundleRelay, startRelayProcess, type RelayBundle, type RelayProcess } from '../support/relay-process.ts';
import { stockClient, synced, until } from '../support/stock-client.ts';

const ROOM = 'team/space/page';

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

function disk(megabytes: number): SmallDisk {
  const made = smallDisk(megabytes);
  onTestFinished(() => made.remove());
  return made;
}

async function health(
  relay: RelayProcess,
): Promise<{ readonly status: string; readonly code?: string; reason?: string }> {
  const answer = await fetch(`${relay.url.replace('ws:', 'http:')}/healthz`);
  const body = (await answer.json()) as { status: string; code?: string; reason?: string };
  expect(answer.status).toBe(body.status === 'ok' ? 200 : 503);
  return body;
}

/** Asks until the relay says it; each answer is awaited, so it does not ask faster than the relay answers. */
async function healthBecomes(relay: RelayProcess, status: string): Promise<void> {
  const end = Date.now() + 60_000;
  while ((await health(relay)).status !== status) {
    if (Date.now() > end) throw new Error(`healthz never said ${status}: ${relay.log}`);
  }
}

test.skipIf(NO_MOUNT)(
  `[RE30] [HU16] [GC3] a relay whose disk is full says so, keeps clients their words, and takes them when there is room${NO_MOUNT}`,
  { timeout: 180_000 },
  async () => {
    const small = disk(48);
    const args = ['--data', join(small.path, 'relay'), '--port', '0', '--open'];
    const relay = await startRelayProcess(bundle, args);
    const [ana, bo] = [stockClient(relay.url, ROOM), stockClient(relay.url, ROOM)];
    await Promise.all([synced(ana), synced(bo)]);
    ana.write('stored before. ');
    await until(() => bo.text === ana.text, 'Bo has what was stored');
    expect((await health(relay)).status).toBe('ok');

    small.fill();
    const unsaved = `typed while full ${'x'.repeat(9_000)}. `;
    ana.write(unsaved);
    await healthBecomes(relay, 'degraded');
    expect(await health(relay)).toMatchObject({
      code: 'disk-full',
      reason: 'The disk is full. Everything stored before is kept; free some space, and writing goes on by itself.',
    });
    // Nothing is told to anybody that is not stored; reading goes on, for newcomers too.
    const late = stockClient(relay.url, ROOM);
    await synced(late);
    expect([ana.text, bo.text, late.text]).toEqual([`stored before. ${unsaved}`, 'stored before. ', 'stored before. ']);

    small.free();
    await healthBecomes(relay, 'ok');
    await until(() => bo.text === ana.text && late.text === ana.text, 'everybody has what Ana typed while it was full');
    expect(ana.text).toBe(`stored before. ${unsaved}`);
    for (const client of [ana, bo, late]) client.destroy();
    await relay.end('SIGKILL');
    const again = await startRelayProcess(bundle, args);
    const fresh = stockClient(again.url, ROOM);
    await synced(fresh);
    expect(fresh.text).toBe(`stored before. ${unsaved}`);
    expect(await again.end('SIGTERM')).toBe(0);
  },
);

test.skipIf(NO_MOUNT)(
  `[X10] [RD1] commands on a full disk end with 1, which folder, what is kept and what to do, and those that read go on; with room all work${NO_MOUNT}`,
  { timeout: 180_000 },
  async () => {
    const small = disk(32);
    const data = join(small.path, 'data');
    expect((await caravan('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', data)).err).not.toMatch(/full/);
    small.fill();
    const meanwhile = ' What is in it can be read meanwhile: caravan doc list, doc show ID, search WORDS, export DIR';
    for (const [command, more] of [
      [['space', 'create', 'Field'], ''],
      [['open', '--shell', 'none'], meanwhile],
    ] as const) {
      const ran = await caravan(...command, '--data', data);
      expect(ran.code).toBe(1);
      expect(ran.err.trim()).toBe(
        `The disk with ${join(data, 'store')} is full, and to open it takes a few megabytes. Everything stored before is kept. Free some space and start again.${more}`,
      );
    }
    // Reading goes on, from a copy on another disk.
    const listed = await caravan('space', 'list', '--data', data);
    expect([listed.code, listed.err.trim()]).toEqual([
      0,
      `The disk with ${data} is full. It is read from a copy, which goes with this command. Nothing was changed, and nothing new can be stored until there is room again.`,
    ]);
    expect(listed.out).toContain('Everyone');
    small.free();
    expect(await caravan('space', 'create', 'Field', '--data', data)).toMatchObject({ code: 0 });
    expect((await caravan('space', 'list', '--data', data)).out).toContain('Field');
  },
);
