// Bundles on the command line: written, looked at, taken, and a reading that is killed half way and done again.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BundleLook, BundleTaken, BundleWritten } from '../../app/contract/bundles.ts';
import { BundleTeam } from '../support/bundle-team.ts';
import { HostBench } from '../support/host.ts';
import { caravan } from '../support/host-process.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../build/bin/caravan.js');
const PAGES = 60;

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function json<T>(...args: string[]): Promise<T> {
  const ran = await caravan(...args, '--json');
  expect([ran.err, ran.code]).toEqual([expect.anything(), 0]);
  return ran.json() as T;
}

/**
 * Preloaded into the program: it ends without a word by the line with which it says that it is in the second half of the way. A test that
 * reads the line and kills it comes too late where the machine has something else to do.
 */
const KILLED_HALF_WAY = `data:text/javascript,${encodeURIComponent(`
  const write = process.stderr.write;
  process.stderr.write = function (line, ...rest) {
    const [done, all] = String(line).split(' of ').map(Number);
    if (done > 0.55 * all) process.kill(process.pid, 'SIGKILL');
    return write.call(this, line, ...rest);
  };
`)}`;

function readAndKill(file: string, data: string): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--import', KILLED_HALF_WAY, PROGRAM, 'bundle', 'read', file, '--data', data],
      { stdio: 'ignore' },
    );
    child.once('close', (_code, signal) => resolve(signal));
  });
}

it(
  '[D8] [BU11] bundle write, bundle read --look, a reading killed half way, and the same again',
  { timeout: 60_000 },
  async () => {
    const bundles = await BundleTeam.make(bench);
    const { ana, space, workspace } = bundles.team;
    const bo = await bundles.team.join({ name: 'Bo' });
    for (let at = 0; at < PAGES; at += 1) await bundles.page(ana.host, `Page ${at}`);
    await bench.stop(ana.host);
    await bench.stop(bo.host);

    const file = bundles.place;
    const asBo = ['--data', bo.folder];
    const written = await json<BundleWritten>('bundle', 'write', file, '--data', ana.folder, '--for', bo.member);
    expect(written.people).toEqual([{ member: bo.member, name: '' }]);
    expect(written.documents).toBeGreaterThan(PAGES);
    const twice = await caravan('bundle', 'write', file, '--data', ana.folder, '--for', bo.member);
    expect([twice.code, twice.err]).toEqual([1, expect.stringMatching(/is there already\. Nothing was written/)]);

    const look = await json<BundleLook>('bundle', 'read', file, '--look', ...asBo);
    expect(look.documents.filter(({ state }) => state === 'new')).toHaveLength(PAGES);
    expect(look.spaces.map(({ id }) => id)).toEqual([space]);
    const shown = await caravan('bundle', 'read', file, '--look', ...asBo);
    expect(shown.out).toMatch(/Written by .*of "Perigee"[^]*page {2}Page 7: new here[^]*Nothing was changed/);

    expect(await readAndKill(file, bo.folder)).toBe('SIGKILL');
    const { taken } = await json<{ taken: BundleTaken }>('bundle', 'read', file, ...asBo);
    expect(taken.refused).toEqual([]);
    expect(taken.documents + taken.same).toBe(written.documents);
    expect(await json<unknown[]>('doc', 'list', ...asBo)).toHaveLength(PAGES);
    expect((await json<{ taken: BundleTaken }>('bundle', 'read', file, ...asBo)).taken).toMatchObject({ documents: 0 });

    const secret = path.join(bundles.places, 'secret');
    await writeFile(secret, 'four words and a half\n');
    const sealed = bundles.place;
    await json('bundle', 'write', sealed, '--data', bo.folder, '--space', space, '--passphrase-file', secret);
    const asked = await caravan('bundle', 'read', sealed, '--data', ana.folder);
    expect([asked.code, asked.err]).toEqual([1, expect.stringMatching(/sealed with a passphrase/)]);
    await json('bundle', 'read', sealed, '--data', ana.folder, '--passphrase-file', secret, '--workspace', workspace);
    expect((await caravan('bundle', 'write')).code).toBe(2);
  },
);
