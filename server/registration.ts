// The key with which a relay lets workspaces be attached: from the settings, or made once and kept beside the store.
import { timingSafeEqual } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRegistrationKey, randomRegistrationKey, registrationProof } from '../shared/access/registration.ts';
import { AppError } from '../shared/base/app-error.ts';
import { writeFileAtomic } from '../shared/node/atomic-file.ts';
import { toStoreError } from '../shared/node/store-errors.ts';
import type { RelaySettings } from './settings.ts';

const FILE = 'registration-key';

/** Who may attach a workspace. */
export type Registration =
  | { readonly kind: 'open' }
  /** `made`: just now, so nobody has seen it yet. */
  | { readonly kind: 'key'; readonly key: string; readonly made: boolean };

/** Throws `damaged` for a file that is no key: it is left as it is. Or `read-only`, `disk-full`. */
export async function loadOrMakeRegistration(
  settings: Pick<RelaySettings, 'data' | 'open' | 'registration' | 'registrationKey'>,
): Promise<Registration> {
  if (settings.open || settings.registration === 'open') return { kind: 'open' };
  if (settings.registrationKey !== undefined) return { kind: 'key', key: settings.registrationKey, made: false };
  const file = join(settings.data, FILE);
  const text = await readOrNull(file);
  if (text === null) {
    const key = randomRegistrationKey();
    try {
      await mkdir(settings.data, { recursive: true });
      await writeFileAtomic(file, `${key}\n`, 0o600);
    } catch (error) {
      throw toStoreError(error, settings.data);
    }
    return { kind: 'key', key, made: true };
  }
  const key = text.trim();
  if (isRegistrationKey(key)) return { kind: 'key', key, made: false };
  throw new AppError(
    'damaged',
    `${file} holds no registration key any more. It was left as it is, and so were the documents. Move it away, and a new key is made; workspaces that are attached stay attached.`,
  );
}

/** Whether who sent `proof` for this workspace and nonce knows the key. */
export async function provesRegistration(
  registration: Registration,
  workspace: string,
  nonce: string,
  proof: string | null,
): Promise<boolean> {
  if (registration.kind === 'open') return true;
  if (proof === null) return false;
  const expected = Buffer.from(await registrationProof(registration.key, workspace, nonce));
  const given = Buffer.from(proof);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw toStoreError(error, file);
  }
}
