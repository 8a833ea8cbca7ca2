// Finding and fetching Electron's runtime, with stand-in installers as real child processes; nothing is downloaded.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronExecutable, tryFetchElectron } from './electron-runtime.js';

let base = '';
let folder = '';
beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'caravan-runtime-'));
  folder = path.join(base, 'electron');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ version: '45.4.1' }));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const installer = (code: string) => writeFileSync(path.join(folder, 'install.js'), code);
const options = (now = 1_000_000, patience = 20_000) => ({
  report: () => undefined,
  folder,
  memory: path.join(base, 'cache/electron-fetch.json'),
  now: () => now,
  patience,
  pace: 50,
});

describe("Electron's runtime", () => {
  it('counts as there only with its path file and its program', () => {
    expect(electronExecutable(folder)).toBeNull();
    writeFileSync(path.join(folder, 'path.txt'), 'electron');
    expect(electronExecutable(folder)).toBeNull();
    mkdirSync(path.join(folder, 'dist/electron'), { recursive: true });
    expect(electronExecutable(folder)).toBeNull();
    rmSync(path.join(folder, 'dist/electron'), { recursive: true });
    writeFileSync(path.join(folder, 'dist/electron'), '');
    expect(electronExecutable(folder)).toBe(path.join(folder, 'dist/electron'));
  });

  it('is fetched by the installer, and believed by its files', async () => {
    installer(`const fs = require('fs'); fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/dist/electron', 'x');
      fs.writeFileSync(__dirname + '/path.txt', 'electron');`);
    expect(await tryFetchElectron(options())).toEqual({
      kind: 'there',
      executable: path.join(folder, 'dist/electron'),
    });
    installer('process.exit(3)');
    expect((await tryFetchElectron(options())).kind).toBe('there');
  });

  it('an installer that ends well and installs nothing has failed; so has one that says why', async () => {
    installer('');
    expect((await tryFetchElectron(options())).kind).toBe('failed');
    rmSync(path.join(base, 'cache'), { recursive: true });
    installer('console.error("RequestError: getaddrinfo ENOTFOUND github.com"); process.exit(1)');
    expect(await tryFetchElectron(options())).toEqual({
      kind: 'failed',
      reason: 'RequestError: getaddrinfo ENOTFOUND github.com',
    });
  });

  it('is given up when nothing arrives, and the installer is ended', async () => {
    installer(
      `require('fs').writeFileSync(${JSON.stringify(path.join(base, 'pid'))}, String(process.pid)); setInterval(() => {}, 1000)`,
    );
    const outcome = await tryFetchElectron(options(1_000_000, 3_000));
    expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('Nothing arrived') });
    const pid = Number(readFileSync(path.join(base, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow();
  });

  it('is given the time it needs while bytes arrive', async () => {
    installer(`const fs = require('fs'); let n = 0; const file = require('os').tmpdir() + '/part';
      const timer = setInterval(() => { fs.appendFileSync(file, 'more'); if (++n < 12) return; clearInterval(timer);
        fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/dist/electron', 'x');
        fs.writeFileSync(__dirname + '/path.txt', 'electron'); }, 250)`);
    // Longer than its patience in all, and never for so long without a byte.
    expect((await tryFetchElectron(options(1_000_000, 2_000))).kind).toBe('there');
  });

  it('a failed try is remembered for a day, for that version', async () => {
    installer('process.exit(1)');
    expect((await tryFetchElectron(options())).kind).toBe('failed');
    installer(`require('fs').writeFileSync(${JSON.stringify(path.join(base, 'ran'))}, '')`);
    expect(await tryFetchElectron(options(1_000_000 + 3_600_000))).toMatchObject({
      kind: 'tried-before',
      at: 1_000_000,
    });
    expect(existsSync(path.join(base, 'ran'))).toBe(false);
    await tryFetchElectron(options(1_000_000 + 25 * 3_600_000));
    expect(existsSync(path.join(base, 'ran'))).toBe(true);
  });

  it('a copy without development packages says so', async () => {
    expect(await tryFetchElectron(options())).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('not installed'),
    });
  });
});
