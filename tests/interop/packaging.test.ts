// Packs the desktop program with electron-builder onto a stub runtime, looks into the archive, and runs what was packed.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { extractAll, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { launchElectronDouble } from '../support/electron-double/launch.ts';
import { newDataFolder } from '../support/electron-double/data-folder.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const configuration = parse(readFileSync(path.join(ROOT, 'electron-builder.yml'), 'utf8')) as Record<string, unknown>;
const work = mkdtempSync(path.join(os.tmpdir(), 'caravan-packaging-'));
const unpacked = path.join(work, 'out/linux-unpacked');
const archive = path.join(unpacked, 'resources/app.asar');
const extracted = path.join(work, 'extracted');
let files: string[] = [];

/** A runtime that cannot run, with the files that electron-builder expects of Electron's. */
function makeStubRuntime(): string {
  const stub = path.join(work, 'stub');
  for (const folder of ['resources', 'locales']) mkdirSync(path.join(stub, folder), { recursive: true });
  writeFileSync(path.join(stub, 'electron'), '#!/bin/sh\n', { mode: 0o755 });
  for (const [file, text] of [
    ['version', '45.4.1'],
    ['LICENSE', 'of Electron'],
    ['LICENSES.chromium.html', 'of Chromium'],
  ] as const) {
    writeFileSync(path.join(stub, file), text);
  }
  return stub;
}

beforeAll(async () => {
  const { electronFuses: _fuses, ...rest } = configuration; // Fuses are flipped in Electron's real binary only.
  const config = { ...rest, electronDist: makeStubRuntime(), directories: { output: path.join(work, 'out') } };
  writeFileSync(path.join(work, 'config.json'), JSON.stringify(config));
  await promisify(execFile)(
    process.execPath,
    [
      'node_modules/electron-builder/cli.js',
      '--config',
      path.join(work, 'config.json'),
      '--linux',
      'dir',
      '--publish',
      'never',
    ],
    { cwd: ROOT, env: { ...process.env, CARAVAN_UPDATE_URL: 'https://none.invalid/' }, maxBuffer: 1 << 26 },
  );
  files = listPackage(archive, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
  extractAll(archive, extracted);
}, 120_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.skipIf(process.platform !== 'linux')('the packed program', () => {
  it('[issue 2, item 5] holds main, preload, host and windows, and no sources', () => {
    for (const file of [
      '/package.json',
      '/dist/electron/main.js',
      '/dist/electron/preload.cjs',
      '/dist/electron/host.js',
      '/dist/renderer/index.html',
    ]) {
      expect(files).toContain(file);
    }
    expect(files.filter((file) => /^\/(app|shared|server|tests|build|docs)\//.test(file))).toEqual([]);
    expect(files.filter((file) => file.startsWith('/node_modules/') && /\.([cm]?ts|map)$/.test(file))).toEqual([]);
    expect(readFileSync(path.join(unpacked, 'resources/app-update.yml'), 'utf8')).toContain('provider: generic');
  });

  it('[X17] has the licence and the notices in the package and in the windows', () => {
    expect(readFileSync(path.join(unpacked, 'LICENSE.txt'), 'utf8')).toContain('MIT License');
    const notices = readFileSync(path.join(unpacked, 'NOTICES.txt'), 'utf8');
    expect(readFileSync(path.join(extracted, 'dist/renderer/notices.txt'), 'utf8')).toBe(notices);
    // Every package that lies in the archive is named, with its licence, and so is what the windows have bundled in.
    const shipped = readdirSync(path.join(extracted, 'node_modules')).flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(path.join(extracted, 'node_modules', name)).map((part) => `${name}/${part}`)
        : [name],
    );
    for (const name of [...shipped, 'svelte', 'prosemirror-view']) {
      expect(notices, name).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')} \\d\\S* - \\S`, 'm'));
    }
  });

  it('holds the packages that are needed at run time, and none that only build', () => {
    for (const name of Object.keys(manifest.dependencies)) {
      expect(files, name).toContain(`/node_modules/${name}/package.json`);
    }
    for (const name of Object.keys(manifest.devDependencies)) {
      expect(files, name).not.toContain(`/node_modules/${name}/package.json`);
    }
  });

  it("unpacks this platform's native store, and brings no other's", () => {
    const native = files.filter((file) => file.endsWith('.node'));
    expect(native).toContain(`/node_modules/classic-level/prebuilds/linux-${process.arch}/classic-level.node`);
    expect(native.filter((file) => !file.includes(`linux-${process.arch}`))).toEqual([]);
    for (const file of native) expect(existsSync(path.join(`${archive}.unpacked`, file))).toBe(true);
  });

  it('sets every fuse that keeps others from using the program as a tool', () => {
    expect(configuration['electronFuses']).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true,
    });
  });

  it('runs from what was packed alone: main, preload and host, with the packed native store', async () => {
    const data = newDataFolder();
    const shell = launchElectronDouble(['--data', data.path], path.join(extracted, 'dist/electron/main.js'));
    try {
      await expect.poll(() => shell.ask<unknown[]>('windows'), { timeout: 20_000 }).toHaveLength(1);
      await expect.poll(() => shell.evaluate('window.caravanShell?.kind'), { timeout: 20_000 }).toBe('electron');
      await shell.evaluate(await data.pageScript());
      await shell.evaluate('testPage.connect()');
      expect(await shell.evaluate('testPage.call("hello", {})')).toMatchObject({ workspaces: [] });
      await shell.ask('quit');
      expect(await shell.exited).toBe(0);
    } finally {
      shell.kill();
      data.remove();
    }
  });
});
