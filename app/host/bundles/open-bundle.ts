// Opens a bundle's file: what is in front of it, the key, and its entries as often as they are read. It judges no writer and changes nothing.
import { open, type FileHandle } from 'node:fs/promises';
import type { DeviceKey } from '../../../shared/access/identity.ts';
import { fileError } from '../file-error.ts';
import { readEntries, type Entry } from './bundle-entries.ts';
import { PRELUDE, readHeader, readPrelude, type ReadHeader } from './bundle-header.ts';
import { BundleDigest } from './bundle-signature.ts';
import {
  damagedBundle,
  needsPassphrase,
  newerBundle,
  noBundle,
  otherRecipient,
  wrongPassphrase,
} from './bundle-words.ts';
import { openAsDevice, passphraseKey, unseal } from './seal-keys.ts';
import { payloadKey, readSealed } from './sealed-file.ts';

export interface SignedEntry {
  readonly entry: Entry;
  /** Bytes of the file up to here, about. */
  readonly at: number;
  /** What the bundle's signature is of, with all before this entry. */
  readonly digest: BundleDigest;
}

/** Its file stays open, so that what was looked at is what is taken; whoever opened it closes it. */
export class OpenBundle {
  readonly header: ReadHeader;
  readonly size: number;
  readonly #file: FileHandle;
  #key: Uint8Array | null = null;

  private constructor(file: FileHandle, header: ReadHeader, size: number) {
    this.#file = file;
    this.header = header;
    this.size = size;
  }

  /** Throws `bad-input`, `too-new`, `damaged`, or what the file system says. */
  static async open(path: string): Promise<OpenBundle> {
    const file = await open(path, 'r').catch((error: unknown) => {
      throw fileError(error, `${path} cannot be read.`);
    });
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw noBundle();
      const prelude = readPrelude(await bytesAt(file, 0, Math.min(PRELUDE, stat.size)));
      if (prelude.kind === 'none') throw noBundle();
      if (prelude.kind === 'newer') throw newerBundle();
      if (prelude.kind !== 'bundle' || PRELUDE + prelude.more > stat.size) throw damagedBundle();
      const header = readHeader(await bytesAt(file, 0, PRELUDE + prelude.more));
      if (!header) throw damagedBundle();
      return new OpenBundle(file, header, stat.size);
    } catch (error) {
      await file.close();
      throw fileError(error, `${path} cannot be read.`);
    }
  }

  /** Of its part in front: no two bundles have the same. */
  get id(): string {
    return Buffer.from(this.header.hash).toString('hex');
  }

  /** @param nameOf whose a device is, or ''. Throws `not-allowed` for another recipient, `bad-input` for a passphrase. */
  async unlock(device: DeviceKey, passphrase: string | null, nameOf: (device: string) => string): Promise<void> {
    const { opening, hash } = this.header;
    let fileKey: Uint8Array | null;
    if (opening.kind === 'passphrase') {
      if (passphrase === null) throw needsPassphrase();
      const { salt, cost, parallel, sealed } = opening;
      fileKey = unseal(await passphraseKey(passphrase, salt, cost, parallel), sealed);
      if (!fileKey) throw wrongPassphrase();
    } else {
      const mine = opening.devices.find((one) => one.device === device.id);
      if (!mine) {
        throw otherRecipient(
          [...new Set(opening.devices.map((one) => nameOf(one.device)))].filter((name) => name !== ''),
        );
      }
      fileKey = openAsDevice(device, opening.ephemeral, mine.sealed);
      if (!fileKey) throw damagedBundle();
    }
    this.#key = payloadKey(fileKey, hash);
  }

  /** From the first on, each time. Throws `damaged` at the first byte that is not as it was written. */
  async *entries(): AsyncGenerator<SignedEntry> {
    const key = this.#key;
    if (!key) throw new TypeError('The bundle is not unlocked.');
    const { hash, length, workspace } = this.header;
    const digest = new BundleDigest(hash);
    const sealed = readSealed(this.#file, key, length, this.size);
    let at = length;
    try {
      for await (const placed of readEntries(sealed, workspace)) {
        if (!placed) throw damagedBundle();
        at += placed.raw.length;
        yield { entry: placed.entry, at, digest };
        digest.add(placed.raw);
      }
    } catch (error) {
      // A stick that is pulled out is an error of the system.
      throw fileError(error, 'The bundle’s file cannot be read to its end.');
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, at + filled);
    if (bytesRead === 0) throw damagedBundle();
    filled += bytesRead;
  }
  return new Uint8Array(buffer);
}
