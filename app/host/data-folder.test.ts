import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseDataFolder, dataFolderAt, prepareDataFolder, type DataFolder } from './data-folder.ts';
import { fileError } from './file-error.ts';
import { readHostFile } from './host-file.ts';
import { Settings } from './settings.ts';
import { readWorkspaces, removeUnfinished, writeAbout, writeLog } from './workspace-folder.ts';

let root: string;
let folder: DataFolder;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'caravan-folder-'));
  folder = dataFolderAt(path.join(root, 'data'));
  await prepareDataFolder(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('where the data folder is', () => {
  const from = (platform: NodeJS.Platform, env: Record<string, string> = {}) => ({ platform, env, home: '/home/ana' });

  it.each([
    ['/x', from('linux', { CARAVAN_DATA: '/y' }), '/x'],
    [undefined, from('linux', { CARAVAN_DATA: '/y' }), '/y'],
    [undefined, from('linux'), '/home/ana/.local/share/caravan'],
    [undefined, from('linux', { XDG_DATA_HOME: '/data' }), '/data/caravan'],
    [undefined, from('linux', { XDG_DATA_HOME: 'relative' }), '/home/ana/.local/share/caravan'],
    [undefined, from('darwin'), '/home/ana/Library/Application Support/Caravan'],
  ])('flag %s with %o is %s', (flag, environment, expected) => {
    expect(chooseDataFolder(flag, environment)).toBe(expected);
  });
});

describe('what lies in it', () => {
  it('is for its owner alone', async () => {
    expect((await stat(folder.root)).mode & 0o777).toBe(0o700);
  });

  it('settings are written at once and read again; what cannot be understood is said', async () => {
    const settings = await Settings.open(folder);
    await Promise.all([settings.setBrowserPort(4_711), settings.addSession('a'), settings.addSession('b')]);
    const again = await Settings.open(folder);
    expect([again.browserPort, again.hasSession('a'), again.hasSession('b'), again.hasSession('c')]).toEqual([
      4_711,
      true,
      true,
      false,
    ]);
    for (let at = 0; at < 30; at++) await again.addSession(`s${at}`);
    expect([again.hasSession('a'), again.hasSession('s29')]).toEqual([false, true]);
    await writeFile(folder.settingsFile, '{"browserPort": "soon"}');
    await expect(Settings.open(folder)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('a host.json that is cut, empty or something else counts as none', async () => {
    expect(await readHostFile(folder)).toBeNull();
    for (const text of ['', '{"pid":', '[]', '{"pid":-1,"port":1,"token":"x","shell":"none"}']) {
      await writeFile(folder.hostFile, text);
      expect(await readHostFile(folder)).toBeNull();
    }
  });

  it('[X9] a workspace that a crash left half made is cleared away; a finished one never is', async () => {
    const about = { member: 'm', relay: null, title: 'Perigee', addedAt: 1 };
    await writeLog(folder, 'half', ['a.b.c']);
    await writeLog(folder, 'whole', ['a.b.c']);
    await writeAbout(folder, 'whole', about);
    await removeUnfinished(folder, 'whole');
    expect(await readWorkspaces(folder)).toEqual([{ id: 'whole', about, records: ['a.b.c'] }]);
    expect(await readdir(folder.workspaces)).toEqual(['whole']);
    await mkdir(path.join(folder.workspaces, 'odd'));
    await writeFile(path.join(folder.workspaces, 'odd/workspace.json'), '{}');
    await expect(readWorkspaces(folder)).rejects.toMatchObject({ code: 'damaged' });
  });

  it.each([
    ['ENOSPC', 'disk-full'],
    ['EROFS', 'read-only'],
    ['EACCES', 'read-only'],
    ['ENOENT', 'not-found'],
    ['EIO', 'internal'],
  ])('[X10] what the system calls %s is told as %s', (code, expected) => {
    const error = fileError(Object.assign(new Error(code), { code }), 'It cannot be written.');
    expect(error).toMatchObject({ code: expected, message: expect.stringMatching(/^It cannot be written\. [A-Z]/) });
  });

  it('[X10] a path through a file says so', async () => {
    await writeFile(path.join(root, 'file'), '');
    await expect(prepareDataFolder(dataFolderAt(path.join(root, 'file/data')))).rejects.toMatchObject({
      code: 'bad-input',
    });
  });
});
