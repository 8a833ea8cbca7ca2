// The key of a computer at rest: plain or sealed, taken over without a new identity, never lost with a keyring. Rules KY.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VaultDouble } from '../../tests/support/vault-double.ts';
import { dataFolderAt, prepareDataFolder, type DataFolder } from './data-folder.ts';
import { DeviceKeeper, deviceIdOf, formerDevices } from './device.ts';
import { NO_VAULT } from './key-vault.ts';

let root: string;
let folder: DataFolder;
let vault: VaultDouble;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'caravan-key-'));
  folder = dataFolderAt(path.join(root, 'data'));
  vault = new VaultDouble();
  await prepareDataFolder(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const text = (): Promise<string> => readFile(folder.deviceFile, 'utf8');
const open = (by: VaultDouble | typeof NO_VAULT = vault, sealing = true) => DeviceKeeper.open(folder, by, sealing);

describe('the key of this computer', () => {
  it('[KY1] is a file of its owner alone where no keyring can be asked, made once', async () => {
    const made = await open(NO_VAULT);
    expect((await stat(folder.deviceFile)).mode & 0o777).toBe(0o600);
    expect([made.kept, made.keyring, made.closed]).toEqual(['file', null, null]);
    expect((await open(NO_VAULT)).key).toEqual(made.key);
    vault.present = null;
    expect((await open()).kept).toBe('file');
    expect(JSON.parse(await text())).toEqual(made.key);
  });

  it('[KY2] [KY3] a plain one is taken over into the keyring as the same identity, and its private half stands in no file', async () => {
    const { key } = await open(NO_VAULT);
    const sealed = await open();
    expect([sealed.kept, sealed.keyring, sealed.closed]).toEqual(['keyring', 'the GNOME keyring', null]);
    expect(sealed.key).toEqual(key);
    for (const name of await readdir(folder.root)) {
      expect(await readFile(path.join(folder.root, name), 'utf8')).not.toContain(key.d);
    }
    expect((await stat(folder.deviceFile)).mode & 0o777).toBe(0o600);
    expect((await open()).key).toEqual(key);
    expect(await deviceIdOf(folder)).toBe(key.id);
  });

  it('[KY3] moves back into a file by choice, and stays there; a keyring that does not give back what it took gets nothing', async () => {
    const keeper = await open();
    const { key } = keeper;
    await keeper.move('file');
    expect(JSON.parse(await text())).toEqual(key);
    expect((await open(vault, false)).kept).toBe('file');
    await (await open(vault, false)).move('keyring');
    expect(await text()).not.toContain(key.d);
    expect((await open(vault, false)).kept).toBe('file');
    expect(JSON.parse(await text())).toEqual(key);
    vault.open = async () => null;
    expect((await open()).kept).toBe('file');
    expect(JSON.parse(await text())).toEqual(key);
    await expect((await open(NO_VAULT)).move('keyring')).rejects.toMatchObject({ code: 'unsupported' });
  });

  it.each([
    ['out of reach', 'which only the desktop app opens'],
    ['gone', 'there is no keyring here now'],
    ['another one', 'does not open it'],
  ])('[KY4] [X10] a keyring that is %s leaves the file as it is, and says so', async (how, words) => {
    const { key } = await open();
    const before = await text();
    if (how === 'gone') vault.present = null;
    vault.number = how === 'another one' ? 2 : 1;
    const closed = await open(how === 'out of reach' ? NO_VAULT : vault);
    expect(closed.closed).toContain(words);
    expect(closed.closed).toContain('can be read and exported');
    expect(closed.key).toEqual({ ...key, d: '' });
    await expect(closed.move('file')).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await text()).toBe(before);
    [vault.present, vault.number] = ['the GNOME keyring', 1];
    expect((await open()).key).toEqual(key);
  });

  it('[KY5] a new key sets the old one aside, which is never deleted; one that opens is not replaced', async () => {
    const first = await open();
    await expect(first.renew()).rejects.toMatchObject({ code: 'not-allowed' });
    const before = await text();
    vault.number = 2;
    await (await open()).renew();
    const next = await open();
    expect(next.key.id).not.toBe(first.key.id);
    expect(next.closed).toBeNull();
    expect(await formerDevices(folder)).toEqual([first.key.id]);
    expect(await readFile(path.join(folder.root, `device-before-${first.key.id}.json`), 'utf8')).toBe(before);
  });

  it('[KY2] [X10] a key that cannot be read is left as it is, and said', async () => {
    const { key } = await open(NO_VAULT);
    const sealed = { sealed: 1, id: 'other', publicKey: key.publicKey, keyring: 'x', bytes: 'eA==' };
    for (const content of ['', 'not json', '{}', JSON.stringify({ ...key, id: 'other' }), JSON.stringify(sealed)]) {
      await writeFile(folder.deviceFile, content);
      await expect(open()).rejects.toMatchObject({ code: 'damaged' });
      expect(await text()).toBe(content);
    }
  });
});
