// The device's key in device.json: made once, readable by its owner alone, never replaced.
import { AppError } from '../../shared/base/app-error.ts';
import { createDeviceKey, readDeviceKey } from '../../shared/access/device-key.ts';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { parseJson, readText, writeText, type DataFolder } from './data-folder.ts';

/** The key of this data folder. A file that cannot be read as a key is left as it is: it may be the only copy. */
export async function loadOrCreateDevice(folder: DataFolder): Promise<DeviceKey> {
  const text = await readText(folder.deviceFile);
  if (text === null) {
    const key = await createDeviceKey();
    await writeText(folder.deviceFile, `${JSON.stringify(key)}\n`);
    return key;
  }
  const key = await readDeviceKey(parseJson(text));
  if (!key) {
    throw new AppError(
      'damaged',
      `${folder.deviceFile} is not this device's key any more. It was left as it is, and so were your documents. Restore that file from a backup.`,
    );
  }
  return key;
}
