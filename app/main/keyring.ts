// The system's keyring through Electron's safeStorage, as the host asks for it. It keeps nothing and writes no file.
import type { SafeStorage } from 'electron';
import type { VaultAnswer, VaultAsk } from '../contract/host-messages.ts';

type Storage = Pick<
  SafeStorage,
  'isEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString'
>;

/** What people call them. With `basic_text` Electron encrypts with a password that stands in its source: that is none. */
const LINUX: Readonly<Record<string, string>> = {
  gnome_libsecret: 'the GNOME keyring',
  kwallet: 'KWallet',
  kwallet5: 'KWallet',
  kwallet6: 'KWallet',
};

/** Answers null where there is no keyring, or where it does not seal or open; main must be ready. */
export function keyringAnswers(storage: Storage, platform: NodeJS.Platform): (ask: VaultAsk) => VaultAnswer {
  const name = (): string | null => {
    if (!storage.isEncryptionAvailable()) return null;
    if (platform === 'darwin') return 'the Keychain';
    if (platform === 'win32') return 'the data protection of Windows';
    return LINUX[storage.getSelectedStorageBackend()] ?? null;
  };
  return (ask) => {
    try {
      const present = name();
      if (ask.what === 'name' || present === null) return present;
      return ask.what === 'seal'
        ? storage.encryptString(ask.text).toString('base64')
        : storage.decryptString(Buffer.from(ask.text, 'base64'));
    } catch {
      // A keyring that is locked, was refused, or has another key: the host says so in words.
      return null;
    }
  };
}
