// The relay's own key in relay-key.json: made once, readable by its owner alone. It signs the history that is recorded here.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDeviceKey, readDeviceKey } from '../shared/access/device-key.ts';
import type { DeviceKey } from '../shared/access/identity.ts';
import { AppError } from '../shared/base/app-error.ts';
import { writeFileAtomic } from '../shared/node/atomic-file.ts';
import { toStoreError } from '../shared/node/store-errors.ts';

/** A file that cannot be read as a key is left as it is: it may be the only copy. Throws `damaged`, `read-only` or `disk-full`. */
export async function loadOrCreateRelayKey(data: string): Promise<DeviceKey> {
  const file = join(data, 'relay-key.json');
  const text = await readOrNull(file);
  if (text === null) {
    const key = await createDeviceKey();
    try {
      await mkdir(data, { recursive: true });
      await writeFileAtomic(file, `${JSON.stringify(key)}\n`, 0o600);
    } catch (error) {
      throw toStoreError(error, data);
    }
    return key;
  }
  const key = await readDeviceKey(parse(text));
  if (key) return key;
  throw new AppError(
    'damaged',
    `${file} is not this relay's key any more. It was left as it is, and so were the documents. Restore that file from a backup, or move it away: history that is recorded from then on carries a new key.`,
  );
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw toStoreError(error, file);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
