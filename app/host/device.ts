// The device's key in device.json: made once, plain and readable by its owner alone, or sealed by the system's keyring (rules KY in docs/access.md).
import { readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/base/app-error.ts';
import { createDeviceKey, deviceId, publicJwk, readDeviceKey } from '../../shared/access/device-key.ts';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { parseJson, readText, writeText, type DataFolder } from './data-folder.ts';
import { fileError } from './file-error.ts';
import type { KeyVault } from './key-vault.ts';

export type KeyPlace = 'file' | 'keyring';

/** Rule KY2. The public half is in the clear: who this computer is can be said without a keyring. */
const sealedKey = z.strictObject({
  sealed: z.literal(1),
  id: z.string().max(64),
  publicKey: publicJwk,
  /** What the keyring was called. */
  keyring: z.string().max(100),
  bytes: z.base64().max(10_000),
});
type Sealed = z.output<typeof sealedKey>;

type Stored =
  | { readonly kind: 'none' }
  | { readonly kind: 'plain'; readonly key: DeviceKey }
  | { readonly kind: 'sealed'; readonly sealed: Sealed };

const BEFORE = /^device-before-([A-Za-z0-9_-]{43})\.json$/;

/** This computer's key as a running host has it. It is one identity for as long as the file is there. */
export class DeviceKeeper {
  readonly #folder: DataFolder;
  readonly #vault: KeyVault;
  /** Without its private half while `closed` says why. */
  readonly key: DeviceKey;
  /** Why the key cannot be opened, for people; null: it is open. */
  readonly closed: string | null;
  #keyring: string | null;

  private constructor(
    folder: DataFolder,
    vault: KeyVault,
    key: DeviceKey,
    place: Pick<DeviceKeeper, 'closed' | 'keyring'>,
  ) {
    this.#folder = folder;
    this.#vault = vault;
    this.key = key;
    this.closed = place.closed;
    this.#keyring = place.keyring;
  }

  /**
   * Opens the key of this data folder, or makes one. With `sealing` a plain one is sealed where there is a keyring (KY3), without it a
   * sealed one becomes plain. A file that cannot be read as a key is left as it is and thrown as `damaged`: it may be the only copy.
   */
  static async open(folder: DataFolder, vault: KeyVault, sealing: boolean): Promise<DeviceKeeper> {
    const stored = await readStored(folder);
    if (stored.kind === 'sealed') {
      const { id, publicKey, keyring } = stored.sealed;
      const opened = await unseal(vault, stored.sealed);
      if (!('key' in opened)) {
        return new DeviceKeeper(folder, vault, { id, publicKey, d: '' }, { closed: opened.why, keyring });
      }
      const open = new DeviceKeeper(folder, vault, opened.key, { closed: null, keyring });
      if (!sealing) await open.move('file');
      return open;
    }
    const key = stored.kind === 'plain' ? stored.key : await createDeviceKey();
    if (stored.kind === 'none') await writePlain(folder, key);
    const keeper = new DeviceKeeper(folder, vault, key, { closed: null, keyring: null });
    if (sealing) await keeper.#seal();
    return keeper;
  }

  get kept(): KeyPlace {
    return this.#keyring === null ? 'file' : 'keyring';
  }

  /** What the keyring is called that sealed it; null: it is a plain file. */
  get keyring(): string | null {
    return this.#keyring;
  }

  /** The keyring that could seal it, or null. */
  async offered(): Promise<string | null> {
    const name = await this.#vault.name();
    return name === null || name === 'out-of-reach' ? null : name.keyring;
  }

  /** Rule KY3: the same key, kept elsewhere from now on. Throws `unsupported` and then nothing was changed. */
  async move(to: KeyPlace): Promise<void> {
    if (to === this.kept) return;
    if (this.closed !== null) throw new AppError('not-allowed', `${this.closed} Nothing was changed.`);
    if (to === 'file') {
      await writePlain(this.#folder, this.key);
      this.#keyring = null;
      return;
    }
    if (!(await this.#seal())) {
      throw new AppError(
        'unsupported',
        'No keyring of the system can be reached from here. Nothing was changed: the key stays in a file that only your user can read. The desktop app reaches the keyring, where there is one.',
      );
    }
  }

  /** Rule KY5: a key that cannot be opened is set aside, never deleted, and a new one is made. The next start uses it. */
  async renew(): Promise<void> {
    if (this.closed === null) {
      throw new AppError('not-allowed', 'The key of this computer can be opened. Nothing was changed.');
    }
    const { root, deviceFile } = this.#folder;
    try {
      await rename(deviceFile, path.join(root, `device-before-${this.key.id}.json`));
    } catch (error) {
      throw fileError(error, `${deviceFile} cannot be set aside.`);
    }
    await writePlain(this.#folder, await createDeviceKey());
  }

  /** Whether it is sealed now. The plain file goes only after the keyring has shown that it gives the key back. */
  async #seal(): Promise<boolean> {
    const keyring = await this.offered();
    if (keyring === null) return false;
    const { id, publicKey } = this.key;
    const bytes = await this.#vault.seal(JSON.stringify(this.key));
    const sealed = sealedKey.safeParse({ sealed: 1, id, publicKey, keyring, bytes });
    if (!sealed.success || !('key' in (await unseal(this.#vault, sealed.data)))) return false;
    await writeText(this.#folder.deviceFile, `${JSON.stringify(sealed.data)}\n`);
    this.#keyring = keyring;
    return true;
  }
}

/** The id of this computer, which needs no keyring; makes a key where there is none. */
export async function deviceIdOf(folder: DataFolder): Promise<string> {
  const stored = await readStored(folder);
  if (stored.kind === 'plain') return stored.key.id;
  if (stored.kind === 'sealed') return stored.sealed.id;
  const key = await createDeviceKey();
  await writePlain(folder, key);
  return key.id;
}

/** The id of the device that this folder belongs to; null: nobody's. Unreadable counts as somebody's: ''. */
export async function presentDevice(folder: DataFolder): Promise<string | null> {
  const stored = await readStored(folder).catch(() => null);
  if (!stored) return '';
  return stored.kind === 'none' ? null : stored.kind === 'plain' ? stored.key.id : stored.sealed.id;
}

/** Ids that this computer had before its key was made anew. */
export async function formerDevices(folder: DataFolder): Promise<readonly string[]> {
  return (await readdir(folder.root)).flatMap((name) => BEFORE.exec(name)?.[1] ?? []);
}

async function writePlain(folder: DataFolder, key: DeviceKey): Promise<void> {
  await writeText(folder.deviceFile, `${JSON.stringify(key)}\n`);
}

async function readStored(folder: DataFolder): Promise<Stored> {
  const text = await readText(folder.deviceFile);
  if (text === null) return { kind: 'none' };
  const value = parseJson(text);
  const sealed = sealedKey.safeParse(value);
  if (sealed.success && (await deviceId(sealed.data.publicKey)) === sealed.data.id) {
    return { kind: 'sealed', sealed: sealed.data };
  }
  const key = await readDeviceKey(value);
  if (key) return { kind: 'plain', key };
  throw new AppError(
    'damaged',
    `${folder.deviceFile} is not this device's key any more. It was left as it is, and so were your documents. Restore that file from a backup.`,
  );
}

async function unseal(
  vault: KeyVault,
  sealed: Sealed,
): Promise<{ readonly key: DeviceKey } | { readonly why: string }> {
  const name = await vault.name();
  const kept = 'Everything on this computer is kept and can be read and exported; nothing is written or sent.';
  const anew =
    'Or go on with a new key, under "This computer" in the settings, and come back in with your recovery key or from another computer of yours.';
  if (name === 'out-of-reach') {
    return {
      why: `The key of this computer is in ${sealed.keyring}, which only the desktop app opens. ${kept} Open the app (caravan open --shell electron): while it runs, every command goes through it.`,
    };
  }
  if (name === null) {
    return {
      why: `The key of this computer is in ${sealed.keyring}, and there is no keyring here now. ${kept} Bring the keyring back and start Caravan again. ${anew}`,
    };
  }
  const text = await vault.open(sealed.bytes);
  const key = text === null ? null : await readDeviceKey(parseJson(text));
  if (key?.id === sealed.id) return { key };
  return {
    why: `The key of this computer is in ${sealed.keyring}, which does not open it: it is locked, was made anew, or is another computer's. ${kept} Unlock it and start Caravan again. ${anew}`,
  };
}
