// `caravan open` as a person starts it: what is opened, what is said and where, with stand-ins for the browsers on PATH.
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliEnvironment } from '../../app/cli/environment.ts';
import { runElectron } from '../../app/cli/run-electron.ts';
import { dataFolderAt } from '../../app/host/data-folder.ts';
import { serveHost } from '../../app/host/serve-host.ts';
import electron from '../../node_modules/electron/package.json' with { type: 'json' };
import { HostBench, until } from '../support/host.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SCREEN = { DISPLAY: ':77' };
const REASON = 'getaddrinfo ENOTFOUND github.com';

let bench: HostBench;
let programs: string;
let data: string;
let cache: string;
let started: Opening[];
beforeEach(async () => {
  bench = new HostBench();
  [programs, data, cache] = [await bench.folder(), await bench.folder(), await bench.folder()];
  started = [];
});
afterEach(async () => {
  for (const opening of started) opening.child.kill('SIGKILL');
  await Promise.all(started.map((opening) => opening.ended));
  await bench.dispose();
});

interface Opening {
  readonly child: ChildProcess;
  readonly said: { out: string; err: string };
  readonly ended: Promise<number | null>;
}

/** `caravan open` with no program on PATH but the stand-ins, and an Electron whose runtime is not there. */
function open(env: Record<string, string>, ...args: string[]): Opening {
  const child = spawn(process.execPath, [path.join(ROOT, 'build/bin/caravan.js'), 'open', '--data', data, ...args], {
    env: { PATH: programs, HOME: cache, XDG_CACHE_HOME: cache, ELECTRON_OVERRIDE_DIST_PATH: cache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
  const opening = { child, said, ended };
  started.push(opening);
  return opening;
}

/** Waits for a line on stderr, ends the program, and expects that it ended well. */
async function endAfter(opening: Opening, line: string): Promise<void> {
  await until(`it says "${line}"; so far: ${opening.said.err}`, () => opening.said.err.includes(line));
  opening.child.kill('SIGTERM');
  expect(await opening.ended).toBe(0);
}

/** A program that notes its arguments and ends with `code`. */
async function standIn(name: string, code = 0): Promise<() => Promise<string[]>> {
  const file = path.join(programs, name);
  await writeFile(file, `#!/bin/sh\nprintf '%s\\n' "$@" > '${file}.args'\nexit ${code}\n`);
  await chmod(file, 0o755);
  return async () => (await readFile(`${file}.args`, 'utf8')).trimEnd().split('\n');
}

/** A browser that fails has all the time for it: on a busy machine a shell may take longer than the program waits for one. */
const PATIENT = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(
    'const after = setTimeout; globalThis.setTimeout = (run, wait, ...rest) => after(run, wait === 1500 ? 60_000 : wait, ...rest);',
  )}`,
};

/** As after a try to fetch the runtime an hour ago; so that no test asks the network. */
async function rememberFailure(): Promise<void> {
  await mkdir(path.join(cache, 'caravan'));
  const memory = { version: electron.version, at: Date.now() - 3_600_000, reason: REASON };
  await writeFile(path.join(cache, 'caravan/electron-fetch.json'), JSON.stringify(memory));
}

describe.skipIf(process.platform !== 'linux')('[issue 2, item 5] caravan open', { timeout: 60_000 }, () => {
  it('opens a window of its own in Chromium, and prints nothing to stdout', async () => {
    const seen = await standIn('chromium');
    const opening = open({ ...SCREEN, ...PATIENT }, '--shell', 'browser');
    await endAfter(opening, 'Ctrl+C ends Caravan');
    expect((await seen())[0]).toMatch(/^--app=http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+$/);
    expect(opening.said.err).toContain('open in a window of its own');
    expect(opening.said.out).toBe('');
  });

  // DISPLAY may name a screen that is not there: Chromium was started, ended at once, and Caravan said that it was open.
  it('a Chromium that fails at once has opened nothing: the default browser is next, and else the address is printed', async () => {
    await standIn('chromium', 1);
    const seen = await standIn('xdg-open');
    const tab = open({ ...SCREEN, ...PATIENT }, '--shell', 'browser');
    await endAfter(tab, 'Ctrl+C ends Caravan');
    expect((await seen())[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=/);
    expect(tab.said.err).toContain('open in your default browser');

    await standIn('xdg-open', 3);
    const nothing = open({ ...SCREEN, ...PATIENT }, '--shell', 'browser');
    await endAfter(nothing, 'Ctrl+C ends Caravan');
    expect(nothing.said.err).toContain('No browser could be opened from here.');
    expect(nothing.said.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+\n$/);
  });

  it('without a screen it says so and prints the address; --json keeps stdout to its one line', async () => {
    const people = open({});
    await endAfter(people, 'Ctrl+C ends Caravan');
    expect(people.said.err).toContain('There is no screen here');
    expect(people.said.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+\n$/);

    const json = open({}, '--json');
    await until('the ready line', () => json.said.out.includes('\n'));
    json.child.kill('SIGTERM');
    expect(await json.ended).toBe(0);
    expect(JSON.parse(json.said.out)).toMatchObject({ event: 'ready', pid: json.child.pid });
  });

  it('[X7] an end that does not come to its own is ended after nine seconds, and says what is stored', async () => {
    // The file that says where the host is cannot be removed, ever; and nine seconds are not as long.
    const held = `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';
      const rm = fs.rm;
      fs.rm = (path, ...rest) => String(path).endsWith('host.json') ? new Promise(() => undefined) : rm(path, ...rest);
      syncBuiltinESMExports();
      const after = setTimeout; globalThis.setTimeout = (run, wait, ...rest) => after(run, wait === 9000 ? 300 : wait, ...rest);`;
    const opening = open(
      { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(held)}` },
      '--shell',
      'none',
      '--json',
    );
    await until('the ready line', () => opening.said.out.includes('\n'));
    opening.child.kill('SIGTERM');
    expect(await opening.ended).toBe(1);
    expect(opening.said.err).toContain('Ending took too long. What was shown as saved is stored.');
  });

  it("without Electron's runtime it says why, and opens the same app in a browser", async () => {
    await rememberFailure();
    const seen = await standIn('chromium');
    const opening = open(SCREEN, '--json');
    await until('a browser window', async () => (await seen().catch(() => [])).length > 0);
    opening.child.kill('SIGTERM');
    expect(await opening.ended).toBe(0);
    expect(opening.said.err).toContain(`Fetching it failed on`);
    expect(opening.said.err).toContain(REASON);
    expect(opening.said.err).toContain('opens in a browser window instead');
    expect(opening.said.out.split('\n')).toHaveLength(2);
    expect(JSON.parse(opening.said.out)).toMatchObject({ event: 'ready' });
  });

  it('--shell electron insists: it ends with 1 and a reason, and starts nothing else', async () => {
    await rememberFailure();
    const seen = await standIn('chromium');
    const missing = open(SCREEN, '--shell', 'electron');
    expect(await missing.ended).toBe(1);
    expect(missing.said.err).toContain(REASON);
    expect(missing.said.err).toContain('--shell browser');
    const dark = open({}, '--shell', 'electron');
    expect(await dark.ended).toBe(1);
    expect(dark.said.err).toContain('There is no screen here');
    expect([missing.said.out, dark.said.out]).toEqual(['', '']);
    await expect(seen()).rejects.toThrow('ENOENT');
  });

  it('[X10] joins what runs on the folder already, and says where that is', async () => {
    const seen = await standIn('chromium');
    const first = open({}, '--shell', 'none', '--json');
    await until('the ready line', () => first.said.out.includes('\n'));
    const second = open({ ...SCREEN, ...PATIENT });
    expect(await second.ended).toBe(0);
    expect(second.said.err).toContain(
      `runs on this folder already (process ${first.child.pid}), without windows of its own`,
    );
    expect((await seen())[0]).toContain(new URL((JSON.parse(first.said.out) as { url: string }).url).origin);
    const insisting = open(SCREEN, '--shell', 'electron');
    expect(await insisting.ended).toBe(1);
    expect(insisting.said.err).toContain('Electron would need the folder for itself');
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  });
});

describe('[issue 2, item 5] Electron as a child', () => {
  it('--json says when its host is ready, keeps its output off stdout, and hands SIGTERM on', async () => {
    const host = await bench.start(data);
    const served = await serveHost(host, { windows: path.join(ROOT, 'dist/renderer'), shell: 'electron' });
    const out: string[] = [];
    const stopping = new AbortController();
    const environment: CliEnvironment = {
      files: { root: ROOT, windows: ROOT, search: ROOT, electron: () => Promise.reject(new Error('not asked for')) },
      version: '0.0.0-test',
      platform: process.platform,
      home: cache,
      env: process.env,
      out: (line) => out.push(line),
      err: () => undefined,
      stop: stopping.signal,
    };
    const program = ['-e', 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000);'];
    const run = { executable: process.execPath, folder: dataFolderAt(data), json: true };
    const running = runElectron(environment, { ...run, arguments: program });
    await until('the ready line', () => out.length > 0);
    expect(JSON.parse(out[0]!)).toMatchObject({ event: 'ready', pid: process.pid });
    stopping.abort();
    await running;
    expect(out).toHaveLength(1);

    const failing = { ...environment, stop: new AbortController().signal };
    await expect(
      runElectron(failing, { ...run, json: false, arguments: ['-e', 'process.exit(7)'] }),
    ).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('code 7') });
    await served.close();
  });
});
