// Which keyrings count, and that a keyring that fails is answered and not thrown.
import { expect, test } from 'vitest';
import { keyringAnswers } from './keyring.ts';

type Backend = ReturnType<Parameters<typeof keyringAnswers>[0]['getSelectedStorageBackend']>;

function storage(backend: Backend, available = true) {
  return {
    isEncryptionAvailable: () => available,
    getSelectedStorageBackend: () => backend,
    encryptString: (text: string) => Buffer.from(`sealed ${text}`),
    decryptString(bytes: Buffer) {
      if (!bytes.toString().startsWith('sealed ')) throw new Error('Error while decrypting the ciphertext');
      return bytes.toString().slice(7);
    },
  };
}

test.each([
  ['linux', 'gnome_libsecret', true, 'the GNOME keyring'],
  ['linux', 'kwallet6', true, 'KWallet'],
  ['linux', 'basic_text', true, null],
  ['linux', 'unknown', true, null],
  ['linux', 'gnome_libsecret', false, null],
  ['darwin', 'unknown', true, 'the Keychain'],
  ['win32', 'unknown', true, 'the data protection of Windows'],
  ['win32', 'unknown', false, null],
] as const)('[KY1] on %s with %s (available: %s) the keyring is %s', (platform, backend, available, expected) => {
  const ask = keyringAnswers(storage(backend, available), platform);
  expect(ask({ what: 'name' })).toBe(expected);
  if (expected === null) expect(ask({ what: 'seal', text: 'x' })).toBeNull();
});

test('[KY1] seals and opens; what it cannot open is null and no error', () => {
  const ask = keyringAnswers(storage('kwallet5'), 'linux');
  const sealed = ask({ what: 'seal', text: 'secret' })!;
  expect(ask({ what: 'open', text: sealed })).toBe('secret');
  expect(ask({ what: 'open', text: 'bm9uZQ==' })).toBeNull();
});
