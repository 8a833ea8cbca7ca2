// The README's quick start, run as it stands there, and what of access scripts do: each command a process of its own, against a closed relay process.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startOrRecover } from '../../app/host/recovering-host.ts';
import { registrationKey } from '../support/access-team.ts';
import { HostBench } from '../support/host.ts';
import { caravan } from '../support/host-process.ts';
import { LogWriter } from '../support/log-writer.ts';
import { bundleRelay, startRelayProcess, type RelayBundle } from '../support/relay-process.ts';
import { VaultDouble } from '../support/vault-double.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

let bundle: RelayBundle;
let bench: HostBench;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** Runs a command that must succeed; its JSON. */
async function json<T>(...args: string[]): Promise<T> {
  const ran = await caravan(...args, '--json');
  expect([args.join(' '), ran.code, ran.err]).toEqual([args.join(' '), 0, expect.anything()]);
  return ran.json() as T;
}

describe('access on the command line', { timeout: 120_000 }, () => {
  it('[X6] the quick start of the README makes a team of two', async () => {
    const folder = await bench.folder();
    const relay = await startRelayProcess(bundle, ['serve', '--data', path.join(folder, 'relay'), '--port', '0']);
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    const lines = readme.split('five commands make a team of two')[1]?.split('```')[1]?.split('\n').slice(1, 5) ?? [];
    expect(lines.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'npx caravan init',
      'npx caravan relay',
      'npx caravan invite',
      'npx caravan join',
    ]);
    for (const line of lines) {
      // As a reader types it, but for where the programs lie and the port.
      const command = line
        .replaceAll('npx caravan-relay', `"${process.execPath}" "${path.join(ROOT, 'build/bin/caravan-relay.js')}"`)
        .replaceAll('npx caravan', `"${process.execPath}" "${path.join(ROOT, 'build/bin/caravan.js')}"`)
        .replace('ws://127.0.0.1:4680', relay.url);
      await run('sh', ['-c', command], {
        cwd: folder,
        env: { ...process.env, CARAVAN_DATA: path.join(folder, 'ana') },
      });
    }
    expect(await json('workspace', 'list', '--data', path.join(folder, 'bo'))).toMatchObject([
      { title: 'Perigee', role: 'member', mine: 'member' },
    ]);
    // What others did is here once this computer was in step.
    await json('sync', '--wait', '--data', path.join(folder, 'ana'));
    expect(await json('member', 'list', '--data', path.join(folder, 'ana'))).toHaveLength(2);
  });

  it('a second computer waits with its code, hears that it was let in, and ends', async () => {
    const folder = await bench.folder();
    const [ana, laptop, relayFolder] = ['ana', 'laptop', 'relay'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    const relay = await startRelayProcess(bundle, ['serve', '--data', relayFolder, '--port', '0']);
    await json('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', ana);
    await json('relay', 'attach', relay.url, '--key', registrationKey(relayFolder), '--data', ana);
    const { link } = await json<{ link: string }>('device', 'link', '--data', ana);
    const args = [path.join(ROOT, 'build/bin/caravan.js'), 'join', link, '--name', 'Laptop', '--data', laptop];
    const waiting = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(waiting, 'exit');
    const lines = createInterface(waiting.stdout)[Symbol.asyncIterator]();
    const code = String((await lines.next()).value);
    expect(code).toMatch(/^caravan-device:/);
    await json('device', 'add', code, '--data', ana);
    expect(String((await lines.next()).value)).toContain('This computer is in');
    expect(await ended).toEqual([0, null]);
    expect(await json('workspace', 'list', '--data', laptop)).toMatchObject([{ role: 'owner', mine: 'member' }]);
  });

  it('invites, parts, the log and leaving are there for scripts', async () => {
    const folder = await bench.folder();
    const [ana, bo, relayFolder] = ['ana', 'bo', 'relay'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    const relay = await startRelayProcess(bundle, ['serve', '--data', relayFolder, '--port', '0']);
    await json('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', ana);
    await json('relay', 'attach', relay.url, '--key', registrationKey(relayFolder), '--data', ana);
    await json('space', 'create', 'Pilot', '--invited', '--data', ana);
    const made = await json<{ link: string; invite: { id: string } }>(
      ...['invite', '--role', 'guest', '--space', 'Pilot', '--expires', '12h', '--data', ana],
    );
    const spare = await json<{ invite: { id: string } }>('invite', '--data', ana);
    await json('invite', 'revoke', spare.invite.id, '--data', ana);
    await json('join', made.link, '--name', 'Bo', '--data', bo);
    expect(await json('space', 'list', '--data', bo)).toMatchObject([{ part: 'guest' }]);
    await json('sync', '--wait', '--data', ana);
    const states = (await json<{ state: string }[]>('invite', 'list', '--data', ana)).map((one) => one.state);
    expect(states.sort()).toEqual(['open', 'revoked', 'used']);
    for (const args of [
      ['leave', '--data', bo],
      ['invite', '--expires', 'soon', '--data', ana],
      ['member', 'remove', 'Nobody', '--data', ana],
    ]) {
      const ran = await caravan(...args);
      expect([args.join(' '), ran.code, ran.err]).toEqual([
        args.join(' '),
        1,
        expect.stringContaining('Nothing was changed'),
      ]);
    }
    await json('leave', '--erase', '--yes', '--data', bo);
    expect(await json('workspace', 'list', '--data', bo)).toEqual([]);
    await json('sync', '--wait', '--data', ana);
    const log = await json<{ sentence: string }[]>('log', '--data', ana);
    expect(log.at(-1)?.sentence).toMatch(/left the workspace\.$/);
    expect(log.map((one) => one.sentence)).toContain('Ana (you) took back an invite.');
  });

  it('[AH12] space unsent lists what waits in a space that was lost, saves it, and lets go of it', async () => {
    const data = await bench.folder();
    const host = await bench.start(data, { links: false });
    const log = new LogWriter();
    const owner = await log.create();
    const [space, other] = [await log.space(owner), await log.space(owner)];
    const spaces = [space, other].map((one) => ({ space: one, role: 'guest' as const }));
    const { device } = host.parts;
    await log.add(device, await log.joinBody(device, await log.invite(owner, 'guest', spaces)));
    const workspace = await log.workspace();
    // Nobody answers at that address: what was written is nowhere else.
    await host.parts.workspaces.enter([...log.records], { relay: 'ws://127.0.0.1:1', title: 'Perigee' });
    const page = { workspace, kind: 'page', parent: null } as const;
    const { id } = await host.call('doc.create', { ...page, space, title: 'Only mine' });
    await host.call('doc.create', { ...page, space: other, title: 'Elsewhere' });
    const { member } = host.parts.workspaces.get(workspace).about;
    await log.add(owner.key, { verb: 'space.revoke', space, member });
    await host.parts.workspaces.get(workspace).log.adopt([...log.records]);
    await bench.stop(host);

    const unsent = (...args: string[]) => caravan('space', 'unsent', space, ...args, '--data', data);
    expect((await unsent()).out).toBe(`${id}  Only mine\n`);
    const mine = await caravan('space', 'unsent', other, '--data', data);
    expect([mine.code, mine.out, mine.err]).toEqual([1, '', expect.stringContaining('goes out by itself')]);
    const status = await caravan('status', '--data', data);
    expect(status.out).toContain('Waiting to go out: 1 document\n  Elsewhere\n');
    expect(status.out).toContain('Kept here from spaces you lost: 1 document');
    const file = path.join(await bench.folder(), 'mine.zip');
    expect(await unsent('--save', file)).toMatchObject({ code: 0, out: `1 page in ${file}\n` });
    expect(Object.keys(unzipSync(readFileSync(file))).join()).toContain('Only mine.md');
    // A file that is there is not written over, and nothing is let go of then.
    const again = await unsent('--save', file, '--release');
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('cannot be written')]);
    expect(await json('space', 'unsent', space, '--release', '--data', data)).toEqual({ released: 1 });
  });

  it('[KY1] [KY4] [KY5] device key says where the key is, and makes a new one only where the old one cannot be opened', async () => {
    const data = await bench.folder();
    const key = (...args: string[]) => caravan('device', 'key', ...args, '--data', data);
    await json('init', '--name', 'Ana', '--workspace', 'Perigee', '--data', data);
    const file = path.join(data, 'device.json');
    expect((await key()).out).toContain('a file that only this account can read');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file, 'utf8');
    for (const args of [['--keep', 'keyring'], ['--new']]) {
      const ran = await key(...args);
      expect([args, ran.code, ran.err]).toEqual([args, 1, expect.stringContaining('Nothing was changed')]);
    }
    expect(readFileSync(file, 'utf8')).toBe(before);

    // The desktop app takes it into the keyring, which no command reaches.
    const app = await startOrRecover({
      dataFolder: data,
      version: '0.0.0-test',
      snapshots: false,
      vault: new VaultDouble(),
    });
    await app.close();
    expect(await json('device', 'key', '--data', data)).toMatchObject({
      kept: 'keyring',
      closed: expect.stringContaining('only the desktop app opens') as string,
    });
    expect(await json('device', 'key', '--new', '--data', data)).toEqual({ renewed: true });
    expect(await json('device', 'key', '--data', data)).toMatchObject({ kept: 'file', closed: null });
    expect(readdirSync(data).filter((name) => name.startsWith('device-before-'))).toHaveLength(1);
  });
});
