// The compiled main, preload and host on the test double of Electron: what a person's start, click, crash and quit lead to.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveHost } from '../../app/host/serve-host.ts';
import { damageTable } from '../support/damage.ts';
import { newDataFolder } from '../support/electron-double/data-folder.ts';
import { launchElectronDouble, type ElectronDouble } from '../support/electron-double/launch.ts';
import { HostBench } from '../support/host.ts';
import { bundleRelay, startRelayProcess } from '../support/relay-process.ts';

interface Document {
  url: string;
  status: number;
  headers: Record<string, string>;
  body: string;
}
interface SeenWindow {
  options: { webPreferences: Record<string, unknown>; width: number; height: number };
  document: Document;
}
interface Asked {
  kind: string;
  detail: unknown;
}

let script = '';
let data = newDataFolder();
let started: ElectronDouble[] = [];
beforeAll(async () => {
  script = await data.pageScript();
  data.remove();
});
beforeEach(() => {
  data = newDataFolder();
});
afterEach(async () => {
  for (const shell of started) shell.kill();
  await Promise.all(started.map((shell) => shell.exited));
  started = [];
  data.remove();
});

const PATIENCE = { timeout: 20_000 };
const LINK = 'caravan://join#v=1&relay=ws%3A%2F%2F127.0.0.1%3A4680&workspace=abc&title=T';

function start(...args: string[]): ElectronDouble {
  const shell = launchElectronDouble(['--data', data.path, ...args]);
  started.push(shell);
  return shell;
}

/** Starts, waits for the window, and runs the test's script in its page. */
async function open(...args: string[]): Promise<ElectronDouble> {
  const shell = start(...args);
  await expect.poll(() => shell.evaluate('window.caravanShell?.kind').catch(() => null), PATIENCE).toBe('electron');
  await shell.evaluate(script);
  return shell;
}

/** A workspace with one page; gives the page's room. */
async function makePage(shell: ElectronDouble): Promise<string> {
  await shell.evaluate('testPage.connect()');
  const workspace = await shell.evaluate<{ id: string }>(
    'testPage.call("workspace.create", { title: "T", name: "Ana" })',
  );
  const spaces = await shell.evaluate<{ id: string }[]>(
    `testPage.call("space.list", { workspace: "${workspace.id}" })`,
  );
  const page = await shell.evaluate<{ room: string }>(
    `testPage.call("doc.create", ${JSON.stringify({ workspace: workspace.id, space: spaces[0]!.id, kind: 'page', title: 'P', parent: null })})`,
  );
  return page.room;
}

describe('the Electron shell, on the double', () => {
  it('[issue 2, item 5] opens its window with the secure settings and the page from app://, under the strict policy', async () => {
    const shell = await open();
    const [window] = await shell.ask<SeenWindow[]>('windows');
    expect(window!.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(window!.document.url).toBe('app://caravan/index.html');
    expect(window!.document.body).toContain('<title>Caravan</title>');
    expect(window!.document.headers['content-security-policy']).toContain("script-src 'self'");
    expect(await shell.ask('schemes')).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    for (const url of [
      'app://caravan/../electron/main.js',
      'app://caravan/..%2felectron/main.js',
      'app://other/index.html',
    ]) {
      expect((await shell.ask<Document>('fetch', { url })).status).toBe(404);
    }
  });

  it('[issue 2, item 5] exposes facts alone to the page, and gives no other page a port', async () => {
    const shell = await open();
    expect(await shell.evaluate('Object.entries(window.caravanShell).map(([k, v]) => k + ":" + typeof v)')).toEqual([
      'kind:string',
      'platform:string',
      'version:string',
    ]);
    expect(await shell.evaluate('typeof require + typeof process')).toBe('undefinedundefined');
    await shell.evaluate('testPage.connect()');
    await shell.evaluate('globalThis.got = 0; window.addEventListener("message", () => { globalThis.got += 1; });');
    for (const from of [
      { url: 'https://example.org/', inFrame: false },
      { url: 'app://caravan/index.html', inFrame: true },
      { url: 'app://caravan.example/', inFrame: false },
    ]) {
      await shell.ask('ipcFrom', { channel: 'caravan:ask-port', ...from });
    }
    // A port that was asked for properly comes after whatever the others would have got.
    await shell.evaluate('testPage.connect()');
    expect(await shell.evaluate('globalThis.got')).toBe(2); // The page's own question, and its one answer.
  });

  it('[issue 2, item 5] denies navigation, new windows and permissions; links go to the system after a question', async () => {
    const shell = await open();
    expect(await shell.ask('navigate', { url: 'https://example.org/' })).toBe(false);
    expect(await shell.ask('navigate', { url: 'file:///etc/passwd' })).toBe(false);
    expect(await shell.ask('navigate', { url: 'https://example.org/', event: 'will-redirect' })).toBe(false);
    expect(await shell.ask('openWindow', { url: 'mailto:a@example.org' })).toBe('deny');
    expect(await shell.ask('openWindow', { url: 'javascript:alert(1)' })).toBe('deny');
    await expect
      .poll(async () => (await shell.ask<Asked[]>('asked')).filter(({ kind }) => kind === 'open-external'), PATIENCE)
      .toEqual([
        { kind: 'open-external', detail: 'https://example.org/' },
        { kind: 'open-external', detail: 'mailto:a@example.org' },
      ]);
    await shell.ask('answer', { response: 1 });
    await shell.ask('openWindow', { url: 'https://not-this.example/' });
    await expect.poll(async () => (await shell.ask<Asked[]>('asked')).length, PATIENCE).toBe(5);
    for (const name of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'hid']) {
      expect(await shell.ask('permission', { name })).toEqual({ asked: false, checked: false, device: false });
    }
    expect(await shell.ask('permission', { name: 'clipboard-sanitized-write' })).toMatchObject({
      asked: true,
      checked: true,
    });
  });

  it('[X7] brokers a port to the real host: calls, a room with the stock provider, and quitting keeps every word', async () => {
    const shell = await open();
    const room = await makePage(shell);
    await shell.evaluate(`testPage.openRoom("${room}")`);
    await shell.evaluate(`testPage.type("${room}", "typed right before quitting")`);
    await shell.ask('quit');
    expect(await shell.exited).toBe(0);
    expect(shell.log).not.toContain('flush-not-confirmed');

    const again = await open();
    await again.evaluate('testPage.connect()');
    await again.evaluate(`testPage.openRoom("${room}")`);
    expect(await again.evaluate(`testPage.text("${room}")`)).toBe('typed right before quitting');
  });

  it('[issue 2, item 5] starts a crashed host again; the window hears of it and gets a port to the new one', async () => {
    const shell = await open();
    const room = await makePage(shell);
    await shell.ask('crashHost');
    await expect.poll(() => shell.evaluate('testPage.events()'), PATIENCE).toContainEqual({ event: 'host-gone' });
    expect(shell.log).toContain('host-crashed');
    await shell.evaluate('testPage.connect()');
    await shell.evaluate(`testPage.openRoom("${room}")`);
    expect(await shell.ask('hosts')).toBe(1);
  });

  it('[issue 2, item 5] a second start shows the running window and hands over its link', async () => {
    const shell = await open();
    const second = start(LINK);
    expect(await second.exited).toBe(0);
    await expect
      .poll(() => shell.evaluate('testPage.events()'), PATIENCE)
      .toContainEqual({ event: 'join-link', link: LINK });
    expect(await shell.ask('hosts')).toBe(1);
  });

  it('a link that started the program waits for its page; one that is none of ours is dropped', async () => {
    const shell = await open(LINK);
    expect(await shell.evaluate('testPage.events()')).toEqual([]);
    await shell.evaluate('testPage.ready()');
    await expect
      .poll(() => shell.evaluate('testPage.events()'), PATIENCE)
      .toEqual([{ event: 'join-link', link: LINK }]);
    await shell.ask('openUrl', { url: 'caravan://evil#v=1' });
    await shell.ask('clickMenu', { label: 'New Page' });
    await expect
      .poll(() => shell.evaluate('testPage.events()'), PATIENCE)
      .toEqual([
        { event: 'join-link', link: LINK },
        { event: 'command', command: 'new-page' },
      ]);
  });

  it('[X8] quitting with changes that are nowhere else says how many: who stays keeps the window, who quits finds them again', async () => {
    const bundle = await bundleRelay();
    try {
      const relay = await startRelayProcess(bundle, [
        'serve',
        '--data',
        path.join(data.path, 'relay'),
        '--port',
        '0',
        '--open',
      ]);
      const shell = await open();
      const room = await makePage(shell);
      const [workspace = ''] = room.split('/');
      const call = (name: string, params: object): Promise<unknown> =>
        shell.evaluate(`testPage.call("${name}", ${JSON.stringify({ workspace, ...params })})`);
      await call('relay.attach', { url: relay.url });
      await expect
        .poll(() => call('workspace.truths', {}), PATIENCE)
        .toMatchObject({ outbox: [], outboxIsComplete: true });
      await relay.end('SIGTERM');
      await call('doc.rename', { document: room.split('/')[2], title: 'Written offline' });
      await expect.poll(() => call('workspace.truths', {}), PATIENCE).toMatchObject({ link: { state: 'offline' } });
      // Offline nothing gets in step: it answers at its limit, and the host has told by then what waits.
      expect(await call('sync.wait', { timeout: 500 })).toMatchObject({ done: false, truths: { outbox: [{}] } });
      await shell.ask('answer', { response: 0 });
      await shell.ask('quit');
      const boxes = async (): Promise<Asked[]> =>
        (await shell.ask<Asked[]>('asked')).filter(({ kind }) => kind === 'message-box');
      await expect.poll(boxes, PATIENCE).toEqual([
        {
          kind: 'message-box',
          detail: {
            message: 'Quit with 1 change only here?',
            detail: 'It leaves when you open Caravan with a connection. Everything is stored on this computer.',
            buttons: ['Stay', 'Quit'],
          },
        },
      ]);
      expect(await call('doc.list', {})).toHaveLength(1);
      // The last window is closed: the same question, and a window again for who stays.
      if (process.platform !== 'darwin') {
        await shell.ask('closeWindow');
        await expect.poll(async () => (await boxes()).length, PATIENCE).toBe(2);
        await expect.poll(() => shell.ask('focusedCount'), PATIENCE).toBe(1);
      }
      await shell.ask('answer', { response: 1 });
      await shell.ask('quit');
      expect(await shell.exited).toBe(0);
    } finally {
      bundle.dispose();
    }
  });

  it('comes back where the window was', async () => {
    const shell = await open();
    await shell.ask('moveWindow', { bounds: { x: 100, y: 80, width: 900, height: 640 } });
    await shell.ask('closeWindow'); // The last window: the program ends by itself.
    if (process.platform === 'darwin') await shell.ask('quit');
    expect(await shell.exited).toBe(0);
    const again = await open();
    const [window] = await again.ask<SeenWindow[]>('windows');
    expect(window!.options).toMatchObject({ x: 100, y: 80, width: 900, height: 640 });
  });

  it('[X10] a data folder of a newer version is left alone: the reason is said, and the program ends', async () => {
    mkdirSync(data.path, { recursive: true });
    const file = path.join(data.path, 'format.json');
    writeFileSync(file, JSON.stringify({ program: 'caravan', format: 99 }));
    const shell = start();
    expect(await shell.exited).toBe(1);
    expect(shell.log).toContain('"host-failed"');
    expect(shell.log).toContain('too-new');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ program: 'caravan', format: 99 });
  });

  it('[RV1] [RV2] [X10] a damaged store opens in recovery, and after a repair the same host serves its documents', async () => {
    const bench = new HostBench();
    const host = await bench.start(data.path);
    const { id: workspace } = await host.call('workspace.create', { title: 'T', name: 'Ana' });
    const [space] = await host.call('space.list', { workspace });
    for (let at = 0; at < 20; at += 1) {
      const title = `Page ${at}`;
      await host.call('doc.create', { workspace, space: space!.id, kind: 'page', title, parent: null });
    }
    await bench.stop(host);
    await bench.stop(await bench.start(data.path, { links: false }));
    damageTable(path.join(data.path, 'store'));
    const shell = await open();
    await shell.evaluate('testPage.connect()');
    const hello = await shell.evaluate<{ recovery: { store: string } | null }>('testPage.call("hello", {})');
    expect(hello.recovery).toMatchObject({ store: path.join(data.path, 'store') });
    await shell.evaluate('testPage.call("recovery.repair", {})');
    const after = await shell.evaluate<{ recovery: null; workspaces: unknown[] }>('testPage.call("hello", {})');
    expect(after).toMatchObject({ recovery: null, workspaces: [{ id: workspace }] });
    await shell.ask('quit');
    expect(await shell.exited).toBe(0);
    await bench.dispose();
  });

  it('[KY1] to [KY5] the key goes into the keyring; without it a command reads and says where to write; the app gets a new one', async () => {
    const keyring = path.join(data.path, '..', `${path.basename(data.path)}.keyring`);
    writeFileSync(keyring, 'a secret of the session');
    const deviceFile = path.join(data.path, 'device.json');
    const open = async (): Promise<ElectronDouble> => {
      const shell = launchElectronDouble(['--data', data.path], undefined, keyring);
      started.push(shell);
      await expect.poll(() => shell.evaluate('window.caravanShell?.kind').catch(() => null), PATIENCE).toBe('electron');
      await shell.evaluate(script);
      await shell.evaluate('testPage.connect()');
      return shell;
    };
    const where = (shell: ElectronDouble) => shell.evaluate('testPage.call("keys.where", {})');
    const quit = async (shell: ElectronDouble): Promise<void> => {
      await shell.ask('quit');
      expect(await shell.exited).toBe(0);
    };
    const bench = new HostBench();
    try {
      // A folder of before, with a plain key, as the command line makes it.
      const plain = await bench.start(data.path, { links: false });
      const { id: workspace } = await plain.call('workspace.create', { title: 'T', name: 'Ana' });
      const { d } = plain.parts.device;
      await bench.stop(plain);
      const shell = await open();
      expect(await where(shell)).toEqual({ kept: 'keyring', keyring: 'the GNOME keyring', closed: null });
      await quit(shell);
      expect(readFileSync(deviceFile, 'utf8')).not.toContain(d);

      const command = await bench.start(data.path, { links: false });
      expect((await command.call('hello', {})).workspaces).toMatchObject([{ id: workspace, mine: 'keyless' }]);
      await expect(command.call('space.create', { workspace, name: 'No' })).rejects.toThrow(
        'only the desktop app opens',
      );
      await bench.stop(command);

      writeFileSync(keyring, 'a keyring that was made anew');
      const later = await open();
      expect(await where(later)).toMatchObject({ closed: expect.stringContaining('does not open it') as string });
      await later.evaluate('testPage.call("keys.renew", {})');
      expect(await where(later)).toEqual({ kept: 'keyring', keyring: 'the GNOME keyring', closed: null });
      await quit(later);
    } finally {
      rmSync(keyring, { force: true });
      await bench.dispose();
    }
  });

  it('[X10] a folder that another host serves is left to it: the person is told where, and may open a window there', async () => {
    const bench = new HostBench();
    const host = await bench.start(data.path);
    const served = await serveHost(host, { windows: 'dist/renderer', shell: 'browser' });
    try {
      const shell = start();
      await expect.poll(() => shell.log, PATIENCE).toContain('host-elsewhere');
      expect(await shell.exited).toBe(0);
      expect(shell.log).toContain(`process ${process.pid}), in a browser`);
      expect(shell.log).not.toContain('token=');
      expect(shell.log).not.toContain('host-failed');
      // The other host was not disturbed.
      expect((await host.call('hello', {})).workspaces).toEqual([]);
    } finally {
      await served.close();
      await bench.dispose();
    }
  });
});
